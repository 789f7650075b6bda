"""The training panel: buttons, progress, curve, slider, names. Knows jobs and charts, not what is taught."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import streamlit as st

from makemore.charts.losses.training_curve import NO_CURVE, training_curve
from makemore.checkpoints.shipped import SHIPPED
from makemore.jobs import JobState
from makemore.ui.kit.moment_slider import Moments
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import Fill, place_chart
from makemore.ui.sources import loaded
from makemore.ui.training_panel import loss_curves, offer, saved_checkpoint, settings_form, status
from makemore.ui.training_panel.chosen_look import Look, choose_look, moments_before, step_span
from makemore.ui.training_panel.live_moments import moments_of
from makemore.ui.training_panel.offer import Offer, Run
from makemore.ui.training_panel.transport_buttons import (
    begin_run,
    clear_other_net,
    draw_transport,
    press_button,
)

# A run is polled while it changes, less often when a class watches the same one. One that stands
# still is looked at now and then, so that it counts as watched.
POLL_SECONDS = {"running": 1.0, "queued": 1.0, "paused": 30.0}
VIEW_SECONDS = 3.0
CROWD = 8  # watchers; from here on everything is looked at half as often

View = Callable[[Moments], None]


def train_shipped(
    name: str,
    stage: Stage,
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
    return train_offered(asked, stage, view=view)


def train_offered(asked: Offer, stage: Stage, *, view: View | None = None) -> Moments:
    """The same for any model: one that has no shipped training waits with empty axes and its start.

    Buttons, figures and the slider stand beside the curve, and below the curve the view that moves
    with it. The run of another net under the same key is stopped and stays for comparison.
    """
    clear_other_net(asked)
    run = offer.current_run(asked)
    state = run.handle.snapshot() if run else None
    drawn, seconds = state.status if state else "", _poll_seconds(state)
    with stage.controls:
        draw_transport(asked, run, state)
        watched = st.container()
        look = choose_look(asked, state)
        saved_checkpoint.show_saved(asked)
    with watched:
        st.fragment(_watch_run, run_every=seconds)(asked, drawn, look)
    with stage.picture:
        st.fragment(_draw_curve, run_every=seconds)(asked, look, "half" if view else "whole")
        if view:
            moving = drawn == "running" and look.newest
            pace = VIEW_SECONDS * _crowd_factor(state) if moving else None
            st.fragment(_draw_view, run_every=pace)(asked, view, look)
    return _moments_at_look(asked, look)


def _poll_seconds(state: JobState | None) -> float | None:
    """Seconds between two looks at the run."""
    seconds = POLL_SECONDS.get(state.status) if state else None
    return seconds * _crowd_factor(state) if state and seconds else None


def _crowd_factor(state: JobState | None) -> int:
    return 2 if state and state.watchers >= CROWD else 1


def _watch_run(asked: Offer, drawn: str, look: Look) -> None:
    """What is known now, in words and figures; told again and again while the job runs.

    The buttons stand outside: when the status is no longer the one that they were drawn for, the
    whole page runs once more, which also ends the polling.
    """
    run, state = _run_and_state(asked)
    status.show_progress(state, run.spec.recipe.steps if run else settings_form.chosen_steps(asked))
    if state:
        status.show_trouble(state, partial(_repair, asked), key=asked.key)
    rate = state.steps_per_second if state else status.steps_per_second_of(asked.checkpoint)
    now = _step_at_look(asked, state, look)
    status.show_figures(_curve(asked, state), now, rate)
    status.show_names(state, now)
    if state and state.status != drawn:
        st.rerun()


def _run_and_state(asked: Offer) -> tuple[Run | None, JobState | None]:
    run = offer.current_run(asked)
    return run, run.handle.snapshot() if run else None


def _curve(asked: Offer, state: JobState | None) -> loss_curves.Curve:
    """That of the run, before there is one that of the shipped training."""
    return loss_curves.job_curve(state) if state else loss_curves.checkpoint_curve(asked.checkpoint)


def _step_at_look(asked: Offer, state: JobState | None, look: Look) -> int:
    """At its end the slider follows the training, also between two stored moments."""
    return state.step if state and look.newest else _moments_at_look(asked, look).step


def _draw_curve(asked: Offer, look: Look, fill: Fill) -> None:
    _, state = _run_and_state(asked)
    shipped = asked.checkpoint
    chart = training_curve(
        loss_curves.curve_frame(_curve(asked, state)),
        letters=len(shipped.vocabulary if shipped and not state else loaded.dataset().vocabulary),
        steps=max(step_span(asked, state), look.other.steps if look.other else 0),
        shown=_step_at_look(asked, state, look),
        log_steps=look.log,
        other=look.other.curve if look.other else NO_CURVE,
    )
    place_chart(chart, key=f"{asked.key}_curve", fill=fill)


def _moments_at_look(asked: Offer, look: Look) -> Moments:
    """What is stored of the run, or of the shipped one, as the slider has it."""
    run = offer.current_run(asked)
    return (moments_of(run.handle) if run else moments_before(asked)).back_to(look.step)


def _draw_view(asked: Offer, view: View, look: Look) -> None:
    moments = _moments_at_look(asked, look)
    if moments.steps:
        view(moments)


def _repair(asked: Offer, rate: float) -> None:
    """Start again at a rate that the run did not overshoot with."""
    run = offer.current_run(asked)
    if run:
        st.session_state[settings_form.rate_key(asked, run.spec.recipe.name)] = rate
        press_button(asked, partial(begin_run, asked))
