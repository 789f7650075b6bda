"""Draws what a net expects next as a strip of small bars, to stand beside its tree. Knows no model."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, baseline, finished, source

SHOWN = 14  # letters; what comes after them is seldom more than a line
HEIGHT = 62  # pixels of the bars alone; with both axes 120


def expected_letters(letters: pd.DataFrame, *, given: str, target: str) -> Chart:
    """The most probable letters as bars, the one that comes in the accent; it is shown in any case.

    letters: `letter, probability`. `given` says what precedes: "after q".
    """
    ranked = letters.sort_values("probability", ascending=False, kind="stable").reset_index()
    ranked["rank"] = range(1, len(ranked) + 1)
    ranked["comes"] = ranked["letter"] == target
    best = ranked.iloc[0]
    rank = int(ranked.loc[ranked["comes"], "rank"].iloc[0])
    last = ranked[ranked["comes"] & (ranked["rank"] > SHOWN)]
    drawn = pd.concat([ranked[: SHOWN - len(last)], last])
    text = (
        f"Bars: the next letter {given}, most probable first. {best['letter']} leads with "
        f"{best['probability']:.1%}; {target}, which comes, is number {rank}."
    )
    columns = ["letter", "probability", "rank", "comes"]
    datasets = {"expected": drawn[columns], "baseline": baseline(len(letters))}
    return Chart(_spec(), datasets, text)


@lru_cache(maxsize=1)
def _spec() -> Spec:
    axis = alt.Axis(labelAngle=0, labelOverlap=False, labelFontSize=12, titlePadding=2)
    bars = (
        alt.Chart(source("expected"))
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            x=alt.X(
                "letter:N",
                # By a field: an order of first appearance would outlive the data it came from.
                sort=alt.EncodingSortField("rank", op="min"),
                title="next letter; pink: it comes",
                axis=axis,
            ),
            y=alt.Y(
                "probability:Q",
                title="probability",
                axis=alt.Axis(format="~%", tickCount=3, titleFontSize=10, titlePadding=2),
            ),
            fill=alt.condition(
                "datum.comes", alt.value(palette.ACCENT.css), alt.value(palette.BLUE.css)
            ),
            tooltip=[
                alt.Tooltip("letter:N", title="next letter"),
                alt.Tooltip("probability:Q", title="probability", format=".2%"),
                alt.Tooltip("rank:Q", title="place"),
            ],
        )
    )
    line = (
        alt.Chart(source("baseline"))
        .mark_rule(strokeDash=[4, 3])
        .encode(
            y="value:Q",
            tooltip=[alt.Tooltip("value:Q", title="uniform baseline", format=".1%")],
        )
    )
    return finished(alt.layer(bars, line).properties(height=HEIGHT))
