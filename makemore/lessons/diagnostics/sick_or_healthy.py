"""Nets whose trouble is to be told from their charts, before the rules tell it. Trains the repaired ones."""

import streamlit as st

from makemore.charts.losses.training_curve import training_curve
from makemore.checkpoints.shipped import MLP_SEED
from makemore.diagnostics.layers.diagnose import Finding
from makemore.diagnostics.layers.repairs import repaired
from makemore.experiments.recorded_stacks import (
    LIKE,
    MODEL,
    QUIZ,
    RECIPE,
    STEPS,
    Stack,
)
from makemore.lessons.diagnostics.look_charts import findings_of
from makemore.lessons.diagnostics.pair_view import choose_kind, flags, place_look
from makemore.lessons.diagnostics.recorded_pair import label_of, moments_of
from makemore.lessons.diagnostics.repair_panel import (
    list_repairable,
    offer_of,
    repair_under_way,
    show_repair,
)
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.moment_slider import Moments, choose_moment
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.sources.recorded import recording
from makemore.ui.training_panel import Offer, loss_curves, recorded_run

KEY = "quiz"
# What each answer would show, told to whoever gave it.
SHOWS = {
    "healthy": "Then the loss would start near ln 27, layers keep their spread, and updates lie near −3.",
    "confidently wrong start": "Then the loss would start far above ln 27.",
    "saturated": "Then histograms at step 0 would pile up at −1 and 1: more than 25% beyond ±0.99.",
    "shrinking": "Then at step 0 the histograms would get narrower from layer to layer.",
    "learning rate too high": "Then the loss would rise above its start.",
    "learning rate too low": "Then the lines of the hidden matrices would lie below −4.",
}
RIGHT = {
    "A": "At step 0 more than 25% of what a layer gives lies beyond ±0.99: the gain of 3 is too large.",
    "B": "Its gain is 0.5, yet batch norm gives every layer its spread back: no rule finds anything.",
    "C": "Its last matrix was drawn a hundred times larger, so it starts sure of the wrong letters.",
    "D": "A tenth of the learning rate: the hidden matrices move by less than a ten-thousandth a step.",
    "E": "Ten times the learning rate: at some step the loss of the examples is far above its start.",
    "F": "Its gain is 0.5, and no batch norm stands in the way: each layer shrinks what it gets.",
}


def show_quiz(about: ChosenList, name: str, stage: Stage) -> None:
    """The charts of one net, the question, and then what the rules find."""
    with stage.controls:
        letter = choose("Net", {each: each for each in QUIZ}, key=f"{KEY}_net", in_link="net")
    stack = QUIZ[letter]
    with stage.picture:
        kind = choose_kind(key=f"{KEY}_kind")
    if (asked := repair_under_way(KEY, letter)) is not None:
        show_repair(asked, stage, key=KEY, kind=kind, kind_key=f"{KEY}_kind")
        return
    whole = moments_of(stack)
    findings = findings_of(whole.readings)
    with stage.controls:
        moments = whole.back_to(choose_moment(whole.steps, key=f"{KEY}_moment_{letter}", first=0))
        told = _ask(letter, findings)
        if told:
            offers = {each: made for each in findings if (made := _offer(about, stack, each))}
            sick = recorded_run(f"net {letter}", recording(stack), STEPS)
            st.caption(f"Net {letter}: {label_of(stack).lower()}.")
            list_repairable(
                findings, whole, sick, key=KEY, kind=f"{KEY}_kind", moment=f"{KEY}_moment_{letter}",
                whose=letter, offers=offers,
            )  # fmt: skip
    with stage.picture:
        _place_curve(stack, moments, len(about.vocabulary), told=told)
        place_look(moments, None, kind=kind, key=f"{KEY}_look", fill="half", told=told)


def _ask(letter: str, findings: tuple[Finding, ...]) -> bool:
    answer = findings[0].name if findings else "healthy"
    choices = {**SHOWS, answer: RIGHT[letter]}
    return ask_to_predict(
        f"what is wrong with net {letter}, if anything? Scrub, and look at all four charts.",
        choices,
        answer=answer,
        key=f"{KEY}_{letter}",
    )


def _offer(about: ChosenList, stack: Stack, finding: Finding) -> Offer | None:
    """The training with the repair; None where there is no such switch."""
    settings = stack.settings(len(about.vocabulary))
    after = repaired(finding.repair, MODEL, settings, stack.recipe.learning_rate)
    return None if after is None else offer_of(
        about, after, key=KEY, seed=MLP_SEED, recipe_name=RECIPE, steps=STEPS, like=LIKE,
        title=str(finding.repair),
    )  # fmt: skip


def _place_curve(stack: Stack, moments: Moments, letters: int, *, told: bool) -> None:
    chart = training_curve(
        loss_curves.curve_frame(loss_curves.trajectory_curve(recording(stack))),
        letters=letters,
        steps=max(moments.steps[-1], 1),
        shown=moments.step,
        flag=flags(moments) if told else None,
    )
    place_chart(chart, key=f"{KEY}_curve_alone", fill="third")
