"""Draws what one neuron gets as points on its tanh, naive and repaired. Knows no model."""

from functools import lru_cache

import altair as alt
import numpy as np
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, source
from makemore.charts.layers.histograms import HEIGHT

Panels = tuple[str, str]  # what before and after are called

_SHAPES = ("circle", "triangle-up")


def tanh_points(points: pd.DataFrame, *, neuron: int, reach: float, panels: Panels) -> Chart:
    """One neuron: each example a point on the tanh curve, drawn from -`reach` to `reach`.

    points: `panel (one of the two), pre, post, slope`.
    """
    x = np.linspace(-reach, reach, 121)
    curve = pd.DataFrame({"pre": x, "post": np.tanh(x)})
    slopes = points.groupby("panel")["slope"].mean()
    text = f"Neuron {neuron} on the tanh curve. Mean slope: " + ", ".join(
        f"{panel} {slope:.2f}" for panel, slope in slopes.items()
    )
    return Chart(_tanh_spec(round(reach, 1), panels), {"points": points, "curve": curve}, text)


@lru_cache(maxsize=8)
def _tanh_spec(reach: float, panels: Panels) -> Spec:
    x = alt.X(
        "pre:Q",
        title="pre-activation",
        scale=alt.Scale(domain=[-reach, reach], nice=False),
        axis=alt.Axis(tickCount=7, grid=False),
    )
    y = alt.Y(
        "post:Q",
        title="activation = tanh",
        scale=alt.Scale(domain=[-1.1, 1.1], nice=False),
        axis=alt.Axis(values=[-1, -0.5, 0, 0.5, 1]),
    )
    curve = alt.Chart(source("curve")).mark_line(strokeWidth=1.5, stroke=palette.MUTED.css)
    colours = key(palette.contrast(panels), narrow=2)["scale"]
    marks = alt.Chart(source("points")).mark_point(size=60, strokeWidth=1, fillOpacity=0.25)
    points = marks.encode(
        x=x,
        y=y,
        stroke=alt.Stroke("panel:N", scale=colours, title=None),
        fill=alt.Fill("panel:N", scale=colours, title=None),
        shape=alt.Shape(
            "panel:N", scale=alt.Scale(domain=list(panels), range=list(_SHAPES)), title=None
        ),
        tooltip=[
            alt.Tooltip("panel:N", title="panel"),
            alt.Tooltip("pre:Q", title="pre-activation", format=".2f"),
            alt.Tooltip("post:Q", title="activation", format=".3f"),
            alt.Tooltip("slope:Q", title="slope, 1 − activation²", format=".3f"),
        ],
    )
    return finished(alt.layer(curve.encode(x=x, y=y), points).properties(height=HEIGHT))
