"""Raw losses and their block means, and the fall where the learning rate does. Trains nothing."""

from dataclasses import dataclass

import streamlit as st

from makemore.charts.base.chart import Chart
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
    with stage.controls:
        links.bound("block", key="smooth_block", options=BLOCKS, first=FIRST)
        block: int = st.select_slider(
            "Batches averaged to one point",
            BLOCKS,
            format_func=lambda n: f"{n:,}",
            key="smooth_block",
        )
        smoothed = about.kept(("smoothed", block), lambda: _smooth(block))
    with stage.picture:
        place_chart(smoothed.chart, key="smooth_curve", fill="whole")
    with stage.controls:
        _tell(smoothed)


@dataclass(frozen=True)
class Smoothed:
    """The curve in blocks of so many batches, and what the page says of it; losses in nats."""

    chart: Chart
    block: int
    batches: int
    dots: int  # single batches that are drawn
    points: int  # block means that are drawn
    jump: float  # standard deviation of one block mean
    jump_of_one: float  # of one batch
    before: float  # mean loss before the decay, and after it
    after: float


def _smooth(block: int) -> Smoothed:
    raw, decay = recorded("lecture").raw.float(), recipe_of("lecture").decay_at
    single, blocks = block_means(raw, 1, most=POINTS), block_means(raw, block)
    before, after = fall_at(raw, decay, AROUND)
    return Smoothed(
        chart=smoothed_curve(single, blocks, decay=decay, low=LOW, high=HIGH),
        block=block,
        batches=len(raw),
        dots=len(single),
        points=len(blocks),
        jump=spread(raw, block),
        jump_of_one=spread(raw, 1),
        before=before,
        after=after,
    )


def _tell(found: Smoothed) -> None:
    st.metric(
        "Jump from point to point",
        f"{found.jump:.4f}",
        help="Standard deviation of one point, as the differences of neighbours tell it, in nats.",
    )
    st.markdown(
        f"Over the {AROUND:,} batches before step {recipe_of('lecture').decay_at:,} the mean loss is "
        f"**{found.before:.3f}**, over those after it **{found.after:.3f}**: dividing the rate by 10 buys "
        f"{found.before - found.after:.3f} nats at once. One batch alone is off by {found.jump_of_one:.2f}."
    )
    st.caption(
        f"All {found.batches:,} batch losses of the lecture's run are kept, each to 11 bits; drawn are "
        f"{found.dots:,} of them as dots and {found.points:,} block means as a line. Averaging "
        f"{found.block:,} independent batches divides the noise by the root of that; larger blocks also "
        "hide what is quick."
    )
