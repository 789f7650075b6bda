"""A recorded deep stack beside the sound one, layer by layer at one moment. Trains nothing."""

from typing import Literal

import streamlit as st

from makemore.experiments.recorded_stacks import GAINS, SOUND, Stack
from makemore.lessons.diagnostics.finding_words import places_of, sentence
from makemore.lessons.diagnostics.look_charts import Kind, draw_look, findings_of
from makemore.ui.kit import links
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.moment_slider import Moments, choose_moment, recorded_moments
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.sources.recorded import recording

Way = Literal["gradients", "weights"]
WAYS: dict[Way, str] = {"gradients": "By what layers give", "weights": "By their weights"}
FIRST = "0.5"  # the gain of the sick one, to begin with


def show_activations(about: ChosenList, name: str, stage: Stage) -> None:
    """What the layers of two nets give."""
    stack, step = _choose(stage, key="activations")
    _draw_pair("activations", stack, step, stage, key="activations")


def show_gradients(about: ChosenList, name: str, stage: Stage) -> None:
    """What gets back to the layers of two nets, and to their weights."""
    stack, step = _choose(stage, key="gradients")
    with stage.controls:
        way = choose("Gradients of the loss", WAYS, key="gradients_way", in_link="of")
    _draw_pair(way, stack, step, stage, key="gradients")


def _choose(stage: Stage, *, key: str) -> tuple[Stack, int]:
    """The net on the left, and the moment of both."""
    with stage.controls:
        gain = choose(
            "Gain of the net on the left",
            {each: each for each in GAINS},
            key=f"{key}_gain",
            first=FIRST,
            in_link="gain",
            help="Hidden matrices are drawn with a standard deviation of gain / √fan_in. Kaiming's rule "
            "has 5/3 for the tanh.",
        )
        norm = choose_norm(key=f"{key}_norm")
        stack = Stack(gain=gain, norm=norm)
        step = choose_moment(moments_of(stack).steps, key=f"{key}_moment", first=0)
    return stack, step


def choose_norm(*, key: str) -> bool:
    """Whether batch norm stands before each tanh."""
    links.bound(
        "norm", key=key, options=(False, True), first=False, say=lambda on: "yes" * on or "no"
    )
    return st.toggle("Batch norm before each tanh", key=key)


def moments_of(stack: Stack) -> Moments:
    """What was recorded of a stack, the last moment in view."""
    return recorded_moments(recording(stack))


def _draw_pair(kind: Kind, stack: Stack, step: int, stage: Stage, *, key: str) -> None:
    """Both on one axis, with the verdict over each."""
    left, right = (moments_of(each).back_to(step) for each in (stack, SOUND))
    with stage.picture:
        columns = st.columns(2, gap="small")
        for column, side, moments, other in (
            (columns[0], stack, left, right),
            (columns[1], SOUND, right, left),
        ):
            findings = findings_of(moments.readings)
            verdict = ", ".join(each.name for each in findings) or "healthy"
            with column:
                st.markdown(f"**{label_of(side)}**: {verdict}")
                chart = draw_look(kind, moments, findings, beside=other)
                fill_key = f"{key}_{'right' if side is SOUND else 'left'}"
                place_chart(chart, key=fill_key, fill="most")
    with stage.controls:
        for finding in findings_of(left.readings):
            seen = {each.chart: each for each in places_of(finding)}
            told = seen.get("activations" if kind == "activations" else "gradients", finding)
            st.markdown(f":material/warning: **{finding.name[0].upper()}{finding.name[1:]}.** "
                        f"{sentence(told)}")  # fmt: skip
        st.caption(
            f"Two nets of {stack.depth} hidden tanh layers of 100 units, one seed, the same batches, the "
            "lecture's loop: they differ in the gain"
            + (" and in batch norm." if stack.norm else ".")
            + " 200 examples of dev at each moment; flat: beyond ±0.99."
        )


def label_of(stack: Stack) -> str:
    """What sets a stack apart, in words."""
    words = [f"Gain {stack.gain}"]
    words += ["batch norm"] if stack.norm else []
    words += [f"learning rate × {stack.rate}"] if stack.rate != "1" else []
    words += ["last matrix × 100"] if stack.logits_scale > 1 else []
    return ", ".join(words)
