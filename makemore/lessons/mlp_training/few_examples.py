"""A net that learns a few examples by heart, and the loss that it cannot get below. Knows no job."""

import pandas as pd
import streamlit as st

from makemore.charts.losses.floor_curve import floor_curve
from makemore.data.examples import Examples, windows
from makemore.diagnostics.losses.few_answers import (
    ambiguous_contexts,
    conditional_entropy,
    first_examples,
)
from makemore.experiments import few_examples
from makemore.experiments.few_examples import BLOCK, STEPS, Overfitted
from makemore.ui.kit import links
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.kit.safe_text import plain
from makemore.ui.kit.stage import Stage

NUMBERS, FIRST = (8, 16, 32, 64, 128), 32
BEFORE = 30  # updates that are drawn before the question is answered
MOST_ROWS = 6
KEY = "few_examples"


def show_few_examples(about: ChosenList, name: str, stage: Stage) -> None:
    """The curve towards its floor, and the contexts that make the floor."""
    with stage.controls:
        answered = _ask(about)
        number = _choose_number() if answered else FIRST
    examples = examples_of(about, number)
    found = overfitted(about, number)
    floor = conditional_entropy(examples.tally)
    curve = pd.DataFrame({"step": range(len(found.losses)), "loss": found.losses.tolist()})
    with stage.picture:
        drawn = curve if answered else curve[curve["step"] <= BEFORE]
        chart = floor_curve(drawn, steps=STEPS, floor=floor if answered else None)
        place_chart(chart, key="few_curve", fill="whole")
    with stage.controls:
        if answered:
            _tell_floor(about, examples, float(found.losses[-1]), floor)
        st.caption(
            f"All {len(examples)} examples in every step, {STEPS:,} steps of SGD at rate 0.1, a net of 2 "
            "embedding dimensions and 100 hidden units. A net that cannot learn a few examples by heart has "
            "a bug: so this is the first training to try."
        )


def examples_of(about: ChosenList, number: int) -> Examples:
    """The first so many examples of the list as it stands."""
    some = about.names[:number]  # each name has an example at least
    return first_examples(windows(some, about.vocabulary, BLOCK), number)


def overfitted(about: ChosenList, number: int) -> Overfitted:
    """Trained when it is first asked for, once for each list and number."""
    return about.kept(
        ("few examples", number),
        lambda: few_examples.overfit(examples_of(about, number), len(about.vocabulary)),
    )


def _choose_number() -> int:
    links.bound("examples", key="few_number", options=NUMBERS, first=FIRST)
    number: int = st.select_slider("Examples", NUMBERS, key="few_number")
    return number


def _ask(about: ChosenList) -> bool:
    examples = examples_of(about, FIRST)
    floor = conditional_entropy(examples.tally)
    found = overfitted(about, FIRST)
    end = float(found.losses[-1])
    several = ambiguous_contexts(examples.tally, about.vocabulary)
    if not len(several):
        return True  # then there is nothing to guess: each context has one answer
    first = several.iloc[0]
    answer = "near a floor above zero"
    return ask_to_predict(
        f"a net of {found.net.size:,} parameters trains on {len(examples)} examples alone, for "
        f"{STEPS:,} steps. Drawn are the first {BEFORE}. Where does the loss go?",
        {
            "to zero": f"For that each context would need one answer. {plain(str(first['context']))} has "
            f"{len(str(first['answers']).split())}.",
            answer: f"After {STEPS:,} steps it is {end:.3f}; no net gets below {floor:.3f}, as some contexts "
            "have several right answers.",
            "to about 2 nats": "That is where training on all names ends; so few examples can be learned by "
            "heart.",
        },
        answer=answer,
        key=KEY,
    )


def _tell_floor(about: ChosenList, examples: Examples, end: float, floor: float) -> None:
    st.markdown(f"Loss **{end:.4f}**, floor **{floor:.4f}**, above it {end - floor:.4f} nats.")
    several = ambiguous_contexts(examples.tally, about.vocabulary)
    if len(several):
        place_table(
            [
                {
                    "context": plain(str(row["context"])),
                    "answers": plain(str(row["answers"])),
                    "adds": f"{row['nats']:.4f}",
                }
                for row in several.head(MOST_ROWS).to_dict("records")
            ]
        )
    st.caption(
        "The floor is the conditional entropy of these examples, H(letter | context): the best that can be "
        "said of a context with several answers is their shares. "
        + (
            f"{len(several)} contexts have several."
            if len(several) != 1
            else "One context has several."
        )
    )
