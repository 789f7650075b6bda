"""The training panel: buttons, progress, curve, slider, names. Knows jobs and charts, not what is taught."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from makemore.charts.losses.training_curve import NO_CURVE, Flag, training_curve
from makemore.checkpoints.shipped import SHIPPED
from makemore.config import ConfigError
from makemore.jobs import JobState
from makemore.ui.kit import links
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.moment_slider import Moments
from makemore.ui.kit.place_chart import Fill, place_chart
from makemore.ui.kit.safe_text import plain
from makemore.ui.kit.stage import Stage
from makemore.ui.training_panel import (
    loss_curves,
    offer,
    saved_checkpoint,
    settings_form,
    status,
    trouble,
)
from makemore.ui.training_panel.chosen_look import Look, choose_look, moments_before, step_span
from makemore.ui.training_panel.live_moments import moments_of
from makemore.ui.training_panel.offer import Former, Offer, Run
from makemore.ui.training_panel.recall import recall_run
from makemore.ui.training_panel.transport_buttons import (
    begin_run,
    clear_other_net,
    draw_transport,
    press_button,
    resume,
)

# A run is polled while it changes, less often when a class watches the same one. One that stands
# still is looked at now and then, so that it counts as watched, and more often by a tab that waits for
# the controls: also after a reload that the server notices late.
POLL_SECONDS = {"running": 1.0, "queued": 1.0, "paused": 30.0}
TAKEOVER_SECONDS = 3.0
VIEW_SECONDS = 3.0
CROWD = 8  # watchers; from here on everything is looked at half as often

View = Callable[[Moments], None]
PairView = Callable[[Moments, Former | None], None]  # of this run, and the one that is laid over it
Flags = Callable[[Moments], Flag | None]  # what was found, and where in the curve it shows


def train_shipped(
    name: str,
    about: ChosenList,
    stage: Stage,
    *,
    key: str,
    steps: int | None = None,
    recipe: str | None = None,
    settings: Mapping[str, Any] | None = None,
    view: View | None = None,
    beside: bool = False,
) -> Moments:
    """The curve of a shipped checkpoint, and the controls that train a fresh one in its place.

    Model, seed and recipe are the shipped ones, so the start is the same; `recipe` names another one
    to begin with ("lecture" where the learning rate is what is to be seen), `steps` ends it earlier,
    `settings` change the model. `view` draws the moment that the slider is at, and again while that
    moves on; it stands below the curve or, where it is about square, `beside` it. Returns the
    same moments, for what else the page shows of them.
    """
    made = SHIPPED[name]
    asked = Offer(
        about=about,
        key=key,
        model=made.model,
        seed=made.seed,
        recipe_name=recipe or made.recipe_name,
        steps=steps,
        settings={**made.settings, **(settings or {})},
        shipped="" if about.own else name,
    )
    return train_offered(asked, stage, view=view, beside=beside)


def train_offered(
    asked: Offer,
    stage: Stage,
    *,
    view: View | None = None,
    beside: bool = False,
    pair_view: PairView | None = None,
    pace: float = VIEW_SECONDS,
    flags: Flags | None = None,
) -> Moments:
    """The same for any model: one that has no recorded training waits with empty axes and its start.

    Buttons, the slider and figures stand beside the picture: the curve, and the view that moves with
    it, `beside` it in two columns of which the view's is the wider, or below it. The run of another
    net under the same key is stopped and stays for comparison. `pair_view` is a view that also gets
    the run that is laid over this one, and the larger part of the height; `pace` is how many seconds
    lie between two drawings while it trains; `flags` tells what to mark in the curve.
    """
    drawn = pair_view or (_alone(view) if view else None)
    clear_other_net(asked)
    if wrong := recall_run(asked):
        st.session_state[f"{asked.key}_trouble"] = wrong
    run, state = _run_and_state(asked)
    _tell_settings(asked, run)
    seconds = _poll_seconds(run, state)
    with stage.controls:
        draw_transport(asked, run, state)
        moment, watched = st.container(), st.container()
        saved_checkpoint.show_saved(asked)
        look = choose_look(asked, state, moment=moment, comparison=st.container())
        look = replace(look, live=look.newest and pace < VIEW_SECONDS)
    with watched:
        st.fragment(_watch_run, run_every=seconds)(asked, _drawn_for(run, state), look)
    curve, other = _lay_picture(stage, asked.key, beside=beside and drawn is not None)
    with curve:
        fill: Fill = "whole" if not drawn or beside else "third" if pair_view else "half"
        st.fragment(_draw_curve, run_every=seconds)(asked, look, fill, flags)
    if drawn:
        moving = state is not None and state.status == "running" and look.newest
        often = pace * _crowd_factor(state) if moving else None
        with other:
            st.fragment(_draw_view, run_every=often)(asked, drawn, look)
    return _moments_at_look(asked, look)


def _alone(view: View) -> PairView:
    return lambda moments, _: view(moments)


def follow_run(asked: Offer, draw: View, *, pace: float = VIEW_SECONDS) -> None:
    """Draw what is stored of the run by now, or of the start, again and again while it trains."""
    _, state = _run_and_state(asked)
    often = pace * _crowd_factor(state) if state and state.active else None
    st.fragment(_follow, run_every=often)(asked, draw, pace < VIEW_SECONDS)


def _follow(asked: Offer, draw: View, live: bool) -> None:
    run = offer.current_run(asked)
    draw(moments_of(run.handle, newest=live) if run else moments_before(asked))


def _tell_settings(asked: Offer, run: Run | None) -> None:
    """For the notebook of the step: what was started here, else what would be; and what is shown so far."""
    with suppress(ConfigError):  # said when it is to be started
        spec = run.spec if run else settings_form.chosen_spec(asked)
        links.current_view().settings.update(
            model=spec.model,
            settings=dict(spec.settings),
            recipe=spec.recipe.to_json(),
            seed=spec.seed,
            shipped="" if run else asked.shipped,
        )


def _lay_picture(stage: Stage, key: str, *, beside: bool) -> Sequence[DeltaGenerator]:
    """The places of the curve and of the view."""
    with stage.picture:
        if not beside:
            return st.container(), st.container()
        with st.container(key=f"{key}_beside"):
            return st.columns([2, 3], gap="small")


def _poll_seconds(run: Run | None, state: JobState | None) -> float | None:
    """Seconds between two looks at the run."""
    seconds = POLL_SECONDS.get(state.status) if state else None
    if run and run.may_get_controls:
        seconds = min(seconds or TAKEOVER_SECONDS, TAKEOVER_SECONDS)
    return seconds * _crowd_factor(state) if state and seconds else None


def _crowd_factor(state: JobState | None) -> int:
    return 2 if state and state.watchers >= CROWD else 1


def _drawn_for(run: Run | None, state: JobState | None) -> Hashable:
    """What decides which buttons there are."""
    return state and (state.status, state.elsewhere), bool(run and run.controls)


def _watch_run(asked: Offer, drawn: Hashable, look: Look) -> None:
    """What is known now, in words and figures; told again and again while the job runs.

    The buttons stand outside: when they were drawn for another status, or for one who has them no
    longer, the whole page runs once more, which also ends the polling.
    """
    recall_run(asked)
    run, state = _run_and_state(asked)
    steps = run.spec.recipe.steps if run else settings_form.chosen_steps(asked)
    status.show_progress(state, steps, asked.recorded.words if asked.recorded else "")
    before = asked.before
    rate = state.steps_per_second if state else before.rate if before else 0.0
    now = _step_at_look(asked, state, look)
    status.show_figures(_curve(asked, state), now, rate, key=asked.key)
    if run and state:
        _show_trouble(asked, run, state)
    status.show_names(state, now)
    if _drawn_for(run, state) != drawn:
        st.rerun()


def _show_trouble(asked: Offer, run: Run, state: JobState) -> None:
    held = run.controls
    with st.container(key=f"{asked.key}_told"):
        trouble.show_trouble(
            state,
            key=asked.key,
            letters=len(asked.about.dataset.vocabulary),
            resume=partial(press_button, asked, resume(asked)) if held else None,
            repair=partial(_repair, asked) if held else None,
        )


def _run_and_state(asked: Offer) -> tuple[Run | None, JobState | None]:
    run = offer.current_run(asked)
    return run, run.handle.snapshot() if run else None


def _curve(asked: Offer, state: JobState | None) -> loss_curves.Curve:
    """That of the run, before there is one that of the recorded training."""
    if state:
        return loss_curves.job_curve(state)
    return asked.before.curve if asked.before else {}


def _step_at_look(asked: Offer, state: JobState | None, look: Look) -> int:
    """At its end the slider follows the training, also between two stored moments."""
    return state.step if state and look.newest else _moments_at_look(asked, look).step


def _draw_curve(asked: Offer, look: Look, fill: Fill, flags: Flags | None) -> None:
    _, state = _run_and_state(asked)
    before = None if state else asked.before
    other = look.other
    if not (state or before or other) and asked.like_it:
        other = asked.like_it
        st.caption(f"Other run, until this one starts: {plain(other.label)}.")
    chart = training_curve(
        loss_curves.curve_frame(_curve(asked, state)),
        letters=before.letters if before else len(asked.about.dataset.vocabulary),
        steps=max(step_span(asked, state), other.steps if other else 0),
        shown=_step_at_look(asked, state, look),
        log_steps=look.log,
        other=other.curve if other else NO_CURVE,
        flag=flags(_moments_at_look(asked, look)) if flags else None,
    )
    place_chart(chart, key=f"{asked.key}_curve", fill=fill)


def _moments_at_look(asked: Offer, look: Look) -> Moments:
    """What is stored of the run, or of the recorded one, as the slider has it."""
    run = offer.current_run(asked)
    found = moments_of(run.handle, newest=look.live) if run else moments_before(asked)
    return found.back_to(look.step)


def _draw_view(asked: Offer, view: PairView, look: Look) -> None:
    moments = _moments_at_look(asked, look)
    if moments.steps:
        view(moments, look.other)


def _repair(asked: Offer, rate: float) -> None:
    """Start the run again at a rate that its start has been tried with, whatever the settings say now."""
    run = offer.current_run(asked)
    if run:
        recipe = run.spec.recipe.at_rate(rate)
        settings_form.set_rate(asked, recipe.name, rate)
        press_button(asked, partial(begin_run, asked, replace(run.spec, recipe=recipe)))
