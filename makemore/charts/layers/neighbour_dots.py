"""Draws what one example gets in one batch after the other, and what it gets alone. Knows no net."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, source

TRAIN, EVAL = "train mode, one dot a batch", "eval mode"


def neighbour_dots(batches: pd.DataFrame, *, alone: float, letter: str, count: int) -> Chart:
    """The probability of a letter in each of `count` batches as dots, and in eval mode as a line.

    batches: `batch (from 1), probability`; without rows where it is not a number.
    """
    found = batches["probability"]
    among = f"from {found.min():.1%} to {found.max():.1%}" if len(found) else "not a number"
    text = f"Probability of “{letter}” in {count} batches: {among}; in eval mode {alone:.1%}."
    frames = {"batches": batches, "alone": pd.DataFrame({"probability": [alone]})}
    return Chart(_dots_spec(letter, count), frames, text)


@lru_cache(maxsize=64)
def _dots_spec(letter: str, count: int) -> Spec:
    keyed = key({TRAIN: palette.ORANGE, EVAL: palette.BLUE}, symbol="circle")
    y = alt.Y(
        "probability:Q",
        title=f"probability of “{letter}”",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format="~%", tickCount=5),
    )
    dots = (
        alt.Chart(source("batches"))
        .mark_circle(size=70, opacity=0.8)
        .encode(
            x=alt.X(
                "batch:Q",
                title="batch that the example is in",
                scale=alt.Scale(domain=[0, count + 1], nice=False),
                axis=alt.Axis(grid=False, tickCount=6),
            ),
            y=y,
            color=alt.Color(datum=TRAIN, **keyed),
            tooltip=[
                alt.Tooltip("batch:Q", title="batch"),
                alt.Tooltip("probability:Q", title="probability", format=".2%"),
            ],
        )
    )
    rule = (
        alt.Chart(source("alone"))
        .mark_rule(strokeWidth=2)
        .encode(y=y, color=alt.Color(datum=EVAL, **keyed))
    )
    return finished(alt.layer(dots, rule).properties(height=300))
