"""The training panel: buttons, progress, curve, slider, names. Knows jobs and charts, not what is taught."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from makemore.charts.training import NO_CURVE, training_curve
from makemore.jobs import JobState
from makemore.shipped import SHIPPED
from makemore.ui import load
from makemore.ui.choose import choose
from makemore.ui.moments import Moments, recorded, scrub
from makemore.ui.place import place
from makemore.ui.text import plain
from makemore.ui.training import curve, form, keeping, offer, status
from makemore.ui.training.live import moments_of, planned
from makemore.ui.training.offer import Former, Offer, Run
from makemore.ui.training.transport import begin, pressed, transport

# A run is polled while it changes. One that stands still is looked at now and then, so that it
# counts as watched.
POLL_SECONDS: dict[str, float] = {"running": 1.0, "queued": 1.0, "paused": 30.0}
SHIPPED_RUN = "shipped"
AXES = {"linear": "Linear", "log": "Logarithmic"}

View = Callable[[Moments], None]


def live_training(
    name: str,
    *,
    key: str,
    steps: int | None = None,
    recipe: str | None = None,
    settings: Mapping[str, Any] | None = None,
    view: View | None = None,
) -> None:
    """The curve of a shipped checkpoint, and the controls that train a fresh one in its place.

    Model, seed and recipe are the shipped ones, so the start is the same; `recipe` names another one
    to begin with, `steps` ends it earlier, `settings` change the model. `view` draws the moment that
    the slider is at, and is called again whenever that changes.
    """
    asked = Offer(name, key, recipe or SHIPPED[name].recipe_name, steps, settings or {})
    run = offer.current(asked)
    state = run.handle.snapshot() if run else None
    transport(asked, run, state)
    drawn = state.status if state else ""
    st.fragment(_watch, run_every=POLL_SECONDS.get(drawn))(asked, drawn, view)
    keeping.saved(asked)


def _watch(asked: Offer, drawn: str, view: View | None) -> None:
    """What is known now; drawn in place again and again while the job runs.

    The buttons stand outside: when the status is no longer the one that they were drawn for, the
    whole page runs once more, which also ends the polling.
    """
    run = offer.current(asked)
    state = run.handle.snapshot() if run else None
    _picture(asked, run, state, view)
    if state and state.status != drawn:
        st.rerun()


def _picture(asked: Offer, run: Run | None, state: JobState | None, view: View | None) -> None:
    checkpoint = load.checkpoint(asked.name)
    losses = curve.lived(state) if state else curve.replayed(checkpoint)
    moments = moments_of(run.handle) if run else recorded(checkpoint.trajectory)
    status.progress(state, run.spec.recipe.steps if run else form.steps(asked))
    if state:
        status.trouble(state, partial(_repair, asked), key=asked.key)
    figures, picture = st.container(), st.container()
    steps = planned(state.steps) if state else moments.steps
    newest = "newest" if run else ""
    wanted = scrub(steps, key=f"{asked.key}_moment_{newest}", newest=newest)
    seen = moments.back_to(wanted)
    # At its end the slider follows the training, also between two stored moments.
    now = state.step if state and wanted == steps[-1] else seen.step
    with figures:
        rate = state.steps_per_second if state else status.shipped_rate(checkpoint)
        status.figures(losses, now, rate)
    status.names(state, now)
    log, other = _choices(asked)
    with picture:
        _curve(asked, losses, state.steps if state else checkpoint.metadata.step, now, log, other)
    if view and seen.steps:
        view(seen)


def _choices(asked: Offer) -> tuple[bool, Former | None]:
    """How the steps are drawn, and the run to lay over this one, if the learner wants one."""
    run = offer.current(asked)
    known = {SHIPPED_RUN: offer.shipped(asked)} if run else {}
    known |= {str(i): former for i, former in enumerate(offer.formers(asked))}
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        axis = choose("Step axis", AXES, key=f"{asked.key}_axis")
        chosen = st.selectbox(
            "Lay another run over it",
            ["", *known],
            format_func=lambda name: known[name].label if name else "none",
            key=f"{asked.key}_other",
            width=320,
            disabled=not known,
        )
    st.caption(f"This run: {plain(run.label)}." if run else "This run: the shipped training.")
    return axis == "log", known.get(chosen or "")


def _curve(
    asked: Offer, losses: pd.DataFrame, steps: int, now: int, log: bool, other: Former | None
) -> None:
    chart = training_curve(
        losses,
        letters=len(load.vocabulary()),
        steps=max(steps, other.steps if other else 0),
        shown=now,
        log_steps=log,
        other=other.curve if other else NO_CURVE,
    )
    place(chart, key=f"{asked.key}_curve")


def _repair(asked: Offer, rate: float) -> None:
    """Start again at a rate that the run did not overshoot with."""
    run = offer.current(asked)
    if run:
        st.session_state[form.rate_key(asked, run.spec.recipe.name)] = rate
        pressed(asked, partial(begin, asked))
