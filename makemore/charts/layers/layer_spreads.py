"""Draws how activations and gradients spread from layer to layer. Knows no model."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, source

NAMES = {
    "std": ("std of the activations", palette.BLUE),
    "gradient_std": ("std of the gradients", palette.ORANGE),
    "flat": ("share saturated", palette.WARNING),
}
LOWEST, HIGHEST = 1e-4, 100.0


def layer_spreads(layers: pd.DataFrame) -> Chart:
    """Standard deviations on a logarithmic axis over the layers, from the first on.

    layers: `layer (from 1), std, gradient_std, flat`.
    """
    parts = [
        pd.DataFrame({"layer": layers["layer"], "what": NAMES[name][0], "value": layers[name]})
        for name in ("std", "gradient_std")
    ]
    drawn = pd.concat(parts, ignore_index=True)
    drawn["drawn"] = drawn["value"].clip(LOWEST, HIGHEST)
    last, first = layers.iloc[-1], layers.iloc[0]
    text = (
        f"{len(layers)} layers: the activations spread {first['std']:.2g} in the first and "
        f"{last['std']:.2g} in the last; gradients {last['gradient_std']:.2g} in the last and "
        f"{first['gradient_std']:.2g} in the first."
    )
    return Chart(_spreads_spec(len(layers)), {"spreads": drawn}, text)


@lru_cache(maxsize=16)
def _spreads_spec(count: int) -> Spec:
    names = dict(NAMES[name] for name in ("std", "gradient_std"))
    lines = (
        alt.Chart(source("spreads"))
        .mark_line(strokeWidth=2, point=alt.OverlayMarkDef(size=40))
        .encode(
            x=_layers(count),
            y=alt.Y(
                "drawn:Q",
                title="standard deviation (log scale)",
                scale=alt.Scale(type="log", domain=[LOWEST, HIGHEST], nice=False),
                axis=alt.Axis(values=[0.0001, 0.001, 0.01, 0.1, 1, 10, 100], format="~g"),
            ),
            color=alt.Color("what:N", **key(names, symbol="stroke", narrow=1)),
            tooltip=[
                alt.Tooltip("layer:Q"),
                alt.Tooltip("what:N"),
                alt.Tooltip("value:Q", format=".3g"),
            ],
        )
    )
    return finished(lines.properties(height=220))


def layer_shares(layers: pd.DataFrame) -> Chart:
    """The share of saturated activations, a bar a layer. layers: `layer (from 1), flat`."""
    last = layers.iloc[-1]
    text = (
        f"Share of saturated activations in {len(layers)} layers; {last['flat']:.1%} in the last."
    )
    return Chart(_shares_spec(len(layers)), {"shares": layers}, text)


@lru_cache(maxsize=16)
def _shares_spec(count: int) -> Spec:
    bars = (
        alt.Chart(source("shares"))
        .mark_bar(fill=palette.WARNING.css, opacity=0.8, width=14)
        .encode(
            x=_layers(count),
            y=alt.Y(
                "flat:Q",
                title="saturated",
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(format="~%", tickCount=4),
            ),
            tooltip=[
                alt.Tooltip("layer:Q"),
                alt.Tooltip("flat:Q", title="saturated", format=".1%"),
            ],
        )
    )
    return finished(bars.properties(height=160))


def _layers(count: int) -> alt.X:
    return alt.X(
        "layer:Q",
        title="layer",
        scale=alt.Scale(domain=[0.5, max(count, 2) + 0.5], nice=False),
        axis=alt.Axis(tickMinStep=1, grid=False, values=list(range(1, count + 1))),
    )
