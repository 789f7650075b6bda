"""The buttons of a training, as those of a music player. Knows jobs, draws no chart."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from makemore import jobs
from makemore.jobs import Handle, JobState, Spec
from makemore.ui.kit.safe_text import plain
from makemore.ui.training_panel import offer, run_link, saved_checkpoint, settings_form
from makemore.ui.training_panel.offer import Offer, Run
from makemore.ui.training_panel.presence import session_token

WATCHING = (
    "You watch the training of another tab; its buttons are there. One of your own can go on from where "
    "it stands."
)
ELSEWHERE = (
    "Another server of this address has this training; you see what that kept of it last, some seconds "
    "ago. One of your own can go on from there."
)
FOR_VIEWERS = "Whoever opens it sees this run live, and can train one of their own from there."


def draw_transport(asked: Offer, run: Run | None, state: JobState | None) -> None:
    """Start, pause or resume in one place; step, stop, reset; settings and save beside them."""
    controls = run.controls if run else None
    with st.container(key=f"{asked.key}_transport"):
        if run and state and controls is None:
            _draw_watcher(asked, run, state)
        else:
            _draw_controls(asked, controls, state)
    if trouble := st.session_state.get(f"{asked.key}_trouble"):
        st.warning(plain(trouble), icon=":material/warning:")


def _draw_controls(asked: Offer, held: Handle | None, state: JobState | None) -> None:
    """Two rows of three."""
    paused = state is not None and state.status == "paused"
    going = state is not None and not state.over
    step, stop = _control(asked, Handle.step_once), _control(asked, Handle.stop)
    _draw_play(asked, held, state)
    _draw_button(asked, "Step", "skip_next", step if held and paused else None)
    _draw_button(asked, "Stop", "stop", stop if held and going else None)
    _draw_button(asked, "Reset", "replay", partial(_reset, asked) if held else None)
    with st.popover("Settings", icon=":material/tune:", width="stretch"):
        settings_form.draw_form(asked)
        _offer_new_rate(asked, held, going)
    with st.popover("Save", icon=":material/save:", width="stretch"):
        _draw_save(asked, held, state)


def _draw_watcher(asked: Offer, run: Run, state: JobState) -> None:
    """What who only looks can do: go on alone, or start what the settings say."""
    can_go_on = state.active or state.resumes_at is not None
    with st.container(key=f"{asked.key}_watcher"):
        st.caption(ELSEWHERE if state.elsewhere else WATCHING)
        if can_go_on:
            press = partial(_train_own, asked, run)
            _draw_button(asked, "Train my own from here", "call_split", press, name="own")
        else:
            _draw_button(asked, "Start my own", "play_arrow", partial(begin_run, asked), name="own")


def _draw_play(asked: Offer, held: Handle | None, state: JobState | None) -> None:
    """One place for three words, so that a finger or the keyboard's focus stays where it is."""
    status = state.status if state else None
    if held and status == "running":
        _draw_button(asked, "Pause", "pause", _control(asked, Handle.pause), name="play")
    elif held and can_resume(state):
        _draw_button(asked, "Resume", "play_arrow", resume(asked), name="play")
    else:
        press = None if status == "queued" else partial(begin_run, asked)
        _draw_button(asked, "Start", "play_arrow", press, name="play")


def _control(asked: Offer, act: Callable[[Handle], None]) -> Callable[[], None]:
    """Let a control act, unless another tab has taken the controls over since the button was drawn."""

    def press() -> None:
        run = offer.current_run(asked)
        if run and run.controls:
            act(run.controls)

    return press


def resume(asked: Offer) -> Callable[[], None]:
    """Go on with the run."""
    return _control(asked, Handle.resume)


def can_resume(state: JobState | None) -> bool:
    """Whether to go on is what a learner wants: after a pause, or when a run failed on its way."""
    if state is None:
        return False
    return state.status == "paused" or (state.status == "failed" and bool(state.resumes_at))


def _draw_button(
    asked: Offer, word: str, symbol: str, press: Callable[[], None] | None, *, name: str = ""
) -> None:
    """A button of the row; one without anything to do is disabled."""
    st.button(
        word,
        key=f"{asked.key}_{name or word.lower()}",
        icon=f":material/{symbol}:",
        width="stretch",
        disabled=press is None,
        on_click=press_button,
        args=(asked, press),
    )


def _draw_save(asked: Offer, held: Handle | None, state: JobState | None) -> None:
    """What can be kept of a run: a checkpoint of its state, a link for others."""
    still = held and offer.can_be_saved(state)
    st.button(
        "Save as a checkpoint",
        key=f"{asked.key}_save",
        icon=":material/save:",
        disabled=not still,
        on_click=press_button,
        args=(asked, partial(saved_checkpoint.save_run, asked)),
    )
    if not still:
        st.caption("Of a run that rests: pause it first, or let it finish.")
    if held:
        st.markdown("**View-only link**")
        st.code(run_link.link_to(held.watch), language=None, wrap_lines=True)
        st.caption(f"{FOR_VIEWERS} The buttons stay yours, also after a reload of this page.")


def press_button(asked: Offer, press: Callable[[], None]) -> None:
    """Do it; what the jobs refuse is explained, and nothing else changes."""
    trouble = f"{asked.key}_trouble"
    st.session_state.pop(trouble, None)
    try:
        press()
    except ValueError as error:  # ConfigError, JobError
        st.session_state[trouble] = str(error)


def begin_run(asked: Offer, spec: Spec | None = None) -> None:
    """Start this, else what the settings say. Raises ConfigError and JobError."""
    spec = spec or settings_form.chosen_spec(asked)
    saved_checkpoint.forget_saved(asked)
    offer.start_run(asked, spec)


def _train_own(asked: Offer, run: Run) -> None:
    """Go on alone from where a run stands that is another's. Raises JobError."""
    offer.keep_curve(asked)
    saved_checkpoint.forget_saved(asked)
    offer.take_run(asked, jobs.shared().train_own(run.handle, session_token()))


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
    if run and run.controls:
        run.controls.reset()


def _offer_new_rate(asked: Offer, held: Handle | None, going: bool) -> None:
    """A new learning rate for the run that is under way."""
    if held is None or held.spec.recipe.optimizer == "count":
        return
    key = settings_form.rate_key(asked, held.spec.recipe.name)

    def change(held: Handle) -> None:
        if (rate := st.session_state.get(key)) is not None:
            held.set_learning_rate(float(rate))

    st.button(
        "Use this learning rate from now on",
        key=f"{asked.key}_rate_now",
        icon=":material/speed:",
        disabled=not going or key not in st.session_state,
        on_click=press_button,
        args=(asked, _control(asked, change)),
    )
