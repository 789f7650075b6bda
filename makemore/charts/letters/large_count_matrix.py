"""Draws the matrix of pairs of a large alphabet as one picture to zoom into. Knows nothing of models."""

from functools import lru_cache

import altair as alt
import numpy as np
import pandas as pd

from makemore.charts.base import palette, png
from makemore.charts.base.chart import Chart, Spec, finished, source
from makemore.charts.letters.count_shades import Shade, Show, strength

MOST_TARGETS = 2_500  # cells that answer the pointer; all are in the picture
HEIGHT = 560


def overview(cells: pd.DataFrame, *, show: Show = "count", shade: Shade = "log") -> Chart:
    """One pixel a pair; wheel and drag zoom, a click chooses one of the most frequent cells.

    cells: as for `count_heatmap`. Selection `cell`.
    """
    letters = tuple(dict.fromkeys(cells["first"]))
    size = len(letters)
    strengths = strength(cells[show].to_numpy(dtype=float), show, shade).reshape(size, size)
    picture = png.diverging(-np.asarray(strengths), 1.0)
    index = {letter: i for i, letter in enumerate(letters)}
    often = cells[cells["count"] > 0].nlargest(MOST_TARGETS, "count")
    targets = often.assign(
        x=often["second"].map(index).to_numpy() - 0.5, y=often["first"].map(index).to_numpy() - 0.5
    ).assign(x2=lambda frame: frame["x"] + 1, y2=lambda frame: frame["y"] + 1)
    corners = {"x": [-0.5], "x2": [size - 0.5], "y": [-0.5], "y2": [size - 0.5], "url": [picture]}
    text = (
        f"Picture of {size} by {size} letters, one point a pair; {int((cells['count'] > 0).sum()):,} "
        "pairs occur. The boxes below choose a pair by keyboard."
    )
    datasets = {"picture": pd.DataFrame(corners), "cells": targets}
    return Chart(_spec("".join(letters)), datasets, text, selections=("cell",))


@lru_cache(maxsize=8)
def _spec(letters: str) -> Spec:
    cell = alt.selection_point(name="cell", fields=["first", "second"], empty=False)
    zoom = alt.selection_interval(name="zoom", bind="scales")
    across = {"x": _axis("x", "next letter", letters), "x2": "x2:Q"}
    down = {"y": _axis("y", "letter", letters), "y2": "y2:Q"}
    image = alt.Chart(source("picture")).mark_image(aspect=False, smooth=False, clip=True)
    drawn = image.encode(**across, **down, url="url:N").add_params(zoom)
    targets = alt.Chart(source("cells")).mark_rect(fill="transparent", clip=True, strokeWidth=2)
    clickable = targets.encode(
        **across,
        **down,
        stroke=alt.condition(cell, alt.value(palette.ACCENT.css), alt.value("transparent")),
        tooltip=[
            alt.Tooltip("pair:N", title="pair"),
            alt.Tooltip("count:Q", title="count", format=","),
            alt.Tooltip("probability:Q", title="probability", format=".2%"),
        ],
    ).add_params(cell)
    return finished(alt.layer(drawn, clickable).properties(height=HEIGHT))


def _axis(field: str, title: str, letters: str) -> alt.X | alt.Y:
    """Places are numbers, so that they can zoom; their labels are the letters."""
    quoted = ", ".join(f"'{_escaped(letter)}'" for letter in letters)
    named = f"datum.value % 1 ? '' : [{quoted}][datum.value]"
    scale = alt.Scale(domain=[-0.5, len(letters) - 0.5], nice=False, reverse=field == "y")
    across = field == "x"
    axis = alt.Axis(labelExpr=named, grid=False, tickMinStep=1, tickCount=40, labelOverlap=True)
    if across:
        axis.orient, axis.labelAngle = "top", 0
        return alt.X("x:Q", title=title, scale=scale, axis=axis)
    return alt.Y("y:Q", title=title, scale=scale, axis=axis)


def _escaped(letter: str) -> str:
    """A foreign letter inside an expression is a number, so that it can be nothing else."""
    return "".join(f"\\u{unit:04x}" for unit in _units(letter))


def _units(letter: str) -> list[int]:
    raw = letter.encode("utf-16-be", errors="surrogatepass")
    return [raw[i] << 8 | raw[i + 1] for i in range(0, len(raw), 2)]
