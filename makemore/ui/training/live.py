"""The stored moments of a job that runs or ran, and of its start. Knows no widget and no chart."""

from functools import lru_cache

import streamlit as st
from torch import Generator

from makemore.jobs import Handle, Spec
from makemore.models import build
from makemore.training import log_spaced, probe
from makemore.trajectory import Recorder, picture
from makemore.ui import load
from makemore.ui.moments import Moments, recorded

MOMENTS = 50
KEPT = "training_moments"


def planned(steps: int) -> list[int]:
    """The steps that a job looks inside at: known from the start, so that the slider never grows."""
    return sorted(log_spaced(steps, MOMENTS))


@lru_cache(maxsize=32)
def fresh(spec: Spec) -> Moments:
    """Step 0 alone, which is known without a job: the weights are those of the seed."""
    dataset, generator = load.dataset(), Generator().manual_seed(spec.seed)
    model = build(spec.model, len(dataset.vocabulary), generator, dict(spec.settings))
    seen = picture(probe(model, dataset, step=0).snapshot)
    return recorded(Recorder(probed=[(0, seen)]).trajectory())


def moments_of(handle: Handle) -> Moments:
    """What the job has stored so far; worked out anew only when there is more of it."""
    steps = tuple(handle.moments())
    if not steps:  # as one that waits in the queue
        return fresh(handle.spec)
    kept: tuple[str, Moments] | None = st.session_state.get(KEPT)
    if kept and kept[0] == handle.id and kept[1].steps == steps:
        return kept[1]
    moments = recorded(handle.trajectory())
    st.session_state[KEPT] = (handle.id, moments)
    return moments


def forget() -> None:
    """After a reset the same steps may look different."""
    st.session_state.pop(KEPT, None)
