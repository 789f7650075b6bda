"""Raw losses and their block means, and the fall where the learning rate does. Trains nothing."""

import pandas as pd
import streamlit as st
from torch import Tensor

from makemore.charts.losses.smoothed_curve import smoothed_curve
from makemore.diagnostics.losses.block_means import block_means, fall_at, spread
from makemore.experiments.recorded_descents import recipe_of
from makemore.lessons.mlp_training.records import recorded
from makemore.ui.kit import links
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.stage import Stage

BLOCKS, FIRST = (1, 10, 32, 100, 320, 1_000, 2_000, 5_000), 1_000
LOW, HIGH = 1.2, 3.4  # nats of the picture: all but a few hundred of the batches
AROUND = 10_000  # batches on both sides of the decay
POINTS = 3_000  # single batches that are drawn


def show_smoothing(about: ChosenList, name: str, stage: Stage) -> None:
    """The slider for the block over the lecture's run."""
    raw = recorded("lecture").raw.float()
    with stage.controls:
        links.bound("block", key="smooth_block", options=BLOCKS, first=FIRST)
        block: int = st.select_slider(
            "Batches averaged to one point",
            BLOCKS,
            format_func=lambda n: f"{n:,}",
            key="smooth_block",
        )
        blocks = block_means(raw, block)
    with stage.picture:
        place_chart(
            smoothed_curve(
                _some(raw), blocks, decay=recipe_of("lecture").decay_at, low=LOW, high=HIGH
            ),
            key="smooth_curve",
            fill="whole",
        )
    with stage.controls:
        _tell(raw, block, len(blocks))


def _some(raw: Tensor) -> pd.DataFrame:
    """Single batches at equal distances."""
    return block_means(raw, 1, most=POINTS)


def _tell(raw: Tensor, block: int, points: int) -> None:
    jumps = spread(raw, block)
    st.metric(
        "Jump from point to point",
        f"{jumps:.4f}",
        help="Standard deviation of one point, as the differences of neighbours tell it, in nats.",
    )
    decay = recipe_of("lecture").decay_at
    before, after = fall_at(raw, decay, AROUND)
    st.markdown(
        f"Over the {AROUND:,} batches before step {decay:,} the mean loss is **{before:.3f}**, over those "
        f"after it **{after:.3f}**: dividing the rate by 10 buys {before - after:.3f} nats at once. One batch "
        f"alone is off by {spread(raw, 1):.2f}."
    )
    st.caption(
        f"All {len(raw):,} batch losses of the lecture's run are kept, each to 11 bits; drawn are "
        f"{len(_some(raw)):,} of them as dots and {points:,} block means as a line. Averaging {block:,} "
        "independent batches divides the noise by the root of that; larger blocks also hide what is quick."
    )
