"""Counting as a training of one pass, on the course's names alone. Knows one shipped model, no chart."""

import streamlit as st

from makemore.ui.kit.own_list import Subject
from makemore.ui.kit.page_frame import Stage
from makemore.ui.training_panel import train_shipped


def count_live(about: Subject, name: str, stage: Stage) -> None:
    """The training panel; it counts the course's names, whichever list the other steps are about."""
    if about.own:
        with stage.controls:
            st.caption("This step counts the course's names; steps 1 to 6 are about your list.")
    train_shipped("bigram", stage, recipe="lecture", key="train_bigram")
