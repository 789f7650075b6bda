"""Draws the mean and the standard deviation of each neuron over a batch. Knows nothing of nets."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, source
from makemore.charts.layers.histograms import HEIGHT


def bands(
    neurons: pd.DataFrame, *, panel: str, limit: float, quantity: str = "pre-activation"
) -> Chart:
    """Every neuron as a bar from mean - std to mean + std; charts with one `limit` share their axes.

    neurons: `place, neuron, mean, std, low, high`. panel: before or after, which gives the colour.
    """
    text = (
        f"{len(neurons)} neurons, each a bar around its mean {quantity}, {panel} batch norm. Means "
        f"run from {neurons['mean'].min():.1f} to {neurons['mean'].max():.1f}."
    )
    spec = _bands_spec(len(neurons), panel, round(limit, 1), quantity)
    return Chart(spec, {"neurons": neurons}, text)


@lru_cache(maxsize=16)
def _bands_spec(count: int, panel: str, limit: float, quantity: str) -> Spec:
    axis = alt.Axis(grid=False, tickCount=5)
    base = alt.Chart(source("neurons")).encode(
        x=alt.X(
            "place:Q",
            title="neuron, sorted by its mean before",
            scale=alt.Scale(domain=[-1, count], nice=False),
            axis=axis,
        ),
        tooltip=[
            alt.Tooltip("neuron:Q", title="neuron"),
            alt.Tooltip("mean:Q", title="mean of the batch", format=".3f"),
            alt.Tooltip("std:Q", title="standard deviation", format=".3f"),
        ],
    )
    scale = alt.Scale(domain=[-limit, limit], nice=False)
    y = alt.Y("low:Q", title=f"{quantity}, {panel}", scale=scale, axis=alt.Axis(tickCount=5))
    colour = alt.value(palette.CONTRAST[panel].css)
    bars = base.mark_rule(strokeWidth=2, opacity=0.55, clip=True).encode(
        y=y, y2="high:Q", stroke=colour
    )
    means = base.mark_circle(size=14, opacity=1, clip=True).encode(
        y=alt.Y("mean:Q", title=f"{quantity}, {panel}", scale=scale), fill=colour
    )
    return finished(alt.layer(bars, means).properties(height=HEIGHT))
