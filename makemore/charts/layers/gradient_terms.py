"""Draws a gradient as the sum of what comes back on several paths, example by example. Knows no net."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, source

SUM = "sum"
COLOURS = (palette.BLUE, palette.ORANGE, palette.VIOLET)


def gradient_terms(terms: pd.DataFrame, *, neuron: int) -> Chart:
    """A stacked bar an example, one colour a path, and a diamond at their sum.

    terms: `example` (from 1), and a column a path, three at most.
    """
    paths = tuple(str(name) for name in terms.columns if name != "example")
    rows = terms.melt(id_vars="example", var_name="path", value_name="value")
    sums = terms.assign(value=terms[list(paths)].sum(axis=1), path=SUM)[
        ["example", "path", "value"]
    ]
    told = ", ".join(f"{path} {terms[path].abs().mean():.2g}" for path in paths)
    text = (
        f"Bars: what comes back to the input of batch norm of neuron {neuron}, for {len(terms)} examples. "
        f"In the mean, signs aside: {told}; their sum {sums['value'].abs().mean():.2g}."
    )
    return Chart(_spec(paths), {"terms": rows, "sums": sums}, text)


@lru_cache(maxsize=4)
def _spec(paths: tuple[str, ...]) -> Spec:
    named = dict(zip(paths, COLOURS, strict=False)) | {SUM: palette.INK}
    tooltip = [
        alt.Tooltip("example:Q", title="example"),
        alt.Tooltip("path:N", title="comes back"),
        alt.Tooltip("value:Q", title="gradient", format="+.6f"),
    ]
    x = alt.X(
        "example:O",
        title="example of the batch",
        axis=alt.Axis(labelAngle=0, labelOverlap=True, grid=False),
    )
    y = alt.Y("value:Q", title="∂loss/∂x", axis=alt.Axis(tickCount=5, format="~g"))
    bars = (
        alt.Chart(source("terms"))
        .mark_bar(opacity=0.85)
        .encode(x=x, y=y, fill=alt.Fill("path:N", **key(named, narrow=2)), tooltip=tooltip)
    )
    sums = (
        alt.Chart(source("sums"))
        .mark_point(shape="diamond", filled=True, size=70, opacity=1, strokeWidth=1.5)
        .encode(
            x=x,
            y=y,
            fill=alt.Fill("path:N", **key(named, narrow=2)),
            stroke=alt.value(palette.PAPER.css),
            tooltip=tooltip,
        )
    )
    return finished(alt.layer(bars, sums).properties(height=250))
