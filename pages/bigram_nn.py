"""Page: the bigram as a neural net, which finds by gradient descent what counting knows."""

import streamlit as st
import torch
from torch import Tensor

from makemore.charts.letters import agreement, compared_letters
from makemore.diagnostics import pairs
from makemore.models import Bigram
from makemore.models.bigram_nn import BigramNN
from makemore.training import Trainer
from makemore.ui import frame, load
from makemore.ui.frame import Step
from makemore.ui.place import place
from makemore.ui.samples import samples
from makemore.ui.training import live_training


def counts() -> Tensor:
    bigram = load.checkpoint("bigram").model
    assert isinstance(bigram, Bigram)
    return bigram.counts


def counted() -> Tensor:
    bigram = load.checkpoint("bigram").model
    assert isinstance(bigram, Bigram)
    return bigram.probabilities


def logits() -> Tensor:
    """The net's whole matrix: its answer to each letter."""
    net = load.checkpoint("bigram_nn").model
    with torch.inference_mode():
        table: Tensor = net(torch.arange(net.vocab_size)[:, None])
    return table


def letter_of(name: str, key: str) -> str:
    letters = load.vocabulary().letters
    return st.selectbox(
        "Letter", letters, index=letters.index(name[0]), key=f"{key}_{name[0]}", width=140
    )


def rows(name: str) -> None:
    letter = letter_of(name, "row")
    row = load.vocabulary().letters.index(letter)
    learned = logits().softmax(dim=1)
    frame_ = pairs.compared(counted()[row], learned[row], load.vocabulary())
    place(compared_letters(frame_, given=f"after {letter}"), key="rows")
    largest = float((learned - counted()).abs().max())
    st.metric("Largest difference in the whole matrix", f"{largest:.2%}")


def scatter(name: str) -> None:
    letter = letter_of(name, "scatter")
    chart = agreement(pairs.agreement(counts(), logits(), load.vocabulary()), chosen=letter)
    place(chart, key="agreement")
    st.caption(
        "Each point is a pair of letters that occurs. Softmax ignores a constant that is added to a "
        "row of logits, so the mean of each row is taken off on both axes."
    )


def train(name: str) -> None:
    live_training("bigram_nn", steps=200, key="train_bigram_nn")


def draw(name: str) -> None:
    samples(
        ("Counted", load.checkpoint("bigram")), ("Learned", load.checkpoint("bigram_nn")), key="nn"
    )


frame.show(
    "The same as a net",
    [
        Step(
            "Learned beside counted",
            "One layer of 27 × 27 weights, trained by gradient descent, comes close to the "
            "probabilities that counting gives at once.",
            rows,
            (BigramNN,),
        ),
        Step(
            "Logits are log counts",
            "The weights that training finds approach the logarithms of the counts, up to a constant a "
            "row; the rarest pairs get there last.",
            scatter,
            (pairs.agreement,),
        ),
        Step(
            "Watch it learn",
            "From random weights the loss falls step by step towards where counting already "
            "is; each step looks at all examples at once.",
            train,
            (Trainer.events,),
        ),
        Step(
            "Same seed, same names",
            "With the same random draws the two models make up many of the same names.",
            draw,
        ),
    ],
    after=("pages/mlp.py", "Embedding and MLP"),
)
