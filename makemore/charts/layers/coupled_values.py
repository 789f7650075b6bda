"""Draws the few values of a batch before and after batch norm, a line an example. Knows no net."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, source

ROWS = ("before", "after")


def coupled_values(values: pd.DataFrame, *, chosen: int, reach: float) -> Chart:
    """Each example a line from its value before to that after; hollow where it came out at first.

    values: `example, before, after, at_first` (after, with nothing moved). The axis runs from -reach to
    reach, or further where a value does.
    """
    ends = values.rename(columns={"before": "x", "after": "x2"}).assign(
        y=ROWS[0],
        y2=ROWS[1],
        role=["chosen" if e == chosen else "other" for e in values["example"]],
    )
    points = pd.concat(
        [
            pd.DataFrame(
                {"example": ends["example"], "role": ends["role"], "row": row, "value": at}
            )
            for row, at in zip(ROWS, (ends["x"], ends["x2"]), strict=True)
        ],
        ignore_index=True,
    )
    told = ", ".join(
        f"{e}: {a:.2f} to {b:.2f}"
        for e, a, b in zip(ends["example"], ends["x"], ends["x2"], strict=True)
    )
    text = f"{len(values)} values before batch norm and after it, example by example: {told}."
    return Chart(_values_spec(reach), {"points": points, "ends": ends}, text)


@lru_cache(maxsize=4)
def _values_spec(reach: float) -> Spec:
    span = alt.Scale(domain={"unionWith": [-reach, reach]}, nice=False)
    rows = alt.Scale(type="point", domain=list(ROWS), padding=0.3)
    y = alt.Y("y:N", title=None, scale=rows, axis=alt.Axis(grid=False, domain=False, ticks=False))
    colours = alt.Scale(domain=["chosen", "other"], range=[palette.ACCENT.css, palette.BLUE.css])
    lines = (
        alt.Chart(source("ends"))
        .mark_rule(strokeWidth=1.5, opacity=0.6)
        .encode(
            x=alt.X(
                "x:Q",
                title="pre-activation; after: normalised",
                scale=span,
                axis=alt.Axis(tickCount=9),
            ),
            x2="x2:Q",
            y=y,
            y2="y2:N",
            stroke=alt.Stroke("role:N", scale=colours, legend=None),
        )
    )
    first = (
        alt.Chart(source("ends"))
        .mark_point(size=420, strokeWidth=1.5, strokeDash=[3, 2], filled=False)
        .encode(
            x=alt.X("at_first:Q", scale=span),
            y=alt.Y("y2:N", scale=rows),
            stroke=alt.value(palette.MUTED.css),
        )
    )
    where = {"x": alt.X("value:Q", scale=span), "y": alt.Y("row:N", scale=rows)}
    points = (
        alt.Chart(source("points"))
        .mark_circle(size=420, opacity=0.9)
        .encode(
            **where,
            fill=alt.Fill("role:N", scale=colours, legend=None),
            tooltip=[
                alt.Tooltip("example:Q", title="example"),
                alt.Tooltip("row:N", title="batch norm"),
                alt.Tooltip("value:Q", title="value", format=".3f"),
            ],
        )
    )
    numbers = (
        alt.Chart(source("points"))
        .mark_text(fontSize=12, fontWeight="bold")
        .encode(**where, text="example:N", fill=alt.value(palette.PAPER.css))
    )
    return finished(alt.layer(lines, first, points, numbers).properties(height=300))
