"""Train mode against eval mode for one example, and the batch of one that has no variance. Knows no page."""

import math
from functools import partial
from typing import Literal

import pandas as pd
import streamlit as st
import torch
from torch import Tensor, nn

from makemore.charts.layers.neighbour_dots import neighbour_dots
from makemore.data.examples import windows
from makemore.diagnostics.layers.batch_neighbours import probabilities_among, probability_alone
from makemore.diagnostics.layers.batch_norm_numbers import normalised_values
from makemore.layers import BatchNorm1d
from makemore.lessons.batch_norm.one_norm import Normed, choose_normed
from makemore.ui.kit import links
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.kit.safe_text import plain
from makemore.ui.kit.stage import Stage

Mode = Literal["train", "eval"]
MODES: dict[Mode, str] = {"train": "Train", "eval": "Eval"}
MODE, SIZE = "norm_mode", "norm_size"  # the keys of the two widgets
SIZES = (1, 2, 4, 8, 32, 128)
FEW = 32  # in a batch while the question stands
BATCHES = 60
NEURON = 0  # whose arithmetic is written out
NAN = "NaN"


def show_two_modes(about: ChosenList, name: str, stage: Stage) -> None:
    """The probability of one letter of the name in one batch after the other, and in eval mode."""
    with stage.controls:
        first = (
            st.container()
        )  # what changes the picture stays in view when the question is answered
        answered = _ask_one_example()
        with first:
            mode, size = _choose_mode() if answered else ("train", FEW)
            told = st.container()
        at = _choose_letter(name)
        told = told if answered else st.container()
        net = choose_normed(about)
    contexts, targets = _examples_of(about, net, name)
    context, target = contexts[at], int(targets[at])
    letter = about.vocabulary.decode([target])
    found = about.kept(
        (net.key, "modes", tuple(context.tolist()), target, mode, size),
        partial(_look, about, net, context, target, mode, size),
    )
    frame, alone = found
    with stage.picture:
        chart = neighbour_dots(frame, alone=alone, letter=letter, count=BATCHES)
        place_chart(chart, key="neighbours", fill="most" if size == 1 else "whole")
        if size == 1 and mode == "train":
            st.caption("No dot: a batch of one gives NaN, which has no place on any axis.")
    with told:
        if answered and mode == "train" and size == 1:
            _show_nan(net, context)
        else:
            _tell_spread(frame, alone, mode)


def _choose_letter(name: str) -> int:
    """Which letter of the name is to be foretold."""
    places = range(len(name) + 1)
    links.bound("at", key=f"norm_at_{len(name)}", options=places, first=len(name))
    return int(
        st.select_slider(
            "Letter to foretell",
            places,
            format_func=lambda place: f"{name[:place]} → {(name + '.')[place]}",
            key=f"norm_at_{len(name)}",
        )
    )


def _choose_mode() -> tuple[Mode, int]:
    left, right = st.columns([2, 3])
    with left:
        mode = choose("Mode", MODES, key=MODE, in_link="mode")
    with right:
        links.bound("size", key=SIZE, options=SIZES, first=1)
        size: int = st.select_slider("Examples in the batch", SIZES, key=SIZE)
    return mode, size


def _ask_one_example() -> bool:
    answer = "not a number"
    return ask_to_predict(
        f"drawn is one example in {BATCHES} batches of {FEW}, the rest of each drawn at random. What "
        "does batch norm give in train mode for a batch of this example alone?",
        {
            "the same as eval mode": "Eval mode takes the running statistics. Train mode takes those of "
            "the batch, and one example has none.",
            "0, whatever comes in": "The numerator is 0, a number less itself. With the variance divided by n, as "
            "in torch, 0 would come out, always the same; torch refuses instead.",
            answer: "The variance is a sum of squares over n − 1, here 0/0.",
        },
        answer=answer,
        key="one_example",
    )


def _examples_of(about: ChosenList, net: Normed, name: str) -> tuple[Tensor, Tensor]:
    """A context and a target for each letter of the name, and for its end."""
    examples = windows((name,), about.vocabulary, net.model.block_size)
    return examples.contexts, examples.targets


def _look(
    about: ChosenList, net: Normed, context: Tensor, target: int, mode: Mode, size: int
) -> tuple[pd.DataFrame, float]:
    """Batches with the probability in each, and that in eval mode."""
    model = net.model
    alone = probability_alone(model, context, target)
    if mode == "eval":
        batches = range(1, BATCHES + 1)
        return pd.DataFrame({"batch": batches, "probability": [alone] * BATCHES}), alone
    if size == 1:
        return pd.DataFrame({"batch": [], "probability": []}, dtype=float), alone
    others = about.dataset.examples("train", model.block_size).contexts
    frame = probabilities_among(model, context, target, others, size=size, batches=BATCHES)
    return frame, alone


def _show_nan(net: Normed, context: Tensor) -> None:
    """The arithmetic of a batch of one, neuron by neuron the same, and two ways out of it."""
    value = float(net.before(context[None]).flatten()[NEURON])
    [after] = normalised_values([value])["after"]
    place_table(
        [
            {f"neuron {NEURON}": "x, and the mean of all x", "is": f"{value:.3f}"},
            {f"neuron {NEURON}": "x − mean", "is": f"{value - value:.3f}"},
            {f"neuron {NEURON}": "variance, 0 / (1 − 1)", "is": NAN},
            {f"neuron {NEURON}": "(x − mean) / √(variance + ε)", "is": _written(after)},
        ]
    )
    st.caption(f"So every logit and the loss are NaN. {_refusals()}")
    with st.container(horizontal=True):
        st.button("Repair: eval mode", key="nan_eval", on_click=_put, args=(MODE, "eval"))
        st.button("Repair: a batch of 8", key="nan_batch", on_click=_put, args=(SIZE, 8))


def _written(value: float) -> str:
    return NAN if math.isnan(value) else f"{value:.3f}"


def _put(key: str, value: str | int) -> None:
    st.session_state[key] = value


def _refusals() -> str:
    """What the layer here and torch's say to a batch of one, from themselves."""
    told = {}
    for who, norm in (("ours", BatchNorm1d(1)), ("torch", nn.BatchNorm1d(1))):
        try:
            norm.train()(torch.zeros(1, 1))
        except ValueError as error:
            told[who] = plain(str(error).split(", got")[0])
    return f"The layers refuse: ours says “{told['ours']}”, torch's “{told['torch']}”."


def _tell_spread(frame: pd.DataFrame, alone: float, mode: Mode) -> None:
    found = frame["probability"]
    if mode == "eval":
        st.caption(
            f"Eval mode normalises by the running statistics: {alone:.1%} in every batch of any size, also "
            "in one of one. So names are drawn and losses measured in eval mode."
        )
        return
    st.caption(
        f"Train mode: from {found.min():.1%} to {found.max():.1%}, depending on who else is in the batch; "
        f"mean {found.mean():.1%}, standard deviation {100 * found.std():.1f} points. Eval mode: {alone:.1%}. "
        "The larger the batch, the closer its statistics are to those of all examples."
    )
