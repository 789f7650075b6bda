"""Draws trainings that should be the same one over the other, and how far they are apart. Knows no gradient."""

import math
from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import (
    Chart,
    Spec,
    baseline,
    baseline_name,
    finished,
    key,
    short_axis,
    source,
)

# Width and dashes by place: the widest lies below, so that each is seen although they coincide.
LOOKS = (
    (palette.ORANGE, 1.2, [2, 3]),
    (palette.BLUE, 2.5, [7, 4]),
    (palette.SLATE, 7.0, [1, 0]),
)


def overlaid_losses(curves: pd.DataFrame, *, letters: int) -> Chart:
    """Batch loss over steps, one line a way, the last one widest and below, with the uniform baseline.

    curves: `way, step, loss`.
    """
    ways = tuple(str(way) for way in curves["way"].unique())
    last = curves.groupby("way", sort=False)["loss"].last()
    text = (
        f"Batch loss over {int(curves['step'].max()):,} steps, lines that lie one over the other; the uniform "
        f"baseline costs {math.log(letters):.2f}. At the end: "
        + ", ".join(f"{way} {loss:.4f}" for way, loss in last.items())
    )
    backwards = curves.iloc[::-1]  # what comes last is drawn first
    datasets = {"curves": backwards, "baseline": baseline(letters, loss=True)}
    return Chart(_curve_spec(ways, letters), datasets, text)


@lru_cache(maxsize=4)
def _curve_spec(ways: tuple[str, ...], letters: int) -> Spec:
    looks = dict(zip(ways, LOOKS, strict=False))
    keyed = key({way: look[0] for way, look in looks.items()}, symbol="stroke", narrow=2)
    lines = [
        alt.Chart(source("curves"))
        .transform_filter(f"datum.way == '{way}'")
        .mark_line(strokeWidth=width, strokeDash=dash, opacity=0.45 if width > 5 else 1)
        .encode(
            x=alt.X("step:Q", title="training step", axis=short_axis()),
            y=alt.Y(
                "loss:Q",
                title="batch loss, nats per character",
                scale=alt.Scale(zero=False),
                axis=alt.Axis(tickCount=5),
            ),
            color=alt.Color("way:N", **keyed),
            tooltip=[
                alt.Tooltip("way:N", title="gradients"),
                alt.Tooltip("step:Q", title="up to step", format=","),
                alt.Tooltip("loss:Q", title="mean batch loss", format=".6f"),
            ],
        )
        for way, (_, width, dash) in reversed(looks.items())
    ]
    level = alt.Chart(source("baseline")).encode(y="value:Q")
    rule = level.mark_rule(strokeDash=[4, 3]).encode(stroke=alt.value(palette.MUTED.css))
    name = level.mark_text(  # on its line: a legend is for what moves
        align="right", baseline="bottom", dx=-6, dy=-3,
        text=baseline_name(letters, loss=True), fill=palette.MUTED.css,
    ).encode(x=alt.value("width"))  # fmt: skip
    return finished(alt.layer(*lines, rule, name).properties(height=260))


def loss_differences(curves: pd.DataFrame, *, than: str) -> Chart:
    """How far the loss of each way is from that of `than`, on a logarithmic axis; what is equal is not drawn.

    curves: `way, step, apart`.
    """
    ways = tuple(str(way) for way in curves["way"].unique() if way != than)
    drawn = curves[(curves["way"] != than) & (curves["apart"] > 0)]
    most = float(curves["apart"].max())
    text = f"Points: how far the losses of {' and '.join(ways)} are from those of {than}, {most:.1e} at most."
    return Chart(_apart_spec(ways, than), {"apart": drawn}, text)


@lru_cache(maxsize=4)
def _apart_spec(ways: tuple[str, ...], than: str) -> Spec:
    colours = {way: look[0] for way, look in zip(ways, LOOKS, strict=False)}
    points = (
        alt.Chart(source("apart"))
        .mark_point(filled=True, size=36, opacity=0.8)
        .encode(
            x=alt.X("step:Q", title="training step", axis=short_axis()),
            y=alt.Y(
                "apart:Q",
                title=f"apart from {than}, nats",
                scale=alt.Scale(type="log"),
                axis=alt.Axis(format=".0e", tickCount=4, grid=False),
            ),
            color=alt.Color("way:N", **key(colours, symbol="circle", narrow=2)),
            shape=alt.Shape(
                "way:N",
                scale=alt.Scale(domain=list(ways), range=["circle", "diamond"][: len(ways)]),
                legend=None,
            ),
            tooltip=[
                alt.Tooltip("way:N", title="gradients"),
                alt.Tooltip("step:Q", title="up to step", format=","),
                alt.Tooltip("apart:Q", title="largest difference", format=".1e"),
            ],
        )
    )
    return finished(alt.layer(points).properties(height=200))
