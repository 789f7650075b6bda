"""Counting as a training of one pass. Knows one shipped model, no chart."""

from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.page_frame import Stage
from makemore.ui.training_panel import train_shipped


def count_live(about: ChosenList, name: str, stage: Stage) -> None:
    """The training panel of the counting model."""
    train_shipped("bigram", about, stage, recipe="lecture", key="train_bigram")
