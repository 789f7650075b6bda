"""Asks for what is worked out beside the page, which looks again until it is there. Knows no page."""

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import TypeVar

import streamlit as st

from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.sources import beside

T = TypeVar("T")

AGAIN = 0.6  # seconds
WAITS = "waits_beside"  # in the session


def ask_beside(about: ChosenList, key: Hashable, make: Callable[[], T]) -> T | None:
    """What `make` gives for this list and key, None until it is there; worked out once for each list."""
    return beside.take(begin_beside(about, key, make))


def begin_beside(about: ChosenList, key: Hashable, make: Callable[[], T]) -> "Future[T]":
    """Have it worked out, if nobody has asked before."""
    return about.kept(("beside", key), lambda: beside.begin(make))


def prepare_beside(about: ChosenList, key: Hashable, make: Callable[[], T]) -> "Future[T]":
    """The same before anybody asks: what somebody asks for does not wait for it."""
    return about.kept(("beside", key), lambda: beside.prepare(make))


def pace() -> float | None:
    """How often the step's body looks again; for `Step(pace=...)`."""
    return AGAIN if st.session_state.get(WAITS) else None


def look_again(waits: bool) -> None:
    """Call at the end of a body: begins or ends the looking, where something is still to come or has."""
    if st.session_state.get(WAITS, False) != waits:
        st.session_state[WAITS] = waits
        st.rerun()
