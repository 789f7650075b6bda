"""What the learner chooses to see of a training: the moment, the axis, a run beside it. Starts nothing."""

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from makemore.jobs import JobState
from makemore.ui.kit.choose import choose
from makemore.ui.kit.moment_slider import Moments, choose_moment
from makemore.ui.kit.safe_text import plain
from makemore.ui.training_panel import offer, settings_form
from makemore.ui.training_panel.live_moments import moments_at_start, planned_steps
from makemore.ui.training_panel.offer import Former, Offer, Run

SHIPPED_RUN = "shipped"
AXES = {"linear": "Linear", "log": "Log"}


@dataclass(frozen=True)
class Look:
    """What the learner chose to see: a stored step (`newest`: follow the training), and how.

    live: whether the page follows at a pace at which stored steps would seem to stand still.
    """

    step: int
    newest: bool
    log: bool
    other: Former | None
    live: bool = False


def choose_look(
    asked: Offer, state: JobState | None, *, moment: DeltaGenerator, comparison: DeltaGenerator
) -> Look:
    """Where the slider is, and how the curve is to be drawn; drawn in these two places."""
    waiting = state is None and asked.before is None
    span = state.steps if state else step_span(asked, state)
    steps = planned_steps(span) if state or waiting else moments_before(asked).steps
    newest = "newest" if state else ""
    with moment:
        step = choose_moment(
            steps,
            key=f"{asked.key}_moment_{newest}",
            newest=newest,
            waiting=waiting,
            # What led to weights to go on from is another training than the link would start.
            in_link=bool(state) or asked.start is None,
        )
    with comparison:
        log, other = _choose_axis_and_other(asked)
    return Look(step=step, newest=bool(state) and step == steps[-1], log=log, other=other)


def _choose_axis_and_other(asked: Offer) -> tuple[bool, Former | None]:
    """How the steps are drawn, and the run to lay over this one, if the learner wants one."""
    run = offer.current_run(asked)
    known = {str(i): former for i, former in enumerate(offer.former_runs(asked))}
    if run and (shipped := offer.shipped_run(asked)):
        known = {SHIPPED_RUN: shipped, **known}
    with st.container(key=f"{asked.key}_comparison", horizontal=True, gap="small"):
        axis = choose("Step axis", AXES, key=f"{asked.key}_axis", in_link="axis")
        chosen = st.selectbox(
            "Lay another run over it",
            ["", *known],
            format_func=lambda name: known[name].label if name else "none",
            key=f"{asked.key}_other",
            disabled=not known,
        )
    other = known.get(chosen or "")
    st.caption(_tell_runs(asked, run, other))
    return axis == "log", other


def _tell_runs(asked: Offer, run: Run | None, other: Former | None) -> str:
    """Which runs the chart shows."""
    if run:
        whose = "This run" if run.controls else "The run of the link"
        text = f"{whose}: {plain(run.label)}."
    elif asked.before:
        text = f"Shown until it starts: {plain(asked.before.words)}."
    elif asked.like_it and other is None:
        text = "This run: not started yet. Its curve will be drawn in the place of the other run."
    else:
        text = "This run: not started yet. Its curve will be drawn into the axes above."
    if other and other.detail:  # its label hardly fits into the box
        text += f" Laid over it: {plain(other.label)} ({plain(other.detail)})."
    return text


def step_span(asked: Offer, state: JobState | None) -> int:
    """How far the step axis reaches."""
    if state:  # what exploded at once would be a line at the edge
        return max(state.step, 1) if state.status == "diverged" else state.steps
    return asked.before.steps if asked.before else settings_form.chosen_steps(asked)


def moments_before(asked: Offer) -> Moments:
    """The moments to see before anything runs: those of the recorded training, or the start alone."""
    return (
        asked.before.moments
        if asked.before
        else moments_at_start(settings_form.chosen_spec(asked), asked.about.dataset)
    )
