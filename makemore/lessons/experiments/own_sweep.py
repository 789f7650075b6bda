"""A sweep of the learner's own: chosen, started, watched while it trains, stopped."""

import streamlit as st

from makemore import jobs
from makemore.config import ConfigError
from makemore.experiments.sweep_records import Sweep
from makemore.jobs import JobError, SeriesState
from makemore.jobs.quotas import MOST_SERIES_STEPS
from makemore.lessons.experiments import own_plan
from makemore.lessons.experiments.all_trials import draw_dots, other_setting, show_table, tell_dots
from makemore.lessons.experiments.chosen_study import WORDS, read_study
from makemore.lessons.experiments.own_plan import DRAWS, SPACES, WAYS, OwnSweep
from makemore.lessons.experiments.trial_settings import label_of, varied
from makemore.ui.kit import links
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.safe_text import plain
from makemore.ui.kit.stage import Stage
from makemore.ui.training_panel.presence import is_here, session_token

KEY, TROUBLE, STEPS_KEY = "own_sweep", "own_sweep_trouble", "own_sweep_steps"
STEPS, SEEDS = 500, ("1", "2", "3")
BEFORE = "rate_and_batch"  # shown until there is a trial of the learner's own
POLL_SECONDS = 1.0


def show_own(about: ChosenList, name: str, stage: Stage) -> None:
    """The form and two buttons; below them, and in the picture, what has come by now."""
    with stage.controls:
        space = choose("Space", SPACES, key="own_space", in_link="space")
        with st.container(horizontal=True, gap="small"):
            way = choose("Search", WAYS, key="own_way", in_link="search", help=_tell_ways())
            number = dict(zip(SEEDS, SEEDS, strict=True))
            seeds = int(choose("Seeds", number, key="own_seeds", first="2", in_link="seeds"))
        steps = int(
            st.number_input("Steps", 1, MOST_SERIES_STEPS, STEPS, 100, key=STEPS_KEY, width=150)
        )
        links.current_view().settings.update(
            space=own_plan.space_of(space, way, steps), draws=DRAWS if way == "random" else 0
        )
        state = _state()
        _draw_buttons(about, space, way, steps, seeds, state)
        watched = st.container()
    often = POLL_SECONDS if state and state.active else None
    with watched:
        st.fragment(_watch, run_every=often)(state.status if state else "", about)
    with stage.picture:
        st.fragment(_draw, run_every=often)()
    with stage.below:
        st.fragment(_list, run_every=often)()


def own_sweep() -> OwnSweep | None:
    """The one that this visitor has started last."""
    found: OwnSweep | None = st.session_state.get(KEY)
    return found


def _state() -> SeriesState | None:
    own = own_sweep()
    return own.series.snapshot() if own else None


def _tell_ways() -> str:
    return (
        f"Grid: every pair of the listed values. Random: {DRAWS} pairs, each value drawn from its range "
        "by itself, so that each setting is tried at more values."
    )


def _draw_buttons(
    about: ChosenList, space: str, way: str, steps: int, seeds: int, state: SeriesState | None
) -> None:
    trials = own_plan.planned(space, way, steps, len(about.vocabulary))
    st.caption(f"**{len(trials)}** trials: {own_plan.tell_values(trials)}.")
    active = state is not None and state.active
    with st.container(horizontal=True, gap="small"):
        st.button(
            f"Start {len(trials)} × {seeds} trainings",
            key="own_start",
            icon=":material/play_arrow:",
            disabled=active,
            on_click=_start,
            args=(about, space, way, steps, seeds),
        )
        st.button("Stop", key="own_stop", icon=":material/stop:", disabled=not active,
                  on_click=_stop)  # fmt: skip
        if state is not None and state.status == "paused":
            st.button("Go on", key="own_resume", icon=":material/play_arrow:", on_click=_resume)
    if trouble := st.session_state.get(TROUBLE):
        st.warning(plain(f"{trouble}."), icon=":material/warning:")


def _start(about: ChosenList, space: str, way: str, steps: int, seeds: int) -> None:
    st.session_state.pop(TROUBLE, None)
    letters = len(about.vocabulary)
    trials = own_plan.planned(space, way, steps, letters)
    specs = own_plan.specs_of(trials, seeds, about.dataset)
    try:
        series = jobs.shared().start_series(
            specs, about.dataset, session_token(), connected=is_here
        )
    except (JobError, ConfigError) as error:
        st.session_state[TROUBLE] = str(error)
        return
    told = own_plan.space_of(space, way, steps)
    key = f"{space}_{way}"
    st.session_state[KEY] = OwnSweep(key, told, trials, seeds, about.name_list, letters, series)


def _stop() -> None:
    if own := own_sweep():
        own.series.stop()


def _resume() -> None:
    st.session_state.pop(TROUBLE, None)
    try:
        if own := own_sweep():
            own.series.resume()
    except (JobError, ConfigError) as error:
        st.session_state[TROUBLE] = str(error)


def _watch(drawn: str, about: ChosenList) -> None:
    """Where it stands, told again and again; with another status the page has other buttons."""
    own, state = own_sweep(), _state()
    if own is None or state is None:
        st.progress(0.0, "**Not started.** It trains behind everybody's trainings, one at a time.")
        return
    st.progress(len(state.done) / state.total, f"**{tell_status(state)}**")
    sweep = own_plan.as_sweep(own, state)
    if whole := sweep.complete():
        label = label_of(whole[0], varied(sweep))
        st.markdown(f"Best so far: **{label}**, dev loss **{whole[0].dev:.4f}**.")
    if own.names.sha256 != about.name_list.sha256:
        st.caption(f"It is about {plain(own.names.label)}, the list that it was started on.")
    if state.message:
        st.caption(plain(f"{state.message}."))
    if state.status != drawn:
        st.rerun()


def tell_status(state: SeriesState) -> str:
    """In a few words."""
    done = f"{len(state.done)} of {state.total} trainings"
    if state.status != "going" or state.now is None:
        return f"{state.status.capitalize()}: {done}"
    if state.now.status == "queued":
        return f"Waiting, place {state.now.place} in the queue: {done}"
    return f"Training: {done}"


def _draw() -> None:
    """The trials by now; before there is one, a shipped study."""
    sweep = _shown()
    x = next(each for each in varied(sweep) if each.chosen)
    group = other_setting(sweep, x)
    place_chart(draw_dots(sweep, x, group), key="own_dots", fill="most")
    st.caption(tell_dots(group))
    if sweep.name == BEFORE:
        st.caption(f"Until a trial of yours is trained: the shipped study “{WORDS[BEFORE]}”.")


def _shown() -> Sweep:
    own, state = own_sweep(), _state()
    found = own_plan.as_sweep(own, state) if own and state else None
    return found if found and found.complete() else read_study(BEFORE)


def _list() -> None:
    """A row a trial, once there is one."""
    sweep = _shown()
    if sweep.name != BEFORE:
        st.subheader("Your trials", anchor=False)
        show_table(sweep, key="own_table")
