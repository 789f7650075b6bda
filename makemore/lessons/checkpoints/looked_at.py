"""The checkpoint that the page looks at, the same on all its steps. Knows no step."""

import streamlit as st

from makemore.checkpoints.store import Checkpoint
from makemore.ui.kit import examined
from makemore.ui.kit.choose_checkpoint import Fits, choose_checkpoint
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.reachable import label_of

KEY, FIRST = "looked_at", "wavenet"


def fits_all(checkpoint: Checkpoint) -> str:
    """Every checkpoint can be looked into."""
    return ""


def choose_looked_at(
    about: ChosenList, fits: Fits = fits_all, *, label: str = "Checkpoint"
) -> Checkpoint:
    """The box in which it is chosen, among those that were trained on an own list too, and the one that is."""
    return choose_checkpoint(
        fits, label=label, key=KEY, first=FIRST, beside=about, in_link="checkpoint"
    )


def reads_a_list(about: ChosenList) -> Fits:
    """Fits one that can be looked at on the chosen list or on the course's."""
    return lambda net: "" if examined.list_for(about, net) else examined.tell_lacking(about, net)


def label_looked_at() -> str:
    """How it is called."""
    return label_of(st.session_state.get(KEY, FIRST))


def take(key: str) -> None:
    """Look at this one; for callbacks."""
    st.session_state[KEY] = key
