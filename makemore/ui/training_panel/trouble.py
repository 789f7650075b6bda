"""What went wrong with a training, and the way out of it as a button. Knows no chart."""

import math
from collections.abc import Callable
from functools import partial

import streamlit as st

from makemore.jobs import JobState
from makemore.training.rate_search import TRIAL_STEPS
from makemore.ui.kit.safe_text import plain

Press = Callable[[], None]
TRIED = (
    f"Lower learning rates were tried from the same start for {TRIAL_STEPS} steps each: it is the highest "
    "of them with which the loss fell."
)
IN_VAIN = "No lower learning rate was found to work in the time for it; set one in Settings."


def show_trouble(
    state: JobState,
    *,
    key: str,
    letters: int,
    resume: Press | None,
    repair: Callable[[float], None] | None,
) -> None:
    """What went wrong or why a run rests, and the buttons for it; None where they are another's."""
    if state.status == "diverged":
        _show_repair(_sentence(state.message), state, repair, key)
    elif state.sick_loss is not None:
        _show_repair(_sick(state.sick_loss, letters, state), state, repair, key)
    elif state.message:
        (st.warning if state.status == "failed" else st.info)(
            _sentence(state.message), icon=":material/info:"
        )
    if resume and state.message and state.resumes_at and state.status in ("paused", "failed"):
        label = f"Resume at step {state.resumes_at:,}"
        st.button(label, key=f"{key}_resume", icon=":material/play_arrow:", on_click=resume)


def _sentence(message: str) -> str:
    return plain(message[0].upper() + message[1:]) + "."


def _sick(loss: float, letters: int, state: JobState) -> str:
    """That a loss is worse than none, with its number."""
    safer = state.safer_learning_rate
    cause = (
        "an earlier learning rate was" if safer == state.learning_rate else "the learning rate is"
    )
    size = f"{loss:,.0f}" if loss >= 100 else f"{loss:.1f}"
    return (
        f"The loss is {size} nats; guessing evenly, the uniform baseline, costs {math.log(letters):.2f}: "
        f"{cause} too high."
    )


def _show_repair(
    text: str, state: JobState, repair: Callable[[float], None] | None, key: str
) -> None:
    """A message and the repair: the button keeps its place while a rate that works is looked for."""
    rate = state.safer_learning_rate
    in_vain = state.searched and rate is None
    st.warning(f"{text} {IN_VAIN}" if in_vain else text, icon=":material/warning:")
    if in_vain or repair is None:
        return
    st.button(
        "Trying lower learning rates"
        if rate is None
        else f"Start again with learning rate {rate:g}",
        key=f"{key}_repair",
        icon=":material/build:" if rate else ":material/hourglass_top:",
        disabled=rate is None,
        help=TRIED,
        on_click=partial(repair, rate) if rate is not None else None,
    )
