"""The checkpoint that the page looks at, the same on all its steps. Knows no step."""

import streamlit as st

from makemore.checkpoints.store import Checkpoint
from makemore.ui.kit.choose_checkpoint import Fits, choose_checkpoint, label_of
from makemore.ui.kit.chosen_list import ChosenList

KEY, FIRST = "looked_at", "wavenet"


def fits_all(checkpoint: Checkpoint) -> str:
    """Every checkpoint can be looked into."""
    return ""


def choose_looked_at(
    fits: Fits = fits_all, *, about: ChosenList | None = None, label: str = "Checkpoint"
) -> Checkpoint:
    """The box in which it is chosen, and the one that is; with `about` what that list has in its place."""
    return choose_checkpoint(
        fits, label=label, key=KEY, first=FIRST, about=about, in_link="checkpoint"
    )


def label_looked_at() -> str:
    """How it is called."""
    return label_of(st.session_state.get(KEY, FIRST))


def take(key: str) -> None:
    """Look at this one; for callbacks."""
    st.session_state[KEY] = key
