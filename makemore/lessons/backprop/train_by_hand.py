"""The training loop on hand-written gradients beside autograd's, from one seed. Knows no trainer and no job."""

from collections.abc import Mapping
from functools import partial
from typing import Literal

import pandas as pd
import streamlit as st
import torch

from makemore.by_hand.backprop import PARAMETERS, draw_net
from makemore.by_hand.trained_each_way import AUTOGRAD, BY_HAND, FUSED, train_each_way
from makemore.charts.layers.gradient_differences import gradient_differences
from makemore.charts.losses.overlaid_losses import loss_differences, overlaid_losses
from makemore.diagnostics.losses.hand_trainings import DIGITS, Compared, compare_trainings
from makemore.lessons.backprop.one_batch import BLOCK, Pass, pass_of
from makemore.ui.kit import ask_beside, links
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.kit.stage import Stage

Numbers = Literal["float32", "float64"]
NUMBERS: Mapping[Numbers, str] = {"float32": "float32", "float64": "float64"}
TYPES: Mapping[Numbers, torch.dtype] = {"float32": torch.float32, "float64": torch.float64}
FEWEST, MOST = 10, 1_000  # steps
SEEDS = 100
ASKED = "losses_part"


def show_train_by_hand(about: ChosenList, name: str, stage: Stage) -> None:
    """Before the question the gradients of one batch; then three trainings, worked out beside the page."""
    with stage.controls:
        first = st.container()  # what can be set stays in view when the question is answered
        answered = _ask_whether_they_part()
        with first if answered else st.container():
            settings = _choose_training()
        compared = _train(about, *settings) if answered else None
    with stage.picture:
        if compared is None:
            differences = differences_of(pass_of(about, name))
            place_chart(gradient_differences(differences), key="by_hand_one_batch", fill="whole")
        else:
            letters = len(about.vocabulary)
            chart = overlaid_losses(compared.curves, letters=letters)
            place_chart(chart, key="by_hand_losses", fill="half")
            apart = loss_differences(compared.curves, than=AUTOGRAD)
            place_chart(apart, key="by_hand_apart", fill="half")
    ask_beside.look_again(answered and compared is None)


def differences_of(found: Pass) -> pd.DataFrame:
    """`name, verdict, largest` of the gradients that a training needs, on one batch."""
    checks = [found.checks[name] for name in PARAMETERS]
    rows = [(f"d{check.name}", check.verdict, check.largest) for check in checks]
    return pd.DataFrame(rows, columns=["name", "verdict", "largest"])


def trained(about: ChosenList, numbers: Numbers, steps: int, seed: int) -> Compared:
    """The three trainings on the train names of this list."""
    net = draw_net(letters=len(about.vocabulary), dtype=TYPES[numbers])
    examples = about.dataset.examples("train", BLOCK)
    return compare_trainings(train_each_way(net, examples, steps=steps, seed=seed))


def _ask_whether_they_part() -> bool:
    answer = "they stay as close"
    return ask_to_predict(
        "drawn is how far the gradients by hand are from autograd's on one batch: rounding of float32. Now the "
        "net is trained with either, from one seed. What becomes of the difference between the two losses?",
        {
            answer: "Each step rounds anew, but descent draws neighbouring nets the same way and does not "
            "amplify what they differ by.",
            "it doubles every few steps": "So it would be in a chaotic system, and with a step size that makes "
            "the training diverge; a small step downhill brings neighbours no further apart.",
            "they are equal in all bits": "That would take every sum in the same order. The formulas are the "
            "same, the order of their roundings is not.",
        },
        answer=answer,
        key=ASKED,
    )


def _choose_training() -> tuple[Numbers, int, int]:
    """In which numbers, how many steps, and which batches."""
    numbers = choose("Numbers", NUMBERS, key="by_hand_numbers", in_link="numbers")
    left, right = st.columns(2)
    links.bound("steps", key="by_hand_steps", options=range(FEWEST, MOST + 1), first=MOST)
    with left:
        steps = int(st.number_input("Steps", FEWEST, MOST, step=10, key="by_hand_steps"))
    links.bound("order", key="by_hand_order", options=range(SEEDS), first=7)
    help = "Draws the batches, the same ones for all three."
    with right:
        seed = int(st.number_input("Seed", 0, SEEDS - 1, key="by_hand_order", help=help))
    return numbers, steps, seed


def _train(about: ChosenList, numbers: Numbers, steps: int, seed: int) -> Compared | None:
    """The trainings, None until they are there."""
    key = "by hand", numbers, steps, seed
    compared = ask_beside.ask_beside(about, key, partial(trained, about, numbers, steps, seed))
    if compared is None:
        st.caption(f"{steps:,} steps are being trained, three times over: a few seconds.")
    else:
        _tell(compared, numbers)
    return compared


def _tell(compared: Compared, numbers: Numbers) -> None:
    """How long the losses print alike, how far they part, and what the three took."""
    hand, theirs = st.columns(2)
    help = f"{compared.steps:,} steps, timed as they ran here; through 27 small values, one by one."
    hand.metric("By hand", f"{compared.seconds[BY_HAND]:.2f} s", help=help)
    help = f"The same steps; fused by hand: {compared.seconds[FUSED]:.2f} s."
    theirs.metric("Autograd", f"{compared.seconds[AUTOGRAD]:.2f} s", help=help)
    st.markdown(
        f"Largest difference of a loss **{compared.largest:.1e}**, of a parameter at the end "
        f"{compared.of_net:.1e}."
    )
    place_table(
        [
            {
                "digits": str(digits),
                "print alike up to step": f"{compared.alike[digits]:,}",
                "differ": f"{compared.differing[digits]:,} of {compared.steps:,}",
            }
            for digits in DIGITS
        ]
    )
    st.caption(_reason(numbers))


def _reason(numbers: Numbers) -> str:
    step = 2 * torch.finfo(TYPES[numbers]).eps
    return (
        f"Between 2 and 4 two neighbouring numbers of {numbers} are {step:.1e} apart: by so little a sum "
        "taken in another order differs. A printed digit differs where a loss lies within that difference "
        "of a rounding edge, the more often, the more digits are printed; the next loss may well print alike "
        "again."
    )
