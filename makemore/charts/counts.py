"""Draws the matrix of letter pairs: pair and number in every cell. Knows nothing of models."""

from collections.abc import Collection
from functools import lru_cache
from typing import Literal

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from makemore.charts import palette
from makemore.charts.chart import Chart, Spec, finished, px, source

Numbers = npt.NDArray[np.float64]
Show = Literal["count", "probability"]
Shade = Literal["log", "linear"]

MOST_LETTERS_WITH_TEXT = 40
_TITLES = {"count": "times the pair occurs", "probability": "probability of the next"}


def count_heatmap(
    cells: pd.DataFrame,
    *,
    show: Show = "count",
    shade: Shade = "log",
    marked: Collection[str] = (),
) -> Chart:
    """One cell a pair; `marked` pairs are outlined; a click chooses a cell (selection `cell`).

    cells: `first, second, pair, count, probability`, one row a pair, in the order of the letters.
    """
    value = cells[show].to_numpy(dtype=float)
    drawn = cells.assign(
        value=value,
        strength=_strength(value, show, shade),
        label=[f"{v:,.0f}" if show == "count" else f"{v:.1%}" for v in value],
        marked=cells["pair"].isin(list(marked)),
    )
    letters = cells["first"].nunique()
    top = cells.iloc[int(cells["count"].to_numpy().argmax())]
    text = (
        f"Heatmap of {letters} by {letters} letters. The most frequent pair is {top['pair']}, "
        f"{top['count']:,} times."
    )
    return Chart(_spec(show, shade, letters), {"cells": drawn}, text, selections=("cell",))


def _strength(value: Numbers, show: Show, shade: Shade) -> Numbers:
    """Where on the colour scale a cell lies, 0 to 1; decides the colour of its text."""
    top = max(float(value.max()), 1e-12)
    if shade == "linear":
        return value / top
    constant = _constant(show)
    return np.asarray(np.log1p(value / constant) / np.log1p(top / constant))


def _constant(show: Show) -> float:
    """Below this the logarithmic scale turns linear, so that zero has a colour."""
    return 1.0 if show == "count" else 0.002


@lru_cache(maxsize=16)
def _spec(show: Show, shade: Shade, letters: int) -> Spec:
    cell = alt.selection_point(name="cell", fields=["first", "second"], empty=False)
    base = alt.Chart(source("cells")).encode(
        x=alt.X(
            "second:N",
            sort=None,
            title="next letter",
            axis=alt.Axis(orient="top", labelAngle=0, labelOverlap=False, labelFontSize=px(12, 9)),
        ),
        y=alt.Y(
            "first:N",
            sort=None,
            title="letter",
            axis=alt.Axis(labelOverlap=False, labelFontSize=px(12, 9)),
        ),
        tooltip=_tooltip(),
    )
    rects = base.mark_rect().encode(color=_colour(show, shade)).add_params(cell)
    layers: list[alt.Chart] = [rects]
    if letters <= MOST_LETTERS_WITH_TEXT:
        layers += _texts(base)
    outline = base.mark_rect(fill="transparent", strokeWidth=2)
    layers.append(
        outline.encode(stroke=alt.value(palette.INK.css)).transform_filter("datum.marked")
    )
    layers.append(outline.encode(stroke=alt.value(palette.ACCENT.css)).transform_filter(cell))
    height = 26 * letters if letters <= MOST_LETTERS_WITH_TEXT else 720
    return finished(alt.layer(*layers).properties(height=height))


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("pair:N", title="pair"),
        alt.Tooltip("count:Q", title="count", format=","),
        alt.Tooltip("probability:Q", title="probability", format=".2%"),
    ]


def _colour(show: Show, shade: Shade) -> alt.Color:
    scale = (
        {"type": "symlog", "constant": _constant(show)} if shade == "log" else {"type": "linear"}
    )
    ticks = [0, 10, 100, 1000, 5000] if show == "count" else [0, 0.01, 0.1, 0.5]
    return alt.Color(
        "value:Q",
        scale=alt.Scale(range="heatmap", zero=True, nice=False, **scale),
        legend=alt.Legend(
            title=f"{_TITLES[show]}, {shade} shade",
            titleOrient="top",
            titleLimit=340,
            gradientLength=240,
            gradientThickness=8,
            format=",d" if show == "count" else ".0%",
            values=ticks if shade == "log" else alt.Undefined,
        ),
    )


def _texts(base: alt.Chart) -> list[alt.Chart]:
    """The pair above, its number below; on a phone the number waits for a tap."""
    turn = f"datum.strength > {palette.TEXT_TURNS}"
    colour = alt.condition(turn, alt.value(palette.ON_STRONG.css), alt.value(palette.ON_FAINT.css))
    number = "datum.value ? 1 : 0.55"
    pair = base.mark_text(dy=px(-5, 0), fontSize=px(10.5, 8)).encode(text="pair:N", fill=colour)
    count = base.mark_text(dy=6, fontSize=px(8.5, 0), opacity=alt.ExprRef(number)).encode(
        text="label:N", fill=colour
    )
    return [pair, count]
