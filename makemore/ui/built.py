"""Trains the net that was put together, in the background. Knows jobs and the stack, not the bricks' shapes."""

import uuid
from collections.abc import Callable

import streamlit as st

from makemore import jobs
from makemore.charts.training import training_curve
from makemore.jobs import Handle, JobState, Spec
from makemore.models.stack import StackError, write
from makemore.recipes import Recipe, recipe_for
from makemore.shipped import WAVENET_SEED
from makemore.ui import load
from makemore.ui.bricks import BLOCK, fitted, stack
from makemore.ui.place import place
from makemore.ui.text import plain
from makemore.ui.training.curve import frame, lived

HANDLE, TRAINED = "built_handle", "built_stack"
POLL_SECONDS: dict[str, float] = {"running": 1.0, "queued": 1.0, "paused": 30.0}


def panel() -> None:
    """Buttons, and the curve of the net as it is now; a changed stack starts afresh."""
    try:
        weights = sum(each.weights for each in fitted())
    except StackError as error:
        st.warning(
            f"This stack cannot be trained: {plain(str(error))}. Step 1 of this page repairs it.",
            icon=":material/warning:",
        )
        return
    st.markdown(f"**{len(stack())} bricks, {weights:,} weights:** {plain(write(stack()))}")
    handle = _handle()
    state = handle.snapshot() if handle else None
    _buttons(handle, state)
    if trouble := st.session_state.get("built_trouble"):
        st.warning(plain(trouble), icon=":material/warning:")
    status = state.status if state else ""
    st.fragment(_watch, run_every=POLL_SECONDS.get(status))(status)


def _handle() -> Handle | None:
    """The job of this very stack, if it was started."""
    same = st.session_state.get(TRAINED) == stack()
    handle: Handle | None = st.session_state.get(HANDLE) if same else None
    return handle


def _recipe() -> Recipe:
    return recipe_for("fast", "wavenet")


def _buttons(handle: Handle | None, state: JobState | None) -> None:
    status = state.status if state else ""
    going = state is not None and not state.over
    with st.container(horizontal=True, gap="xsmall"):
        if handle and status == "running":
            _button("Pause", "pause", handle.pause, "play")
        elif handle and status == "paused":
            _button("Resume", "play_arrow", handle.resume, "play")
        else:
            _button("Start", "play_arrow", None if status == "queued" else _start, "play")
        _button("Step", "skip_next", handle.step_once if handle and status == "paused" else None)
        _button("Stop", "stop", handle.stop if handle and going else None)
        _button("Reset", "replay", handle.reset if handle else None)


def _button(word: str, icon: str, press: Callable[[], None] | None, name: str = "") -> None:
    st.button(
        word,
        key=f"built_{name or word.lower()}",
        icon=f":material/{icon}:",
        disabled=press is None,
        on_click=_pressed,
        args=(press,),
    )


def _pressed(press: Callable[[], None]) -> None:
    """Do it; what the jobs refuse is explained."""
    st.session_state.pop("built_trouble", None)
    try:
        press()
    except ValueError as error:  # ConfigError, JobError
        st.session_state["built_trouble"] = str(error)


def _start() -> None:
    """Train the stack in the place of what this session trained here before."""
    former: Handle | None = st.session_state.get(HANDLE)
    if former:
        former.stop()
    spec = Spec.of(
        "bricks",
        _recipe(),
        seed=WAVENET_SEED,
        dataset=load.dataset(),
        settings={"bricks": write(stack()), "block_size": BLOCK},
    )
    whose = str(st.session_state.setdefault("training_session", uuid.uuid4().hex))
    st.session_state[HANDLE] = jobs.shared().start(spec, load.dataset(), whose)
    st.session_state[TRAINED] = stack()


def _watch(drawn: str) -> None:
    """Drawn in place again and again while the job runs; a new status redraws the page once."""
    handle = _handle()
    state = handle.snapshot() if handle else None
    if state is None:
        st.caption(
            f"Not started. {_recipe().steps} steps of the recipe “fast”, seed {WAVENET_SEED}: a few "
            "seconds."
        )
        return
    dev = f", dev loss {state.evaluated[-1].dev:.4f}" if state.evaluated else ""
    share = min(state.step / state.steps, 1.0)
    words = f"{state.status.capitalize()}: step {state.step:,} of {state.steps:,}{dev}"
    st.progress(share, words)
    curve = training_curve(
        frame(lived(state)), letters=len(load.vocabulary()), steps=state.steps, shown=state.step
    )
    place(curve, key="built_curve")
    if state.sampled:
        names = ", ".join(name for name in state.sampled[-1].names if name)
        st.caption("It makes up: " + plain(names))
    if state.status in ("diverged", "failed"):
        st.warning(plain(state.message), icon=":material/warning:")
    if state.status != drawn:
        st.rerun()
