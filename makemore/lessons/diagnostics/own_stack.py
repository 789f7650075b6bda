"""A deep tanh stack of one's own switches, trained live, diagnosed as it trains, repaired beside itself."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from makemore.checkpoints.shipped import MLP_SEED
from makemore.diagnostics.layers.diagnose import Finding
from makemore.diagnostics.layers.repairs import repaired
from makemore.experiments.recorded_stacks import (
    GAINS,
    LIKE,
    MODEL,
    RATES,
    RECIPE,
    STACKS,
    STEPS,
    Stack,
)
from makemore.lessons.diagnostics.finding_list import list_findings, rerun_if_pressed
from makemore.lessons.diagnostics.look_charts import findings_of
from makemore.lessons.diagnostics.pair_view import PACE, choose_kind, flags, show_pair
from makemore.lessons.diagnostics.stack_recordings import like_it, name_stack, recorded_stack
from makemore.models.brick_stack import parse
from makemore.ui.kit import links
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.moment_slider import Moments
from makemore.ui.kit.page_frame import Stage
from makemore.ui.sources.recorded import recording
from makemore.ui.training_panel import (
    Former,
    Offer,
    begin,
    current_run,
    follow_run,
    linked_settings,
    recorded_run,
    start_beside,
    train_offered,
)
from makemore.ui.training_panel.live_moments import planned_steps

KEY = "stack"
GAIN, NORM, RATE, DEPTH, KIND = (
    f"{KEY}_{each}" for each in ("gain", "norm", "rate", "depth", "kind")
)
WAITS = f"{KEY}_waits"  # in the session: a sick stack, and the repaired one that starts after it
DEEPEST = 10
SICK = Stack(gain="3")  # to begin with


def show_stack(about: ChosenList, name: str, stage: Stage) -> None:
    """Switches, findings, the panel; the curve, and below it the chart that is chosen."""
    _take_linked(about)
    _start_repaired(about)
    with stage.controls:
        stack = _choose_stack()
        found = st.container()
    asked = offer_for(about, stack)
    with stage.picture:
        kind = choose_kind(key=KIND)
    train_offered(
        asked, stage, pair_view=partial(show_pair, kind=kind, key=KEY), pace=PACE, flags=flags
    )
    with found:
        follow_run(asked, partial(_tell, about, stack), pace=PACE)


def offer_for(about: ChosenList, stack: Stack) -> Offer:
    """The panel's offer of a stack; depth, gain and batch norm make it another net, the rate another run."""
    known = not about.own and stack in STACKS
    return Offer(
        about=about,
        key=KEY,
        model=MODEL,
        seed=MLP_SEED,
        recipe_name=RECIPE,
        steps=STEPS,
        settings=stack.settings(len(about.dataset.vocabulary)),
        like=LIKE,
        title=name_stack(stack),
        learning_rate=stack.recipe.learning_rate,
        recorded=recorded_stack(stack) if known else None,
        like_it=None if known else like_it(stack),
    )


def _choose_stack() -> Stack:
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        gain = choose(
            "Gain", {each: each for each in GAINS}, key=GAIN, first=SICK.gain, in_link="gain"
        )
        links.bound("norm", key=NORM, options=(False, True), first=False, say=_yes_or_no)
        norm = st.toggle("Batch norm", key=NORM)
    rate = choose("Learning rate ×", {each: each for each in RATES}, key=RATE, first="1",
                  in_link="rate", help="Times the lecture's, 0.1.")  # fmt: skip
    links.bound("depth", key=DEPTH, options=range(1, DEEPEST + 1), first=SICK.depth)
    depth = st.slider("Depth: hidden tanh layers", 1, DEEPEST, key=DEPTH)
    return Stack(gain=gain, norm=norm, rate=rate, depth=depth)


def _yes_or_no(on: bool) -> str:
    return "yes" if on else "no"


def _tell(about: ChosenList, stack: Stack, moments: Moments) -> None:
    """What is found by now."""
    rerun_if_pressed()
    if _tell_waiting(about, stack):
        return
    run = current_run(offer_for(about, stack))
    list_findings(
        findings_of(moments.readings),
        moments.readings,
        key=KEY,
        show=partial(
            show_where,
            steps=planned_steps(run.spec.recipe.steps) if run else moments.steps,
            kind=KIND,
            moment=f"{KEY}_moment_newest" if run else f"{KEY}_moment_",
        ),
        repair=partial(_repair, about, stack),
        repairs=lambda finding: repaired_stack(stack, finding) != stack,
    )


