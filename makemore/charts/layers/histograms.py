"""Draws what happens inside a layer: saturation, histograms, running means. Knows no model."""

from functools import lru_cache

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from makemore.charts.base import palette, png
from makemore.charts.base.chart import Chart, Spec, finished, key, source


def saturation_map(
    mask: npt.NDArray[np.bool_], neurons: pd.DataFrame, *, chosen: int | None = None
) -> Chart:
    """Examples down, neurons across, near white where an activation is saturated (selection `neuron`).

    mask: (examples, neurons). neurons: `neuron, saturated (share of examples), mean, std`.
    Two maps of one shape, side by side, share their axes; the `chosen` neuron is framed.
    """
    examples, width = mask.shape
    image = pd.DataFrame(
        {"url": [png.marked(mask)], "x": [0], "x2": [width], "y": [0], "y2": [examples]}
    )
    columns = neurons.assign(
        x=neurons["neuron"], x2=neurons["neuron"] + 1, chosen=neurons["neuron"] == chosen
    )
    text = (
        f"Saturation map of {examples} examples by {width} neurons: {mask.mean():.1%} of the "
        f"activations are saturated; {int(mask.all(axis=0).sum())} neurons for every example."
    )
    datasets = {"image": image, "neurons": columns}
    return Chart(_saturation_spec(examples, width), datasets, text, selections=("neuron",))


@lru_cache(maxsize=8)
def _saturation_spec(examples: int, width: int) -> Spec:
    pick = alt.selection_point(name="neuron", fields=["neuron"], empty=False)
    x = alt.X(
        "x:Q",
        title="neuron",
        scale=alt.Scale(domain=[0, width], nice=False),
        axis=alt.Axis(grid=False, tickCount=5),
    )
    y = alt.Y(
        "y:Q",
        title="example",
        scale=alt.Scale(domain=[examples, 0], nice=False),
        axis=alt.Axis(grid=False, tickCount=4),
    )
    image = (
        alt.Chart(source("image"))
        .mark_image(aspect=False, smooth=False)
        .encode(x=x, x2="x2:Q", y=y, y2="y2:Q", url="url:N")
    )
    strips = (
        alt.Chart(source("neurons"))
        .mark_rect(fill="transparent", strokeWidth=1.5)
        .encode(
            x=x,
            x2="x2:Q",
            stroke=alt.condition(
                "datum.chosen", alt.value(palette.ACCENT.css), alt.value("transparent")
            ),
            tooltip=[
                alt.Tooltip("neuron:Q", title="neuron"),
                alt.Tooltip("saturated:Q", title="saturated examples", format=".0%"),
                alt.Tooltip("mean:Q", title="mean activation", format=".2f"),
                alt.Tooltip("std:Q", title="standard deviation", format=".2f"),
            ],
        )
    )
    return finished(alt.layer(image, strips.add_params(pick)).properties(height=220))


def contrast_histogram(
    bins: pd.DataFrame, *, quantity: str, panels: tuple[str, str] = ("before", "after")
) -> Chart:
    """Two histograms over one pair of axes, before and after the one thing that changed.

    bins: `panel (one of the two), left, right, share`.
    """
    text = f"Two histograms of the {quantity}, {panels[0]} and {panels[1]}, on the same axes."
    return Chart(_contrast_spec(quantity, panels), {"bins": bins}, text)


@lru_cache(maxsize=16)
def _contrast_spec(quantity: str, panels: tuple[str, str]) -> Spec:
    base = alt.Chart(source("bins")).encode(
        x=alt.X("left:Q", bin="binned", title=quantity, axis=alt.Axis(grid=False, tickCount=7)),
        x2="right:Q",
        y=alt.Y(
            "share:Q",
            stack=None,
            title="share of all values",
            axis=alt.Axis(format="~%", tickCount=4),
        ),
        fill=alt.Fill("panel:N", **key(palette.contrast(panels), narrow=2)),
        tooltip=[
            alt.Tooltip("panel:N", title="panel"),
            alt.Tooltip("left:Q", title="from", format=".2f"),
            alt.Tooltip("right:Q", title="to", format=".2f"),
            alt.Tooltip("share:Q", title="share", format=".2%"),
        ],
    )
    bars = base.mark_bar(opacity=0.5, binSpacing=0)
    layers = [bars.transform_filter(f"datum.panel === '{panel}'") for panel in panels]
    return finished(alt.layer(*layers).properties(height=220))


