"""Draws the descent of the bigram net towards the counts. Knows no training."""

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


def descent_curve(
    curve: pd.DataFrame, *, letters: int, steps: int, shown: int, counted: float
) -> Chart:
    """Loss at each step so far, with the losses of the uniform baseline and of counting; `shown` is looked at.

    curve: `step, loss`. The axis reaches to `steps` from the start.
    """
    last = curve.iloc[-1]
    text = (
        f"Loss of the net, {last['loss']:.4f} after {int(last['step'])} steps; counting has "
        f"{counted:.4f}, the uniform baseline {math.log(letters):.4f}."
    )
    datasets = {
        "curve": curve,
        "shown": curve[curve["step"] == shown],
        "span": pd.DataFrame({"step": [0, max(steps, 1)]}),
        "baseline": baseline(letters, loss=True),
        "counted": pd.DataFrame({"value": [counted]}),
    }
    return Chart(_descent_spec(letters), datasets, text)


@lru_cache(maxsize=8)
def _descent_spec(letters: int) -> Spec:
    named = baseline_name(letters, loss=True)
    names = {"net": palette.COMPARED["learned"], "counting": palette.TEAL, named: palette.MUTED}
    keyed = key(names, symbol="stroke")
    x = _steps()
    y = alt.Y("loss:Q", title="loss, nats per character", scale=alt.Scale(zero=False))
    line = alt.Chart(source("curve")).mark_line(strokeWidth=2)
    shown = alt.Chart(source("shown")).encode(x=x, y=y, fill=alt.value(palette.ACCENT.css))
    point = shown.mark_point(filled=True, size=110, opacity=1).encode(
        tooltip=[alt.Tooltip("step:Q", format=","), alt.Tooltip("loss:Q", format=".4f")]
    )

    def rule(name: str, data: str, dash: list[int]) -> alt.Chart:
        mark = alt.Chart(source(data)).mark_rule(strokeDash=dash, strokeWidth=1.5)
        drawn: alt.Chart = mark.encode(y="value:Q", color=alt.Color(datum=name, **keyed))
        return drawn

    layers = [
        alt.Chart(source("span")).mark_rule(opacity=0).encode(x=x),
        rule(named, "baseline", [2, 3]),
        rule("counting", "counted", [6, 3]),
        line.encode(x=x, y=y, color=alt.Color(datum="net", **keyed)),
        point,
    ]
    return finished(alt.layer(*layers).properties(height=220))


def gap_curve(gaps: pd.DataFrame, *, shown: int, steps: int) -> Chart:
    """The largest difference between learned and counted probabilities over the steps.

    gaps: `step, largest, mean`.
    """
    last = gaps.iloc[-1]
    text = f"The largest difference from the counts is {last['largest']:.2%} at step {last['step']:.0f}."
    datasets = {
        "gaps": gaps,
        "shown": gaps[gaps["step"] == shown],
        "span": pd.DataFrame({"step": [0, max(steps, 1)]}),
    }
    return Chart(_gap_spec(), datasets, text)


@lru_cache(maxsize=1)
def _gap_spec() -> Spec:
    x = _steps()
    axis = alt.Axis(format="~%", tickCount=4)
    y = alt.Y("largest:Q", title="largest difference", axis=axis)
    tooltip = [
        alt.Tooltip("step:Q", format=","),
        alt.Tooltip("largest:Q", title="largest difference", format=".2%"),
    ]
    line = alt.Chart(source("gaps")).mark_line(strokeWidth=2, stroke=palette.BLUE.css)
    point = alt.Chart(source("shown")).mark_point(
        filled=True, size=110, opacity=1, fill=palette.ACCENT.css
    )
    layers = [
        alt.Chart(source("span")).mark_rule(opacity=0).encode(x=x),
        line.encode(x=x, y=y),
        point.encode(x=x, y=y, tooltip=tooltip),
    ]
    return finished(alt.layer(*layers).properties(height=130))


def _steps() -> alt.X:
    axis = short_axis()
    return alt.X("step:Q", title="training step", scale=alt.Scale(nice=False), axis=axis)
