"""Draws a repair and what it is worth: one neuron on its tanh, losses before and after. Knows no model."""

import math
from functools import lru_cache

import altair as alt
import numpy as np
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import (
    Chart,
    Spec,
    finished,
    guess,
    guess_name,
    key,
    short_axis,
    source,
)

Panels = tuple[str, str]  # what before and after are called

_SHAPES = ("circle", "triangle-up")
_DASHES = ([5, 3], [1, 0])


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
    return finished(alt.layer(curve.encode(x=x, y=y), points).properties(height=200))


def contrast_curve(curves: pd.DataFrame, *, letters: int, panels: Panels) -> Chart:
    """Dev loss over steps, before and after the one thing that changed, with the line of guessing.

    curves: `panel (one of the two), step, loss`.
    """
    last = curves.groupby("panel", sort=False)["loss"].last()
    text = f"Dev loss over steps; guessing costs {math.log(letters):.2f}. At the end: " + ", ".join(
        f"{panel} {loss:.3f}" for panel, loss in last.items()
    )
    datasets = {"curves": curves, "guess": guess(letters, loss=True)}
    return Chart(_curve_spec(letters, panels), datasets, text)


@lru_cache(maxsize=4)
def _curve_spec(letters: int, panels: Panels) -> Spec:
    names = {**palette.contrast(panels), guess_name(letters, loss=True): palette.MUTED}
    keyed = key(names, symbol="stroke", narrow=2)
    lines = (
        alt.Chart(source("curves"))
        .mark_line(strokeWidth=2, point=alt.OverlayMarkDef(size=22))
        .encode(
            x=alt.X("step:Q", title="training step", axis=short_axis()),
            y=alt.Y(
                "loss:Q",
                title="dev loss, nats per character",
                scale=alt.Scale(zero=False),
                axis=alt.Axis(tickCount=5),
            ),
            color=alt.Color("panel:N", **keyed),
            strokeDash=alt.StrokeDash(
                "panel:N", scale=alt.Scale(domain=list(panels), range=list(_DASHES)), legend=None
            ),
            tooltip=[
                alt.Tooltip("panel:N", title="panel"),
                alt.Tooltip("step:Q", title="step", format=","),
                alt.Tooltip("loss:Q", title="dev loss", format=".4f"),
            ],
        )
    )
    rule = (
        alt.Chart(source("guess"))
        .mark_rule(strokeDash=[4, 3])
        .encode(y="value:Q", color=alt.Color(datum=guess_name(letters, loss=True), **keyed))
    )
    return finished(alt.layer(lines, rule).properties(height=260))


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
    y = alt.Y("low:Q", title=quantity, scale=scale, axis=alt.Axis(tickCount=5))
    colour = alt.value(palette.CONTRAST[panel].css)
    bars = base.mark_rule(strokeWidth=2, opacity=0.55, clip=True).encode(
        y=y, y2="high:Q", stroke=colour
    )
    means = base.mark_circle(size=14, opacity=1, clip=True).encode(
        y=alt.Y("mean:Q", title=quantity, scale=scale), fill=colour
    )
    return finished(alt.layer(bars, means).properties(height=170))