def layer_histograms(bins: pd.DataFrame, *, quantity: str, share_max: float | None = None) -> Chart:
    """One outline a layer, from the first (faint) to the last (strong).

    bins: `layer, left, right, share`. `share_max` lets two charts share their vertical axis.
    """
    layers = tuple(dict.fromkeys(bins["layer"]))
    drawn = bins.assign(middle=(bins["left"] + bins["right"]) / 2)
    text = f"Histograms of the {quantity} in {len(layers)} layers."
    return Chart(_layers_spec(layers, quantity, share_max), {"bins": drawn}, text)


@lru_cache(maxsize=32)
def _layers_spec(layers: tuple[str, ...], quantity: str, share_max: float | None) -> Spec:
    ramp = palette.SEQUENTIAL[3:]
    last = max(len(layers) - 1, 1)
    names = {name: ramp[round(i * (len(ramp) - 1) / last)] for i, name in enumerate(layers)}
    domain = alt.Scale(domain=[0, share_max]) if share_max else alt.Scale()
    lines = (
        alt.Chart(source("bins"))
        .mark_line(interpolate="step", strokeWidth=1.5)
        .encode(
            x=alt.X("middle:Q", title=quantity, axis=alt.Axis(grid=False, tickCount=7)),
            y=alt.Y(
                "share:Q",
                scale=domain,
                title="share of all values",
                axis=alt.Axis(format="~%", tickCount=4),
            ),
            stroke=alt.Stroke("layer:N", **key(names, symbol="stroke", narrow=3)),
            tooltip=[
                alt.Tooltip("layer:N"),
                alt.Tooltip("middle:Q", title=quantity, format=".2f"),
                alt.Tooltip("share:Q", format=".2%"),
            ],
        )
    )
    return finished(lines.properties(height=220))


def channel_strips(values: pd.DataFrame, *, limit: float, quantity: str = "running mean") -> Chart:
    """One row a position, one cell a channel; charts with the same `limit` share their colour scale.

    values: `position, channel, value`.
    """
    rows, channels = values["position"].nunique(), values["channel"].nunique()
    text = f"{rows} rows of {channels} channels: the {quantity} of each, blue below and orange above zero."
    return Chart(_strips_spec(rows, channels, round(limit, 3), quantity), {"values": values}, text)


@lru_cache(maxsize=32)
def _strips_spec(rows: int, channels: int, limit: float, quantity: str) -> Spec:
    step = -(-channels // 8)
    cells = (
        alt.Chart(source("values"))
        .mark_rect()
        .encode(
            x=alt.X(
                "channel:O",
                title="channel",
                axis=alt.Axis(labelAngle=0, values=list(range(0, channels, step))),
            ),
            y=alt.Y("position:O", sort=None, title="position", axis=alt.Axis(labelLimit=70)),
            color=alt.Color(
                "value:Q",
                scale=alt.Scale(range="diverging", domain=[-limit, 0, limit], clamp=True),
                legend=alt.Legend(
                    title=quantity, gradientLength=160, gradientThickness=8, format=".2~g"
                ),
            ),
            tooltip=[
                alt.Tooltip("position:O", title="position"),
                alt.Tooltip("channel:O", title="channel"),
                alt.Tooltip("value:Q", title=quantity, format=".3f"),
            ],
        )
    )
    return finished(cells.properties(height=28 * rows))
