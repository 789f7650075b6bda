"""Batch norm over the wrong axis, before and after the repair. Knows two wavenets that differ in it."""

import streamlit as st
from torch import Tensor

from makemore.charts.neurons import channel_strips
from makemore.checkpoints import Checkpoint
from makemore.diagnostics.neurons import channels
from makemore.layers import BatchNorm1d
from makemore.ui import load
from makemore.ui.choose import choose
from makemore.ui.place import place
from makemore.ui.predict import predict

PANELS = {"before": "wavenet_22k_bug", "after": "wavenet_22k"}
MOST = 0.98  # of all means lie inside the colour scale; the few beyond would pale the rest
CHANGE = """\
# x is (batch, positions, channels)
mean, var = x.mean(0), x.var(0)            # before: over the batch alone
mean, var = x.mean((0, 1)), x.var((0, 1))  # after: over every axis but the last
"""


def asked() -> bool:
    """How much does a repair that touches every level of the net bring?"""
    before, after = (load.checkpoint(key).metadata.losses["dev"] for key in PANELS.values())
    sizes = {"more than 0.1 nats": 0.1, "about 0.05 nats": 0.03, "0.02 nats or less": -1.0}
    why = (
        f"Dev loss went from {before:.4f} to {after:.4f}, which is {after - before:+.4f}. The wrong "
        "statistics come from fewer numbers, but of the right things, so the net trains well with "
        "them: a bug in a neural net need not show."
    )
    return predict(
        "batch norm averaged over the wrong axes, at every level of the tree. How much lower did "
        "the dev loss get when that was put right?",
        dict.fromkeys(sizes, why),
        answer=next(words for words, least in sizes.items() if before - after > least),
        key="bug_gain",
    )


def shown() -> None:
    """The changed line, the running means of both on one scale, and the losses."""
    st.code(CHANGE, language="python", wrap_lines=True)
    both = {panel: load.checkpoint(key) for panel, key in PANELS.items()}
    level = choose("Level of the tree", {"1": "1, pairs", "2": "2, fours"}, key="bug_level")
    means = {panel: _means(checkpoint, level) for panel, checkpoint in both.items()}
    limit = max(float(each.abs().quantile(MOST)) for each in means.values())
    for panel, checkpoint in both.items():
        rows = channels(means[panel])
        st.markdown(f"**{panel.capitalize()}:** {_numbers(checkpoint, means['before'], panel)}")
        place(channel_strips(rows, limit=limit), key=f"means_{panel}")
    _losses(both)


def _means(checkpoint: Checkpoint, level: str) -> Tensor:
    layer = checkpoint.model.get_submodule(f"layers.norm{level}")
    assert isinstance(layer, BatchNorm1d)
    return layer.running_mean


def _numbers(checkpoint: Checkpoint, wrong: Tensor, panel: str) -> str:
    """From how many numbers a batch each mean is estimated."""
    positions, count = wrong.shape
    batch = int(checkpoint.metadata.recipe["batch_size"])
    if panel == "before":
        return f"{positions} × {count} running means, each from {batch:,} numbers a batch"
    return (
        f"{count} running means, each from {positions} × {batch:,} = {positions * batch:,} numbers"
    )


def _losses(both: dict[str, Checkpoint]) -> None:
    losses = {panel: checkpoint.metadata.losses for panel, checkpoint in both.items()}
    for split, column in zip(("train", "dev", "test"), st.columns(3), strict=True):
        before, after = losses["before"][split], losses["after"][split]
        column.metric(
            f"{split} loss, after", f"{after:.4f}", f"{after - before:+.4f}", delta_color="inverse"
        )
    st.caption(
        "Below each loss the difference to the one before the repair. Both nets were really trained, "
        "with the same seed, data and recipe; they differ in the changed line alone. It is one seed: "
        "differences of a few thousandths can also come from the draw of the weights."
    )
