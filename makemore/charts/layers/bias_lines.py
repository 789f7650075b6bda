"""Draws what a bias does before a batch norm and before none: the loss as it moves, its gradients.

Knows no net.
"""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, source

COLOURS = {"with batch norm": palette.TEAL, "without": palette.OCHRE}
SHAPES = ["circle", "triangle-up"]
LEAST = 1e-12  # a gradient of exactly 0 has no place on a logarithmic axis


def shifted_losses(losses: pd.DataFrame, *, shift: float) -> Chart:
    """The loss against what is added to every bias, and the `shift` that is looked at.

    losses: `net (with batch norm | without), shift, loss`.
    """
    at = losses[(losses["shift"] - shift).abs() < 1e-6]
    told = ", ".join(f"{n} {loss:.4f}" for n, loss in zip(at["net"], at["loss"], strict=True))
    text = f"Loss against the number added to every bias. At {shift:g}: {told}."
    frames = {"losses": losses, "at": at}
    return Chart(_losses_spec(), frames, text)


@lru_cache(maxsize=1)
def _losses_spec() -> Spec:
    x = alt.X("shift:Q", title="added to every bias", axis=alt.Axis(grid=False))
    y = alt.Y("loss:Q", title="loss, nats", scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=5))
    colour = alt.Color("net:N", **key(COLOURS, symbol="stroke"))
    tooltip = [
        alt.Tooltip("net:N"),
        alt.Tooltip("shift:Q", title="added", format=".1f"),
        alt.Tooltip("loss:Q", title="loss", format=".5f"),
    ]
    dashes = alt.StrokeDash(
        "net:N", scale=alt.Scale(domain=list(COLOURS), range=[[1, 0], [5, 3]]), legend=None
    )
    lines = alt.Chart(source("losses")).mark_line(strokeWidth=2)
    points = alt.Chart(source("at")).mark_circle(size=110, opacity=1)
    return finished(
        alt.layer(
            lines.encode(x=x, y=y, color=colour, strokeDash=dashes, tooltip=tooltip),
            points.encode(x=x, y=y, fill=alt.value(palette.ACCENT.css), tooltip=tooltip),
        ).properties(height=220)
    )


def bias_gradients(gradients: pd.DataFrame) -> Chart:
    """The gradient of each neuron's bias on a logarithmic axis.

    gradients: `net (with batch norm | without), neuron, bias`.
    """
    most = gradients.groupby("net", sort=False)["bias"].max()
    text = "Size of the gradient of each bias; the largest: " + ", ".join(
        f"{net} {value:.1e}" for net, value in most.items()
    )
    drawn = gradients.assign(shown=gradients["bias"].clip(lower=LEAST))
    return Chart(_gradients_spec(), {"gradients": drawn}, text)


@lru_cache(maxsize=1)
def _gradients_spec() -> Spec:
    nets = list(COLOURS)
    points = (
        alt.Chart(source("gradients"))
        .mark_point(size=26, filled=True, opacity=0.8)
        .encode(
            x=alt.X("neuron:Q", title="neuron", axis=alt.Axis(grid=False)),
            y=alt.Y(
                "shown:Q",
                title="|gradient| of the bias",
                scale=alt.Scale(type="log"),
                axis=alt.Axis(format=".0e", tickCount=6),
            ),
            color=alt.Color("net:N", **key(COLOURS, symbol="circle")),
            shape=alt.Shape("net:N", scale=alt.Scale(domain=nets, range=SHAPES), legend=None),
            tooltip=[
                alt.Tooltip("net:N"),
                alt.Tooltip("neuron:Q"),
                alt.Tooltip("bias:Q", title="|gradient|", format=".2e"),
            ],
        )
    )
    return finished(points.properties(height=220))
