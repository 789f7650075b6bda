"""Page: eight letters fused pair by pair, and a bug in batch norm that hardly showed."""

from functools import partial

import streamlit as st

from makemore import sampling
from makemore.diagnostics import fusion
from makemore.layers import BatchNorm1d, FlattenConsecutive
from makemore.models.wavenet import WaveNet
from makemore.shipped import SHIPPED
from makemore.training import Trainer
from makemore.ui import axis_bug, frame, ladder, load, spread, tree
from makemore.ui.frame import Step
from makemore.ui.samples import samples
from makemore.ui.training import live_training


def fused(name: str) -> None:
    tree.of_name(name)


def bug(name: str) -> None:
    if axis_bug.asked():
        axis_bug.shown()


def scale(name: str) -> None:
    ladder.rungs("mlp_bn", "wavenet_22k_bug", "wavenet_22k", "wavenet", key="rungs")
    st.caption(
        "Letters: how many the model sees at once. Gap: dev less train loss; it opens as a net gets "
        "large enough to learn names by heart."
    )


def train(name: str) -> None:
    view = partial(spread.at_moment, key="train_wavenet")
    live_training("wavenet_22k", recipe="fast", key="train_wavenet", view=view)


def draw(name: str) -> None:
    keys = load.present(("mlp", "wavenet"))
    samples(*[(SHIPPED[key].label, load.checkpoint(key)) for key in keys], key="wavenet")


frame.show(
    "Fusion tree",
    [
        Step(
            "The tree",
            "Letters fuse into pairs, pairs into fours, fours into eight: every node sums up what "
            "it sees, and the last one guesses the next letter.",
            fused,
            (WaveNet.__init__, FlattenConsecutive.forward, fusion.tree),
        ),
        Step(
            "The axis bug",
            "Batch norm once took its means over the batch alone and not over the positions too: "
            "fewer numbers for each mean, and so more noise.",
            bug,
            (BatchNorm1d.forward, BatchNorm1d._statistics),
        ),
        Step(
            "Flat, tree, scale",
            "More letters, fused step by step, lower the loss; more weights lower it further and "
            "open a gap between names seen and not seen.",
            scale,
        ),
        Step(
            "Watch it learn",
            "The small tree, from the same start as the shipped one: most of the loss goes in "
            "the first seconds, the last hundredths take longest.",
            train,
            (Trainer.events,),
        ),
        Step(
            "New names",
            "With eight letters in view the names keep their thread from the first letter to the "
            "last.",
            draw,
            (sampling.sample,),
        ),
    ],
    after=("pages/home.py", "Five models"),
)
