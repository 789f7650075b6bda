"""Which axes of (32, 4, 20) a batch norm averages over: ours, with the bug, torch's. Knows one tree."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import streamlit as st
import torch
from torch import Generator, Tensor

from makemore.charts.layers.channel_strips import channel_strips
from makemore.checkpoints.shipped import SHIPPED
from makemore.diagnostics.layers import subtracted_means
from makemore.diagnostics.layers.batch_norm_numbers import axes_of
from makemore.diagnostics.layers.subtracted_means import AXES, Norm, rows_of
from makemore.inference.capture import capture
from makemore.models import build
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.examined import BATCH, batch_of
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.kit.stage import Stage

TREE, LAYER = "wavenet_22k", "linear1"  # the pairs of its 8 letters
FEATURES = 20  # of the layer's, the first ones
NORMS: dict[Norm, str] = {"ours": "Ours", "bug": "The bug", "torch": "torch as it is"}
CODE = {
    "ours": "BatchNorm1d(20)(x)          # ours: every axis but the last",
    "bug": "x.mean(0), x.var(0)         # the bug: the batch alone",
    "torch": "torch.nn.BatchNorm1d(4)(x)  # torch: axis 1 holds the channels",
}
TURNED = "torch.nn.BatchNorm1d(20)(x.transpose(1, 2)).transpose(1, 2)"


@dataclass(frozen=True, eq=False)
class Pairs:
    """x (32, 4, 20) and what is drawn and told of it; `limit` of its colours."""

    x: Tensor
    means: pd.DataFrame
    taken_and_left: dict[Norm, pd.DataFrame]
    largest: dict[Norm, float]
    axes: pd.DataFrame
    limit: float


def show_axes(about: ChosenList, name: str, stage: Stage) -> None:
    """The mean that is taken away at each place of (positions, features), and what is left there."""
    found = about.kept("pairs", lambda: look_at(pairs_of(about)))
    with stage.controls:
        first = st.container()
        answered = _ask_axes()
    if not answered:
        with stage.picture:
            _place(found.means, found.limit)
        return
    with first:
        norm = choose("Batch norm", NORMS, key="axes_norm", in_link="norm")
        place_table(_rows(found))
        st.caption(_tell(found, norm))
    with stage.picture:
        _place(found.taken_and_left[norm], found.limit)
    with stage.below:
        lines = (f"# x is {tuple(found.x.shape)}", CODE[norm], "# torch's, to get ours:", TURNED)
        st.code("\n".join(lines), language="python", wrap_lines=True)


def _place(rows: pd.DataFrame, limit: float) -> None:
    chart = channel_strips(rows, limit=limit, quantity="mean")
    place_chart(chart, key="axes_means", fill="whole")


def _ask_axes() -> bool:
    answer = "0 and 1"
    return ask_to_predict(
        f"x is ({BATCH}, 4, {FEATURES}): examples, positions, features. Drawn is its mean over the batch at "
        "every place. Over which axes should a batch norm average, so that each feature has one mean?",
        {
            "0 alone": f"Then each position has statistics of its own, 4 × {FEATURES} of them, each from {BATCH} "
            "numbers: that was the bug of the lecture's first tree.",
            answer: f"Whatever is no feature: {FEATURES} means, each from {BATCH} · 4 = {BATCH * 4} numbers.",
            "0 and 2": "That is what torch.nn.BatchNorm1d does with x as it is: it takes axis 1 for the channels, "
            f"so it finds 4 means, each from {BATCH} · {FEATURES} = {BATCH * FEATURES} numbers.",
        },
        answer=answer,
        key="axes",
    )


def pairs_of(about: ChosenList) -> Tensor:
    """(32, 4, 20): what goes into the first batch norm of the tree before any training."""
    made = SHIPPED[TREE]
    generator = Generator().manual_seed(made.seed)
    net = build(made.model, len(about.vocabulary), generator, made.settings).eval()
    with torch.inference_mode(), capture(net) as outputs:
        net(batch_of(about.dataset, net.block_size, BATCH).contexts)
    return outputs[LAYER][:, :, :FEATURES].clone()


def look_at(x: Tensor) -> Pairs:
    """All norms on it."""
    after = {norm: subtracted_means.normalised_over(x, norm) for norm in AXES}
    means = x.mean(0)
    return Pairs(
        x,
        rows_of(means),
        {
            norm: _one_below_the_other(
                {
                    "taken": rows_of(subtracted_means.subtracted_means(x, norm)),
                    "left": rows_of(y.mean(0), total=True),
                }
            )
            for norm, y in after.items()
        },
        {norm: subtracted_means.largest_feature_mean(y) for norm, y in after.items()},
        axes_of(x),
        float(means.abs().max()),
    )


def _one_below_the_other(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """All rows, each with what it is in its name."""
    named = [rows.assign(position=f"{what}, " + rows["position"]) for what, rows in frames.items()]
    return pd.concat(named, ignore_index=True)


def _rows(found: Pairs) -> list[dict[str, str]]:
    """What each takes its statistics over."""
    return [
        {
            "batch norm": row["norm"],
            "axes": ", ".join(map(str, row["axes"])),
            "means": "×".join(map(str, row["statistics"])),
            "of": str(row["numbers"]),
            "off": f"{row['difference']:.2f}",
        }
        for row in found.axes.to_dict("records")
    ]


def _tell(found: Pairs, norm: Norm) -> str:
    left = found.largest[norm]
    kept = "no feature has a mean" if left < 1e-3 else f"features keep means of up to {left:.2f}"
    off = float(found.axes.set_index("norm")["difference"]["torch, transposed"])
    return (
        "Each mean is of so many numbers; off: the largest difference to ours. What is left after this one: "
        f"{kept} (row “left, all”). Transposed, torch is off by {off:.2f}, as it divides a variance by n, "
        "not n − 1. x: pairs of letters in an untrained WaveNet."
    )
