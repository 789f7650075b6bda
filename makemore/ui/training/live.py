"""The stored moments of a job that runs or ran. Knows no widget and no chart."""

import streamlit as st

from makemore.jobs import Handle
from makemore.training import log_spaced
from makemore.ui.moments import Moments, recorded

MOMENTS = 50
KEPT = "training_moments"


def planned(steps: int) -> list[int]:
    """The steps that a job looks inside at: known from the start, so that the slider never grows."""
    return sorted(log_spaced(steps, MOMENTS))


def moments_of(handle: Handle) -> Moments:
    """What the job has stored so far; worked out anew only when there is more of it."""
    steps = tuple(handle.moments())
    kept: tuple[str, Moments] | None = st.session_state.get(KEPT)
    if kept and kept[0] == handle.id and kept[1].steps == steps:
        return kept[1]
    moments = recorded(handle.trajectory())
    st.session_state[KEPT] = (handle.id, moments)
    return moments


def forget() -> None:
    """After a reset the same steps may look different."""
    st.session_state.pop(KEPT, None)
