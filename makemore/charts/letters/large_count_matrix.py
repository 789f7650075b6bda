"""Draws the matrix of pairs of a large alphabet as one picture to zoom into. Knows nothing of models."""

from collections.abc import Collection
from functools import lru_cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from makemore.charts.base import palette, png
from makemore.charts.base.chart import Chart, Spec, finished, source
from makemore.charts.letters.count_shades import Shade, Show, strength

MOST_TARGETS = 2_500  # cells that answer the pointer; all are in the picture
HEIGHT = 560
_NO_PATH = pd.DataFrame({"first": [], "second": [], "position": []})


def overview(
    cells: pd.DataFrame,
    *,
    show: Show = "count",
    shade: Shade = "log",
    marked: Collection[str] = (),
    path: pd.DataFrame = _NO_PATH,
    lit: str | None = None,
) -> Chart:
    """One pixel a pair; wheel and drag zoom, a click chooses one of the most frequent cells.

    cells: as for `count_heatmap`, and so are `marked`, `path` and `lit`. Selection `cell`.
    """
    letters = tuple(dict.fromkeys(cells["first"]))
    size = len(letters)
    strengths = strength(cells[show].to_numpy(dtype=float), show, shade).reshape(size, size)
    picture = png.diverging(-np.asarray(strengths), 1.0)
    often = cells[cells["count"] > 0].nlargest(MOST_TARGETS, "count")
    corners = {"x": [-0.5], "x2": [size - 0.5], "y": [-0.5], "y2": [size - 0.5], "url": [picture]}
    text = (
        f"Picture of {size} by {size} letters, one point a pair; {int((cells['count'] > 0).sum()):,} "
        "pairs occur."
    )
    row = pd.DataFrame({"first": [lit] if lit is not None else []}).assign(second=letters[0])
    datasets = {
        "picture": pd.DataFrame(corners),
        "cells": _placed(often, letters),
        "marked": _placed(cells[cells["pair"].isin(list(marked))], letters),
        "path": _placed(path, letters),
        "lit": _placed(row, letters).assign(x2=size - 0.5),
    }
    return Chart(_spec("".join(letters)), datasets, text, selections=("cell",))


def _placed(pairs: pd.DataFrame, letters: tuple[str, ...]) -> pd.DataFrame:
    """The pairs with the edges of their cells, a letter from half below its number to half above."""
    number = {letter: i for i, letter in enumerate(letters)}
    x, y = (pairs[side].map(number).astype(float) - 0.5 for side in ("second", "first"))
    return pairs.assign(x=x, y=y, x2=x + 1, y2=y + 1)


@lru_cache(maxsize=8)
def _spec(letters: str) -> Spec:
    cell = alt.selection_point(name="cell", fields=["first", "second"], empty=False)
    zoom = alt.selection_interval(name="zoom", bind="scales")
    across: dict[str, Any] = {"x": _axis("x", "next letter", letters), "x2": "x2:Q"}
    down: dict[str, Any] = {"y": _axis("y", "letter", letters), "y2": "y2:Q"}
    image = alt.Chart(source("picture")).mark_image(aspect=False, smooth=False, clip=True)
    drawn = image.encode(**across, **down, url="url:N").add_params(zoom)
    clickable = _frames("cells").encode(
        **across,
        **down,
        stroke=alt.condition(cell, alt.value(palette.ACCENT.css), alt.value("transparent")),
        tooltip=[
            alt.Tooltip("pair:N", title="pair"),
            alt.Tooltip("count:Q", title="count", format=","),
            alt.Tooltip("probability:Q", title="probability", format=".2%"),
        ],
    )
    outlined = {"marked": palette.INK, "lit": palette.ACCENT}
    frames = [
        _frames(name).encode(**across, **down, stroke=alt.value(colour.css))
        for name, colour in outlined.items()
    ]
    layers = alt.layer(drawn, clickable.add_params(cell), *frames, *_path(across["x"], down["y"]))
    return finished(layers.properties(height=HEIGHT))


def _frames(data: str) -> alt.Chart:
    frames: alt.Chart = alt.Chart(source(data)).mark_rect(
        fill="transparent", clip=True, strokeWidth=2
    )
    return frames


def _path(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """The way of a name from cell to cell: a line over a light one, so that it shows on both."""
    middle = alt.Chart(source("path")).transform_calculate(x="datum.x + 0.5", y="datum.y + 0.5")
    base = middle.encode(x=x, y=y, order="position:Q")
    return [
        base.mark_line(strokeWidth=5, stroke=palette.PAPER.css, strokeJoin="round", clip=True),
        base.mark_line(strokeWidth=2, stroke=palette.ACCENT.css, strokeJoin="round", clip=True),
        base.mark_circle(size=220, opacity=1, fill=palette.ACCENT.css, clip=True),
        base.mark_text(fontSize=10, fontWeight=700, clip=True).encode(
            text="position:Q", fill=alt.value(palette.PAPER.css)
        ),
    ]


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
