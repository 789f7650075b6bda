"""Draws a moving average beside what it is an average of, step by step. Knows nothing of nets."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, short_axis, source


def running_line(steps: pd.DataFrame, *, quantity: str, true: float) -> Chart:
    """One statistic over the steps, and its true value over all examples.

    steps: `step, value`. quantity: what it is of, mean or variance.
    """
    last = float(steps["value"].iloc[-1])
    text = f"Running {quantity} over the steps: {last:.3f} at the end; of all examples {true:.3f}."
    frames = {"steps": steps, "true": pd.DataFrame({"value": [true]})}
    return Chart(_running_spec(quantity), frames, text)


@lru_cache(maxsize=4)
def _running_spec(quantity: str) -> Spec:
    running, true = f"running {quantity}", f"true {quantity}, all train examples"
    keyed = key({running: palette.TEAL, true: palette.INK}, symbol="stroke")
    y = alt.Y("value:Q", title=quantity, scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=5))
    line = (
        alt.Chart(source("steps"))
        .mark_line(strokeWidth=2)
        .encode(
            x=alt.X("step:Q", title="training step", axis=short_axis()),
            y=y,
            color=alt.Color(datum=running, **keyed),
            tooltip=[
                alt.Tooltip("step:Q", title="step", format=","),
                alt.Tooltip("value:Q", title=running, format=".4f"),
            ],
        )
    )
    rule = (
        alt.Chart(source("true"))
        .mark_rule(strokeDash=[5, 3], strokeWidth=1.5)
        .encode(y=y, color=alt.Color(datum=true, **keyed))
    )
    return finished(alt.layer(line, rule).properties(height=220))
