"""How far each update moves each matrix, at four learning rates, recorded. Trains nothing."""

import streamlit as st

from makemore.charts.losses.training_curve import Flag, training_curve
from makemore.diagnostics.layers.diagnose import Finding
from makemore.experiments.recorded_stacks import RECORDED_RATES, SOUND, STEPS, Stack
from makemore.lessons.diagnostics.finding_words import note, sentence
from makemore.lessons.diagnostics.look_charts import draw_look, findings_of
from makemore.lessons.diagnostics.recorded_pair import choose_norm, moments_of
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.moment_slider import Moments, choose_moment
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.sources.recorded import recording
from makemore.ui.training_panel import loss_curves


def show_updates(about: ChosenList, name: str, stage: Stage) -> None:
    """Update over data of each matrix, and the loss below it."""
    with stage.controls:
        rate = choose(
            "Learning rate",
            {each: f"× {each}" for each in RECORDED_RATES},
            key="updates_rate",
            first="1",
            in_link="rate",
            help=f"Times the lecture's, which is {SOUND.recipe.learning_rate:g}.",
        )
        stack = Stack(rate=rate, norm=choose_norm(key="updates_norm"))
        whole = moments_of(stack)
        moments = whole.back_to(
            choose_moment(whole.steps, key=f"updates_moment_{len(whole.steps)}")
        )
    findings = findings_of(moments.readings)
    with stage.picture:
        place_chart(draw_look("updates", moments, findings), key="updates", fill="half")
        _place_curve(stack, moments, findings, letters=len(about.vocabulary))
    with stage.controls:
        _tell(stack, findings)


def _place_curve(
    stack: Stack, moments: Moments, findings: tuple[Finding, ...], *, letters: int
) -> None:
    curve = loss_curves.curve_frame(loss_curves.trajectory_curve(recording(stack)))
    chart = training_curve(
        curve,
        letters=letters,
        steps=max(moments.steps[-1], 1),
        shown=moments.step,
        log_steps=True,
        flag=flag_of(findings, moments),
    )
    place_chart(chart, key="updates_curve", fill="half")


def flag_of(findings: tuple[Finding, ...], moments: Moments) -> Flag | None:
    """Where the first of those that show in the loss does."""
    first = next((each for each in findings if each.chart == "loss"), None)
    look = next((each for each in moments.readings if first and each.step == first.step), None)
    return (look.step, look.loss, note(first)) if first and look else None


def _tell(stack: Stack, findings: tuple[Finding, ...]) -> None:
    if not findings:
        st.markdown(":material/check_circle: **Healthy.** No rule finds anything.")
    for finding in findings:
        st.markdown(f":material/warning: **{finding.name[0].upper()}{finding.name[1:]}.** "
                    f"{sentence(finding)}")  # fmt: skip
    st.caption(
        f"Standard deviation of the update over that of the matrix. {stack.depth} tanh layers, gain "
        f"{stack.gain}, {STEPS:,} steps; a training that ended early had overshot. Judged are hidden "
        "matrices; the embedding and the last matrix, which is drawn near zero, have speeds of their own."
    )
