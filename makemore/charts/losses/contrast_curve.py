"""Draws the losses of two trainings on the same axes. Knows nothing of models."""

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
from makemore.charts.layers.tanh_points import Panels

_DASHES = ([5, 3], [1, 0])


def contrast_curve(
    curves: pd.DataFrame, *, letters: int, panels: Panels, measured: str = "dev loss"
) -> Chart:
    """A loss over steps, before and after the one thing that changed, with the uniform baseline.

    curves: `panel (one of the two), step, loss`. measured: which loss it is.
    """
    last = curves.groupby("panel", sort=False)["loss"].last()
    text = (
        f"{measured[0].upper()}{measured[1:]} over steps; the uniform baseline costs "
        f"{math.log(letters):.2f}. At the end: "
        + ", ".join(f"{panel} {loss:.3f}" for panel, loss in last.items())
    )
    datasets = {"curves": curves, "baseline": baseline(letters, loss=True)}
    return Chart(_curve_spec(letters, panels, measured), datasets, text)


@lru_cache(maxsize=4)
def _curve_spec(letters: int, panels: Panels, measured: str) -> Spec:
    names = {**palette.contrast(panels), baseline_name(letters, loss=True): palette.MUTED}
    keyed = key(names, symbol="stroke", narrow=1)
    lines = (
        alt.Chart(source("curves"))
        .mark_line(strokeWidth=2, point=alt.OverlayMarkDef(size=22))
        .encode(
            x=alt.X("step:Q", title="training step", axis=short_axis()),
            y=alt.Y(
                "loss:Q",
                title=f"{measured}, nats per character",
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
                alt.Tooltip("loss:Q", title=measured, format=".4f"),
            ],
        )
    )
    rule = (
        alt.Chart(source("baseline"))
        .mark_rule(strokeDash=[4, 3])
        .encode(y="value:Q", color=alt.Color(datum=baseline_name(letters, loss=True), **keyed))
    )
    return finished(alt.layer(lines, rule).properties(height=260))
