"""Draws histograms of what a layer gives, two starts or several layers on one axis. Knows no model."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, source

HEIGHT = 220  # of every chart of activations that does not fill a share of the screen


def contrast_histogram(
    bins: pd.DataFrame, *, quantity: str, panels: tuple[str, str] = ("before", "after")
) -> Chart:
    """Histograms over one pair of axes, before and after the one thing that changed.

    bins: `panel (one of the two, or both), left, right, share`.
    """
    ends = bins[(bins["left"] == bins["left"].min()) | (bins["right"] == bins["right"].max())]
    shares = ends.groupby("panel")["share"].sum()
    text = f"Histograms of the {quantity} on the same axes. In the two outermost bins: " + (
        ", ".join(f"{panel} {shares[panel]:.1%}" for panel in panels if panel in shares) + "."
    )
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
    return finished(alt.layer(*layers).properties(height=HEIGHT))


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
    first = 0 if len(layers) > 1 else len(ramp) - 1
    last = max(len(layers) - 1, 1)
    names = {
        name: ramp[first or round(i * (len(ramp) - 1) / last)] for i, name in enumerate(layers)
    }
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
    return finished(lines.properties(height=HEIGHT))
