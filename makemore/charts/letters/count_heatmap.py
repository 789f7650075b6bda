"""Draws the matrix of letter pairs: pair and number in every cell. Knows nothing of models."""

from collections.abc import Collection
from functools import lru_cache

import altair as alt
import numpy as np
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, px, source
from makemore.charts.letters.count_shades import Shade, Show, strength

MOST_LETTERS_WITH_TEXT = 40
# A cell's two lines as shares of its height, and of its width for two letters or five digits; pixels.
PAIR, COUNT = (0.47, 0.42, 13.0), (0.43, 0.29, 12.0)
SMALLEST = 7.0  # below this nobody reads them
_LOOKED_UP = ["strength", "label", "dark", "opacity"]
_NO_PATH = pd.DataFrame({"first": [], "second": [], "position": []})


def count_heatmap(
    cells: pd.DataFrame,
    *,
    show: Show = "count",
    shade: Shade = "log",
    marked: Collection[str] = (),
    path: pd.DataFrame = _NO_PATH,
    compact: bool = False,
    lit: str | None = None,
    chosen: str | None = None,
) -> Chart:
    """One cell a pair; `marked` pairs are outlined; a click chooses a cell (selection `cell`).

    cells: `first, second, pair, count, probability` and for `smoothed` also that, one row a pair, in
    the order of the letters, at most 40 of them. path: `first, second, position`, cells that a line
    joins. `compact` leaves out the text, `lit` outlines the row of a letter. `chosen` is a pair that
    is outlined as if clicked, in place of what is: for matrices that mark each other's cell. What is
    shown changes the data alone, never the spec, and stands apart from the cells, which it is looked
    up for: so the browser repaints its thousands of marks in place.
    """
    strong = strength(cells[show].to_numpy(dtype=float), show, shade)
    seen = (cells["count"] > 0) | (strong > 0.05)
    shown = pd.DataFrame(
        {
            "pair": cells["pair"],
            "strength": strong,
            "label": [f"{v:,}" for v in cells[show]] if show == "count" else _shares(cells[show]),
            # Decided here, once, and not by the browser cell by cell.
            "dark": strong > palette.TEXT_TURNS,
            "opacity": np.where(seen, 1.0, 0.55),
        }
    )
    letters = cells["first"].nunique()
    row = cells[cells["first"] == lit].iloc[[0, -1]] if lit is not None else cells.iloc[:0]
    lit_row = pd.DataFrame({"first": row["first"][:1], "from": row["second"][:1]})
    lit_row["to"] = list(row["second"][-1:])
    told = cells[["first", "second", "pair", "count", "probability"]]
    outlined = cells.loc[cells["pair"].isin(list(marked)), ["first", "second", "pair"]]
    datasets = {
        "cells": told,
        "shown": shown,
        "marked": outlined,
        "path": path,
        "lit": lit_row,
    }
    if chosen is not None:
        datasets["chosen"] = cells.loc[cells["pair"] == chosen, ["first", "second", "pair"]]
    text = _said(cells, show) + _said_path(path)
    spec = _spec(letters, compact, chosen is not None)
    return Chart(spec, datasets, text, selections=("cell",))


def _shares(values: pd.Series) -> list[str]:
    return [f"{v:.1%}" if v >= 0.0005 else "<.1%" if v else "0%" for v in values]


def _said(cells: pd.DataFrame, show: Show) -> str:
    rows, columns = cells["first"].nunique(), cells["second"].nunique()
    top = cells.iloc[int(cells[show].to_numpy().argmax())]
    if show == "count":
        best = f"The most frequent pair is {top['pair']}, {top['count']:,} times."
    else:
        best = f"{top['first']} is followed by {top['second']} in {top[show]:.1%} of the cases."
    return f"Heatmap of {rows} by {columns} letters. {best}"


def _said_path(path: pd.DataFrame) -> str:
    if not len(path):
        return ""
    return f" A line joins {len(path)} cells, from {path.iloc[0]['first']}{path.iloc[0]['second']}."


@lru_cache(maxsize=16)
def _spec(letters: int, compact: bool, linked: bool) -> Spec:
    cell = alt.selection_point(name="cell", fields=["first", "second"], empty=False)
    shown = alt.LookupData(data=source("shown"), key="pair", fields=_LOOKED_UP)
    base = (
        alt.Chart(source("cells"))
        .transform_lookup(lookup="pair", from_=shown)
        .encode(x=_across(letters), y=_down(letters))
    )
    # Only the cells answer the pointer: what lies on top lets it through and costs no tooltip. The
    # alternative text speaks for all of them, so none has a description of its own.
    rects = base.mark_rect(aria=False).encode(color=_colour(), tooltip=_tooltip()).add_params(cell)
    layers: list[alt.Chart] = [rects, *([] if compact else _texts(base, letters))]
    layers.append(_outline("marked", palette.INK, letters))
    choice = _outline("chosen" if linked else "cells", palette.ACCENT, letters)
    layers.append(choice if linked else choice.transform_filter(cell))
    layers += [_lit(), *_path()]
    height = (15 if compact else 26) * letters
    return finished(alt.layer(*layers).properties(height=height))


