"""Draws a loss that falls towards a floor which it cannot pass. Knows no model."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, source


def floor_curve(curve: pd.DataFrame, *, steps: int, floor: float | None) -> Chart:
    """Loss over the steps on a logarithmic axis that reaches to `steps`; the floor, if it may be seen.

    curve: `step (from 0), loss`; the axis shows the step plus one, as 0 has no logarithm.
    """
    last = curve.iloc[-1]
    text = f"Loss {last['loss']:.4f} after {int(last['step']):,} steps."
    floors = pd.DataFrame({"value": [], "note": []})
    if floor is not None:
        text += f" The floor lies at {floor:.4f}."
        floors = pd.DataFrame({"value": [floor], "note": [f"floor: {floor:.4f}"]})
    datasets = {
        "curve": curve.assign(place=curve["step"] + 1),
        "span": pd.DataFrame({"place": [1, steps + 1]}),
        "floors": floors,
    }
    return Chart(_spec(), datasets, text)


@lru_cache(maxsize=1)
def _spec() -> Spec:
    x = alt.X(
        "place:Q",
        title="updates made, plus one (log scale)",
        scale=alt.Scale(type="log", nice=False),
        axis=alt.Axis(values=[1, 3, 10, 30, 100, 300, 1000, 3000], format=","),
    )
    y = alt.Y("loss:Q", title="loss of these examples, nats per character")
    line = (
        alt.Chart(source("curve"))
        .mark_line(strokeWidth=2.5)
        .encode(
            x=x,
            y=y,
            stroke=alt.value(palette.SPLITS["train"].css),
            tooltip=[
                alt.Tooltip("step:Q", title="updates", format=","),
                alt.Tooltip("loss:Q", title="loss", format=".4f"),
            ],
        )
    )
    floors = alt.Chart(source("floors"))
    rule = floors.mark_rule(strokeDash=[6, 3], strokeWidth=2).encode(
        y="value:Q", stroke=alt.value(palette.ORANGE.css)
    )
    note = floors.mark_text(align="left", dx=6, dy=-8).encode(
        x=alt.value(0), y="value:Q", text="note:N"
    )
    span = alt.Chart(source("span")).mark_rule(opacity=0).encode(x=x)
    return finished(alt.layer(span, line, rule, note).properties(height=280))
