"""Draws the most probable names that begin with given letters. Runs no model."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, source

LISTED, NEW = "stands in the list", "new"


def completion_bars(completions: pd.DataFrame, *, prefix: str, most: int) -> Chart:
    """A bar a name, most probable first, in `most` rows.

    completions: `name, probability, listed`.
    """
    drawn = completions.assign(
        place=range(len(completions)),
        kind=[LISTED if listed else NEW for listed in completions["listed"]],
        figure=[f"{p:.2%}" if p >= 0.0005 else f"{p:.1e}" for p in completions["probability"]],
    )
    said = ", ".join(f"{row['name']} {row.figure}" for _, row in drawn.head(3).iterrows())
    begin = f"beginning with {prefix}" if prefix else "of all"
    text = f"Bars: the {len(drawn)} most probable names {begin}. {said or 'none'}."
    return Chart(_completions_spec(most), {"completions": drawn}, text)


@lru_cache(maxsize=8)
def _completions_spec(most: int) -> Spec:
    keyed = key({LISTED: palette.SLATE, NEW: palette.BLUE}, narrow=2)
    row = f"(height / {most})"
    size = alt.ExprRef(f"min(14, 0.62 * {row})")
    y = alt.Y("place:O", scale=alt.Scale(domain=list(range(most))), axis=None)
    base = alt.Chart(source("completions")).encode(y=y)
    bars = base.mark_bar(
        height=alt.ExprRef(f"0.86 * {row}"), opacity=0.45, cornerRadiusEnd=2
    ).encode(
        x=alt.X(
            "probability:Q",
            title="probability among all names that begin so",
            axis=alt.Axis(format="~%", tickCount=4),
        ),
        color=alt.Color("kind:N", **keyed),
        tooltip=[
            alt.Tooltip("name:N", title="name"),
            alt.Tooltip("probability:Q", title="probability", format=".3%"),
            alt.Tooltip("kind:N", title="in the list"),
        ],
    )
    # So that the longest bar ends before the figures at the right.
    room = base.transform_calculate(room="datum.probability * 1.16").mark_point(
        opacity=0, aria=False
    )
    name = base.mark_text(aria=False, align="left", dx=6, fontSize=size, fontWeight=600)
    figure = base.mark_text(aria=False, align="right", dx=-4, fontSize=size)
    return finished(
        alt.layer(
            bars,
            room.encode(x="room:Q"),
            name.encode(x=alt.value(0), text="name:N"),
            figure.encode(x=alt.value("width"), text="figure:N"),
        ).properties(height=24 * most)
    )