def _outline(data: str, colour: palette.Colour, letters: int) -> alt.Chart:
    frame = alt.Chart(source(data)).mark_rect(aria=False, fill="transparent", strokeWidth=2)
    drawn: alt.Chart = frame.encode(
        x=_across(letters), y=_down(letters), stroke=alt.value(colour.css)
    )
    return drawn


def _across(letters: int) -> alt.X:
    axis = alt.Axis(orient="top", labelAngle=0, labelOverlap=False, labelFontSize=_size(letters))
    return alt.X("second:N", sort=None, title="next letter", axis=axis)


def _down(letters: int) -> alt.Y:
    axis = alt.Axis(labelOverlap=False, labelFontSize=_size(letters))
    return alt.Y("first:N", sort=None, title="letter", axis=axis)


def _size(letters: int) -> alt.ExprRef:
    """Of the letters at the edges: as large as rows and columns let them be."""
    return alt.ExprRef(f"min(13, 0.8 * width / {letters}, 0.85 * height / {letters})")


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("pair:N", title="pair"),
        alt.Tooltip("count:Q", title="count", format=","),
        alt.Tooltip("probability:Q", title="probability", format=".2%"),
    ]


def _colour() -> alt.Color:
    scale = alt.Scale(domain=[0, 1], range="heatmap", type="linear")
    return alt.Color("strength:Q", scale=scale, legend=None)  # `shade_legend` is drawn apart


def _texts(base: alt.Chart, letters: int) -> list[alt.Chart]:
    """The pair above, its number below, as large as the cell lets them be; neither where it is too small."""
    inks = alt.value(palette.ON_STRONG.css), alt.value(palette.ON_FAINT.css)
    fill, opacity = alt.condition("datum.dark", *inks), alt.Opacity("opacity:Q", scale=None)
    pair = base.mark_text(
        aria=False, dy=alt.ExprRef(f"-0.23 * height / {letters}"), fontSize=_fitting(*PAIR, letters)
    )
    count = base.mark_text(
        aria=False, dy=alt.ExprRef(f"0.25 * height / {letters}"), fontSize=_fitting(*COUNT, letters)
    )
    return [
        pair.encode(text="pair:N", fill=fill),
        count.encode(text="label:N", fill=fill, opacity=opacity),
    ]


def _fitting(high: float, wide: float, most: float, letters: int) -> alt.ExprRef:
    """A size in pixels that goes with the cell; 0 for both lines where either would be too small."""
    cell = f"height / {letters}", f"width / {letters}"
    smallest = f"min({COUNT[0]} * {cell[0]}, {COUNT[1]} * {cell[1]})"
    size = f"min({high} * {cell[0]}, {wide} * {cell[1]}, {most})"
    return alt.ExprRef(f"{smallest} < {SMALLEST} ? 0 : {size}")


def _lit() -> alt.Chart:
    """A frame around the row that is looked at."""
    frame = alt.Chart(source("lit")).mark_rect(fill="transparent", strokeWidth=2)
    stroke = alt.value(palette.ACCENT.css)
    drawn: alt.Chart = frame.encode(
        x=alt.X("from:N", bandPosition=0),
        x2=alt.X2("to:N", bandPosition=1),
        y="first:N",
        stroke=stroke,
    )
    return drawn


def _path() -> list[alt.Chart]:
    """The way of a name from cell to cell, light below and accent above, so that it shows on both."""
    base = alt.Chart(source("path")).encode(x="second:N", y="first:N", order="position:Q")
    halo = base.mark_line(strokeWidth=5, stroke=palette.PAPER.css, strokeJoin="round")
    line = base.mark_line(strokeWidth=2, stroke=palette.ACCENT.css, strokeJoin="round")
    dot = base.mark_circle(size=px(220, 90), opacity=1, fill=palette.ACCENT.css)
    number = base.mark_text(fontSize=px(10, 7.5), fontWeight=700).encode(
        text="position:Q", fill=alt.value(palette.PAPER.css)
    )
    return [halo, line, dot, number]
