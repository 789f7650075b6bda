"""Trains what a step shows of an own list, one net after the other, in the picture's place. Knows no lesson."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from makemore import jobs
from makemore.charts.base.duration import duration
from makemore.charts.losses.training_curve import NO_CURVE, training_curve
from makemore.checkpoints.metadata import CheckpointError
from makemore.checkpoints.shipped import SHIPPED
from makemore.experiments.nets_of_lists import unpack
from makemore.jobs import Handle, JobState
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.safe_text import plain
from makemore.ui.kit.stage import Stage
from makemore.ui.sources import loaded, own_nets
from makemore.ui.training_panel import loss_curves, status, trouble
from makemore.ui.training_panel.presence import is_here, session_token

KEY, TROUBLE = "own_nets", "own_nets_trouble"
POLL_SECONDS = 1.0
RESTS = ("paused", "stopped", "failed")


@dataclass(frozen=True)
class Training:
    """What this session trains of a list: the first of these nets, the others wait for it."""

    about: ChosenList
    names: tuple[str, ...]
    number: int  # of all that were asked for
    handle: Handle

    @property
    def name(self) -> str:
        return self.names[0]


def train_missing(about: ChosenList, names: Sequence[str], stage: Stage) -> None:
    """The offer to train these nets on the list; once it is taken, their curves, one after the other.

    When all are there the page runs again, and its step draws what it has to show.
    """
    training = _current(about, names)
    with stage.controls:
        if wrong := st.session_state.get(TROUBLE):
            st.warning(plain(wrong), icon=":material/warning:")
        if training is None:
            _offer(about, names)
        else:
            state = training.handle.snapshot()
            _draw_buttons(training, state)
            seconds = POLL_SECONDS if state.active else None
            st.fragment(_watch, run_every=seconds)(training, state.status)
    with stage.picture:
        if training is None:
            _show_shipped(about, names[0])
        else:
            st.fragment(_draw_curve, run_every=seconds)(training)


def _current(about: ChosenList, names: Sequence[str]) -> Training | None:
    """The training that this session has begun, if it is of this list and of a net that is needed here."""
    training: Training | None = st.session_state.get(KEY)
    if training is None:
        return None
    wanted = {own_nets.recipe_key(name) for name in names}
    if training.about is about and own_nets.recipe_key(training.name) in wanted:
        return training
    if training.about is not about:  # nobody looks at that list here any more
        training.handle.stop()
        del st.session_state[KEY]
    return None


def _offer(about: ChosenList, names: Sequence[str]) -> None:
    seconds = sum(about.kept(("seconds", n), partial(_reckon, about, n)) for n in names)
    labels = [f"“{plain(SHIPPED[name].label)}”" for name in names]
    listed = " and ".join([", ".join(labels[:-1]), labels[-1]] if labels[1:] else labels)
    what = "a net" if len(names) == 1 else f"{len(names)} nets"
    st.markdown(
        f"**This step needs {what} trained on your list:** {listed}, with the settings of the shipped "
        f"{'one' if len(names) == 1 else 'ones'} and the recipe (training configuration) “fast”."
    )
    st.button(
        f"Train on your {len(about.names):,} names",
        key="own_nets_start",
        type="primary",
        icon=":material/play_arrow:",
        on_click=_begin,
        args=(about, tuple(names), len(names)),
    )
    st.caption(
        f"About {duration(max(seconds, 1))} on a free core; where others train too, you see your place in "
        "the queue. Whoever brought the same list shares the training."
    )


def _reckon(about: ChosenList, name: str) -> float:
    return own_nets.reckon_seconds(name, about.dataset)


def _begin(about: ChosenList, names: tuple[str, ...], number: int) -> None:
    """Train the first of these; what the jobs refuse is explained."""
    st.session_state.pop(TROUBLE, None)
    dataset = about.dataset
    try:
        spec = own_nets.spec_of(names[0], dataset)
        handle = jobs.shared().start(spec, dataset, session_token(), connected=is_here)
    except ValueError as error:  # ConfigError, JobError
        st.session_state[TROUBLE] = f"{error}."
        st.session_state.pop(KEY, None)
        return
    st.session_state[KEY] = Training(about, names, number, handle)


def _draw_buttons(training: Training, state: JobState) -> None:
    label, place = plain(SHIPPED[training.name].label), training.number - len(training.names) + 1
    count = f", net {place} of {training.number}" if training.number > 1 else ""
    st.markdown(f"**{label} on your {len(training.about.names):,} names**{count}")
    with st.container(horizontal=True, gap="small"):
        if state.active:
            stop = training.handle.stop
            st.button("Stop", key="own_nets_stop", icon=":material/stop:", on_click=stop)
        elif state.status in RESTS and state.resumes_at is not None:
            st.button(
                "Go on",
                key="own_nets_resume",
                icon=":material/play_arrow:",
                on_click=_press,
                args=(training.handle,),
            )
        elif state.over and state.status != "finished":
            again = (training.about, training.names, training.number)
            st.button(
                "Start again",
                key="own_nets_again",
                icon=":material/replay:",
                on_click=_begin,
                args=again,
            )


def _press(handle: Handle) -> None:
    try:
        handle.resume()
    except ValueError as error:
        st.session_state[TROUBLE] = f"{error}."


def _watch(training: Training, drawn: str) -> None:
    """Progress and figures; a net that is finished is kept, and the next one begins."""
    state = training.handle.snapshot()
    status.show_progress(state, state.steps)
    curve = loss_curves.job_curve(state)
    status.show_figures(curve, state.step, state.steps_per_second, key=KEY)
    letters = len(training.about.vocabulary)
    trouble.show_trouble(state, key=KEY, letters=letters, resume=None, repair=None)
    status.show_names(state, state.step)
    if state.status == "finished":
        _finish(training)
    if state.status != drawn:
        st.rerun()


def _finish(training: Training) -> None:
    """Keep the net for all who look at this list, and go on with the next."""
    about, name, handle = training.about, training.name, training.handle
    try:
        about.take_net(name, lambda: unpack(name, handle.pack(name)))
    except CheckpointError as error:
        st.session_state[TROUBLE] = f"{error}."
    handle.close()
    st.session_state.pop(KEY, None)
    if left := tuple(about.missing(training.names[1:])):
        _begin(about, left, training.number)
    st.rerun()


def _draw_curve(training: Training) -> None:
    curve = loss_curves.curve_frame(loss_curves.job_curve(training.handle.snapshot()))
    letters, steps = len(training.about.vocabulary), training.handle.spec.recipe.steps
    chart = training_curve(curve, letters=letters, steps=steps)
    place_chart(chart, key="own_nets_curve", fill="whole")


def _show_shipped(about: ChosenList, name: str) -> None:
    """Until it starts how the shipped net of this name was trained; empty axes where that cannot be read."""
    if not loaded.can_be_read(name):
        chart = training_curve(NO_CURVE, letters=len(about.vocabulary), steps=1)
        place_chart(chart, key="own_nets_curve", fill="whole")
        return
    shipped = loaded.checkpoint(name)
    st.caption(
        f"Shown until it starts: the training of the shipped “{plain(SHIPPED[name].label)}”, on the "
        "course's names."
    )
    curve = loss_curves.curve_frame(loss_curves.checkpoint_curve(shipped))
    steps = shipped.metadata.step
    chart = training_curve(curve, letters=len(shipped.vocabulary), steps=steps)
    place_chart(chart, key="own_nets_shipped", fill="most")