def show_where(finding: Finding, *, steps: Sequence[int], kind: str, moment: str) -> None:
    """Set the switches of chart and moment to what a finding names; for callbacks."""
    if finding.chart != "loss":
        st.session_state[kind] = finding.chart
    if moment in st.session_state:  # one of the step on the way is at the newest, which is the last
        known = finding.step in steps
        st.session_state[moment] = list(steps).index(finding.step) if known else len(steps) - 1


def _repair(about: ChosenList, stack: Stack, finding: Finding) -> None:
    """Have the repaired net trained beside the sick one: once that has ended, so that both are whole.

    A visitor has one training at a time; one that has not begun yet is begun, if nobody recorded it.
    """
    asked, after = offer_for(about, stack), repaired_stack(stack, finding)
    if current_run(asked) is None and asked.recorded:
        _start_beside(about, after, recorded_run(asked.title, recording(stack), STEPS))
        return
    if current_run(asked) is None:
        begin(asked)
    st.session_state[WAITS] = (stack, after)


def _start_repaired(about: ChosenList) -> None:
    """Turn the switches and start the repaired net, if one waits and the sick one has ended."""
    sick, after = st.session_state.get(WAITS, (None, None))
    if sick is None or after is None:
        return
    run = current_run(offer_for(about, sick))
    if run is None or run.handle.snapshot().over:
        del st.session_state[WAITS]
        if run is not None:
            _start_beside(about, after)


def _start_beside(about: ChosenList, after: Stack, sick: Former | None = None) -> None:
    st.session_state.update({GAIN: after.gain, NORM: after.norm, RATE: after.rate})
    start_beside(offer_for(about, after), sick)


def _tell_waiting(about: ChosenList, stack: Stack) -> bool:
    """That the repaired one starts later, and the way to have it now; whether it waits."""
    sick, after = st.session_state.get(WAITS, (None, None))
    if sick != stack or after is None:
        return False
    words = offer_for(about, after).title
    st.info(f"The repaired net ({words}, learning rate × {after.rate}) starts when this one has ended.",
            icon=":material/hourglass_top:")  # fmt: skip
    st.button("Start it now", key=f"{KEY}_now", icon=":material/skip_next:",
              help="Ends this training where it is.", on_click=_end_sick, args=(about, stack))  # fmt: skip
    return True


def _end_sick(about: ChosenList, stack: Stack) -> None:
    run = current_run(offer_for(about, stack))
    if run and run.controls:
        run.controls.stop()


def repaired_stack(stack: Stack, finding: Finding) -> Stack:
    """What the repair makes of the switches; a learning rate as near as these can stand."""
    usual = Stack().recipe.learning_rate
    after = repaired(finding.repair, MODEL, stack.settings(27), stack.recipe.learning_rate)
    if after is None:
        return stack
    gain = min(GAINS, key=lambda each: abs(GAINS[each] - after.settings["gain"]))
    rate = min(RATES, key=lambda each: abs(RATES[each] * usual - after.learning_rate))
    norm = "BatchNorm1d" in after.settings["bricks"]
    return replace(stack, gain=gain, rate=rate, norm=norm)


def _take_linked(about: ChosenList) -> None:
    """Let the switches begin with the net that the run of the link has."""
    linked: dict[str, Any] = linked_settings(KEY, MODEL, about)
    if not linked or any(name in st.query_params for name in ("gain", "norm", "depth")):
        return
    kinds = [brick.kind for brick in parse(linked["bricks"])]
    said = {
        "gain": next((k for k, v in GAINS.items() if abs(v - linked["gain"]) < 1e-9), SICK.gain),
        "norm": _yes_or_no("BatchNorm1d" in kinds),
        "depth": str(kinds.count("Tanh")),
    }
    usual = {"gain": SICK.gain, "norm": "no", "depth": str(SICK.depth)}
    for name, value in said.items():
        if value != usual[name]:
            st.query_params[name] = value
