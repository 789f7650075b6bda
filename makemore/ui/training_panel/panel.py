"""The training panel: buttons, progress, curve, slider, names. Knows jobs and charts, not what is taught."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import streamlit as st

from makemore.charts.losses.training_curve import NO_CURVE, training_curve
from makemore.checkpoints.shipped import SHIPPED
from makemore.jobs import JobState
from makemore.ui.kit.moment_slider import Moments
from makemore.ui.kit.place_chart import place
from makemore.ui.sources import loaded
from makemore.ui.training_panel import loss_curves, offer, saved_checkpoint, settings_form, status
from makemore.ui.training_panel.chosen_look import Look, before, chosen_look, span
from makemore.ui.training_panel.live_moments import moments_of
from makemore.ui.training_panel.offer import Offer, Run
from makemore.ui.training_panel.transport_buttons import begin, clear, pressed, transport

# A run is polled while it changes, less often when a class watches the same one. One that stands
# still is looked at now and then, so that it counts as watched.
POLL_SECONDS = {"running": 1.0, "queued": 1.0, "paused": 30.0}
VIEW_SECONDS = 3.0
CROWD = 8  # watchers; from here on everything is looked at half as often

View = Callable[[Moments], None]


def live_training(
    name: str,
    *,
    key: str,
    steps: int | None = None,
    recipe: str | None = None,
    settings: Mapping[str, Any] | None = None,
    view: View | None = None,
) -> Moments:
    """The curve of a shipped checkpoint, and the controls that train a fresh one in its place.

    Model, seed and recipe are the shipped ones, so the start is the same; `recipe` names another one
    to begin with, `steps` ends it earlier, `settings` change the model. `view` draws the moment that
    the slider is at, and again while that moves on. Returns the same moments, for what else the page
    shows of them.
    """
    about = SHIPPED[name]
    asked = Offer(
        key=key,
        model=about.model,
        seed=about.seed,
        recipe_name=recipe or about.recipe_name,
        steps=steps,
        settings={**about.settings, **(settings or {})},
        shipped=name,
    )
    return offered_training(asked, view=view)


def offered_training(asked: Offer, *, view: View | None = None) -> Moments:
    """The same for any model: one that has no shipped training waits with empty axes and its start.

    The run of another net under the same key is stopped and stays for comparison.
    """
    clear(asked)
    run = offer.current(asked)
    state = run.handle.snapshot() if run else None
    transport(asked, run, state)
    watched = st.container()
    look = chosen_look(asked, state)
    drawn = state.status if state else ""
    with watched:
        st.fragment(_watch, run_every=_pause(state))(asked, drawn, look)
    saved_checkpoint.saved(asked)
    if view:
        moving = drawn == "running" and look.newest
        seconds = VIEW_SECONDS * _crowded(state) if moving else None
        st.fragment(_view, run_every=seconds)(asked, view, look)
    return _moments(asked, look)


def _pause(state: JobState | None) -> float | None:
    """Seconds between two looks at the run."""
    seconds = POLL_SECONDS.get(state.status) if state else None
    return seconds * _crowded(state) if state and seconds else None


def _crowded(state: JobState | None) -> int:
    return 2 if state and state.watchers >= CROWD else 1


def _watch(asked: Offer, drawn: str, look: Look) -> None:
    """What is known now; drawn in place again and again while the job runs.

    The buttons stand outside: when the status is no longer the one that they were drawn for, the
    whole page runs once more, which also ends the polling.
    """
    run = offer.current(asked)
    state = run.handle.snapshot() if run else None
    status.progress(state, run.spec.recipe.steps if run else settings_form.steps(asked))
    if state:
        status.trouble(state, partial(_repair, asked), key=asked.key)
    _picture(asked, run, state, look)
    if state and state.status != drawn:
        st.rerun()


def _picture(asked: Offer, run: Run | None, state: JobState | None, look: Look) -> None:
    shipped = asked.checkpoint
    lived = loss_curves.lived(state) if state else loss_curves.replayed(shipped)
    # At its end the slider follows the training, also between two stored moments.
    now = state.step if state and look.newest else _moments(asked, look).step
    status.figures(lived, now, state.steps_per_second if state else status.shipped_rate(shipped))
    chart = training_curve(
        loss_curves.frame(lived),
        letters=len(shipped.vocabulary if shipped and not state else loaded.dataset().vocabulary),
        steps=max(span(asked, state), look.other.steps if look.other else 0),
        shown=now,
        log_steps=look.log,
        other=look.other.curve if look.other else NO_CURVE,
    )
    place(chart, key=f"{asked.key}_curve")
    status.names(state, now)


def _moments(asked: Offer, look: Look) -> Moments:
    """What is stored of the run, or of the shipped one, as the slider has it."""
    run = offer.current(asked)
    return (moments_of(run.handle) if run else before(asked)).back_to(look.step)


def _view(asked: Offer, view: View, look: Look) -> None:
    moments = _moments(asked, look)
    if moments.steps:
        view(moments)


def _repair(asked: Offer, rate: float) -> None:
    """Start again at a rate that the run did not overshoot with."""
    run = offer.current(asked)
    if run:
        st.session_state[settings_form.rate_key(asked, run.spec.recipe.name)] = rate
        pressed(asked, partial(begin, asked))
