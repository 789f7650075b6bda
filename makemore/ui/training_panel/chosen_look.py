"""What the learner chooses to see of a training: the moment, the axis, a run beside it. Starts nothing."""

from dataclasses import dataclass

import streamlit as st

from makemore.jobs import JobState
from makemore.ui.kit.choose import choose
from makemore.ui.kit.moment_slider import Moments, recorded, scrub
from makemore.ui.kit.safe_text import plain
from makemore.ui.training_panel import offer, settings_form
from makemore.ui.training_panel.live_moments import fresh, planned
from makemore.ui.training_panel.offer import Former, Offer, Run

SHIPPED_RUN = "shipped"
AXES = {"linear": "Linear", "log": "Logarithmic"}


@dataclass(frozen=True)
class Look:
    """What the learner chose to see: a stored step (`newest`: follow the training), and how."""

    step: int
    newest: bool
    log: bool
    other: Former | None


def chosen_look(asked: Offer, state: JobState | None) -> Look:
    """Where the slider is, and how the curve is to be drawn."""
    waiting = state is None and asked.checkpoint is None
    steps = planned(span(asked, state)) if state or waiting else before(asked).steps
    newest = "newest" if state else ""
    step = scrub(steps, key=f"{asked.key}_moment_{newest}", newest=newest, waiting=waiting)
    log, other = _choices(asked)
    return Look(step, bool(state) and step == steps[-1], log, other)


def _choices(asked: Offer) -> tuple[bool, Former | None]:
    """How the steps are drawn, and the run to lay over this one, if the learner wants one."""
    run = offer.current(asked)
    known = {str(i): former for i, former in enumerate(offer.formers(asked))}
    if run and (shipped := offer.shipped(asked)):
        known = {SHIPPED_RUN: shipped, **known}
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        axis = choose("Step axis", AXES, key=f"{asked.key}_axis")
        chosen = st.selectbox(
            "Lay another run over it",
            ["", *known],
            format_func=lambda name: known[name].label if name else "none",
            key=f"{asked.key}_other",
            width=520,  # on a phone, all that there is
            disabled=not known,
        )
    other = known.get(chosen or "")
    st.caption(_told(asked, run, other))
    return axis == "log", other


def _told(asked: Offer, run: Run | None, other: Former | None) -> str:
    """Which runs the chart shows."""
    if run:
        text = f"This run: {plain(run.label)}."
    elif asked.shipped:
        text = "This run: the shipped training."
    else:
        text = "This run: not started yet. Its curve will be drawn into the axes above."
    if other and other.detail:  # its label hardly fits into the box
        text += f" Laid over it: {plain(other.label)} ({plain(other.detail)})."
    return text


def span(asked: Offer, state: JobState | None) -> int:
    """How far the step axis reaches."""
    if state:
        return state.steps
    return asked.checkpoint.metadata.step if asked.checkpoint else settings_form.steps(asked)


def before(asked: Offer) -> Moments:
    """The moments to see before anything runs: those of the shipped training, or the start alone."""
    shipped = asked.checkpoint
    return recorded(shipped.trajectory) if shipped else fresh(settings_form.chosen(asked))
