"""Draws how far running means stray in the course of a training. Knows nothing of nets."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, short_axis, source


def wander(curves: pd.DataFrame, expected: pd.DataFrame) -> Chart:
    """How far the running means stray while training goes on, before and after.

    curves: `panel (before | after), step, share` of a standard deviation. expected: `panel, share`, what
    independent numbers would give.
    """
    ends = curves.groupby("panel", sort=False)["share"].last()
    text = "How far running means stray within 400 steps, at the end: " + ", ".join(
        f"{panel} {share:.1%}" for panel, share in ends.items()
    )
    return Chart(_wander_spec(), {"curves": curves, "expected": expected}, text)


@lru_cache(maxsize=1)
def _wander_spec() -> Spec:
    keyed = key(palette.CONTRAST, symbol="stroke", narrow=2)
    y = alt.Y(
        "share:Q",
        title="stray, share of std",
        scale=alt.Scale(domainMin=0),
        axis=alt.Axis(format="~%", tickCount=5),
    )
    lines = (
        alt.Chart(source("curves"))
        .mark_line(strokeWidth=2)
        .encode(
            x=alt.X("step:Q", title="training step", axis=short_axis()),
            y=y,
            color=alt.Color("panel:N", **keyed),
            strokeDash=alt.condition("datum.panel === 'before'", *map(alt.value, ([5, 3], [1, 0]))),
            tooltip=[
                alt.Tooltip("panel:N", title="panel"),
                alt.Tooltip("step:Q", title="step", format=","),
                alt.Tooltip("share:Q", title="strays by", format=".2%"),
            ],
        )
    )
    rules = (
        alt.Chart(source("expected"))
        .mark_rule(strokeDash=[1, 3], strokeWidth=1.5)
        .encode(y=y, color=alt.Color("panel:N", **keyed))
    )
    return finished(alt.layer(lines, rules).properties(height=220))
