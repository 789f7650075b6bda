"""The buttons of a training, as those of a music player. Knows jobs, draws no chart."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from makemore.jobs import JobState
from makemore.ui.kit.safe_text import plain
from makemore.ui.training_panel import offer, saved_checkpoint, settings_form
from makemore.ui.training_panel.offer import Offer, Run

WIDTH, WIDER = 109, 122  # so that none moves when another changes its word; three fit a phone


def draw_transport(asked: Offer, run: Run | None, state: JobState | None) -> None:
    """Start, pause or resume in one place; step, stop, reset; settings and save beside them."""
    paused = state is not None and state.status == "paused"
    going = state is not None and not state.over
    with st.container(key=f"{asked.key}_transport", horizontal=True, gap="xsmall"):
        _draw_play(asked, run, state)
        _draw_button(asked, "Step", "skip_next", run.handle.step_once if run and paused else None)
        _draw_button(asked, "Stop", "stop", run.handle.stop if run and going else None)
        _draw_button(asked, "Reset", "replay", partial(_reset, asked) if run else None)
        with st.popover("Settings", icon=":material/tune:", width=WIDER):
            settings_form.draw_form(asked)
            _offer_new_rate(asked, run, going)
        still = run and offer.can_be_saved(state)
        _draw_button(
            asked, "Save", "save", partial(saved_checkpoint.save_run, asked) if still else None
        )
    if trouble := st.session_state.get(f"{asked.key}_trouble"):
        st.warning(plain(trouble), icon=":material/warning:")


def _draw_play(asked: Offer, run: Run | None, state: JobState | None) -> None:
    """One place for three words, so that a finger or the keyboard's focus stays where it is."""
    status = state.status if state else None
    if run and status == "running":
        _draw_button(asked, "Pause", "pause", run.handle.pause, name="play")
    elif run and status == "paused":
        _draw_button(asked, "Resume", "play_arrow", run.handle.resume, name="play")
    else:
        press = None if status == "queued" else partial(begin_run, asked)
        _draw_button(asked, "Start", "play_arrow", press, name="play")


def _draw_button(
    asked: Offer, word: str, symbol: str, press: Callable[[], None] | None, *, name: str = ""
) -> None:
    """A button of the row; one without anything to do is disabled."""
    st.button(
        word,
        key=f"{asked.key}_{name or word.lower()}",
        icon=f":material/{symbol}:",
        width=WIDTH,
        disabled=press is None,
        on_click=press_button,
        args=(asked, press),
    )


def press_button(asked: Offer, press: Callable[[], None]) -> None:
    """Do it; what the jobs refuse is explained, and nothing else changes."""
    trouble = f"{asked.key}_trouble"
    st.session_state.pop(trouble, None)
    try:
        press()
    except ValueError as error:  # ConfigError, JobError
        st.session_state[trouble] = str(error)


def begin_run(asked: Offer) -> None:
    """Start what the settings say. Raises ConfigError and JobError."""
    spec = settings_form.chosen_spec(asked)
    saved_checkpoint.forget_saved(asked)
    offer.start_run(asked, spec)


def clear_other_net(asked: Offer) -> None:
    """Let go of the run of another net than the one on offer, and of what was said about it."""
    if offer.let_go_of_other_net(asked):
        saved_checkpoint.forget_saved(asked)
        st.session_state.pop(f"{asked.key}_trouble", None)


def _reset(asked: Offer) -> None:
    """Back to the identical start; what was reached stays for comparison."""
    offer.keep_curve(asked)
    saved_checkpoint.forget_saved(asked)
    run = offer.current_run(asked)
    if run:
        run.handle.reset()


def _offer_new_rate(asked: Offer, run: Run | None, going: bool) -> None:
    """A new learning rate for the run that is under way."""
    if run is None or run.spec.recipe.optimizer == "count":
        return
    key = settings_form.rate_key(asked, run.spec.recipe.name)

    def change() -> None:
        run.handle.set_learning_rate(float(st.session_state[key]))

    st.button(
        "Use this learning rate from now on",
        key=f"{asked.key}_rate_now",
        icon=":material/speed:",
        disabled=not going or key not in st.session_state,
        on_click=press_button,
        args=(asked, change),
    )
