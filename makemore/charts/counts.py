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
Show = Literal["count", "probability", "smoothed"]
Shade = Literal["log", "linear"]

MOST_LETTERS_WITH_TEXT = 40
TITLES: dict[Show, str] = {
    "count": "times the pair occurs",
    "probability": "probability of the next letter",
    "smoothed": "probability of the next letter, k added to every count",
}
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
) -> Chart:
    """One cell a pair; `marked` pairs are outlined; a click chooses a cell (selection `cell`).

    cells: `first, second, pair, count, probability` and for `smoothed` also that, one row a pair, in
    the order of the letters, at most 40 of them. path: `first, second, position`, cells that a line
    joins. `compact` leaves out the text, `lit` outlines the row of a letter. What is shown changes
    the data alone, never the spec, so that the browser repaints in place.
    """
    drawn = cells.assign(
        strength=strength(cells[show].to_numpy(dtype=float), show, shade),
        label=[f"{v:,}" for v in cells[show]] if show == "count" else _shares(cells[show]),
        marked=cells["pair"].isin(list(marked)),
    )
    letters = cells["first"].nunique()
    row = cells[cells["first"] == lit].iloc[[0, -1]] if lit is not None else cells.iloc[:0]
    lit_row = pd.DataFrame({"first": row["first"][:1], "from": row["second"][:1]})
    lit_row["to"] = list(row["second"][-1:])
    datasets = {"cells": drawn, "path": path, "lit": lit_row}
    text = _said(cells, show) + _said_path(path)
    return Chart(_spec(letters, compact), datasets, text, selections=("cell",))


def _shares(values: pd.Series) -> list[str]:
    return [f"{v:.1%}" if v >= 0.0005 else "<.1%" if v else "0%" for v in values]


def _said(cells: pd.DataFrame, show: Show) -> str:
    letters = cells["first"].nunique()
    top = cells.iloc[int(cells[show].to_numpy().argmax())]
    if show == "count":
        best = f"The most frequent pair is {top['pair']}, {top['count']:,} times."
    else:
        best = f"{top['first']} is followed by {top['second']} in {top[show]:.1%} of the cases."
    return f"Heatmap of {letters} by {letters} letters. {best}"


def _said_path(path: pd.DataFrame) -> str:
    if not len(path):
        return ""
    return f" A line joins {len(path)} cells, from {path.iloc[0]['first']}{path.iloc[0]['second']}."


def strength(value: Numbers, show: Show, shade: Shade) -> Numbers:
    """Where on the colour scale a cell lies, 0 to 1; decides the colour of its text.

    Probabilities share one scale, up to certainty; counts end at the largest.
    """
    top = max(float(value.max()), 1.0) if show == "count" else 1.0
    if shade == "linear":
        return value / top
    constant = 1.0 if show == "count" else 0.002  # below it the scale turns linear: zero has a colour
    return np.asarray(np.log1p(value / constant) / np.log1p(top / constant))


@lru_cache(maxsize=16)
def _spec(letters: int, compact: bool) -> Spec:
    cell = alt.selection_point(name="cell", fields=["first", "second"], empty=False)
    base = alt.Chart(source("cells")).encode(
        x=_axis("second:N", "next letter", compact),
        y=_axis("first:N", "letter", compact),
        tooltip=_tooltip(),
    )
    rects = base.mark_rect().encode(color=_colour()).add_params(cell)
    layers: list[alt.Chart] = [rects, *([] if compact else _texts(base))]
    outline = base.mark_rect(fill="transparent", strokeWidth=2)
    layers.append(
        outline.encode(stroke=alt.value(palette.INK.css)).transform_filter("datum.marked")
    )
    layers.append(outline.encode(stroke=alt.value(palette.ACCENT.css)).transform_filter(cell))
    layers += [_lit(), *_path()]
    height = (15 if compact else 26) * letters
    return finished(alt.layer(*layers).properties(height=height))


def _axis(field: str, title: str, compact: bool) -> alt.X | alt.Y:
    size = px(11, 8) if compact else px(12, 9)
    if field.startswith("second"):
        across = alt.Axis(orient="top", labelAngle=0, labelOverlap=False, labelFontSize=size)
        return alt.X(field, sort=None, title=title, axis=across)
    return alt.Y(field, sort=None, title=title, axis=alt.Axis(labelOverlap=False, labelFontSize=size))


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("pair:N", title="pair"),
        alt.Tooltip("count:Q", title="count", format=","),
        alt.Tooltip("probability:Q", title="probability", format=".2%"),
    ]


def _colour() -> alt.Color:
    scale = alt.Scale(domain=[0, 1], range="heatmap", type="linear")
    return alt.Color("strength:Q", scale=scale, legend=None)  # `shade_legend` stands above


def _texts(base: alt.Chart) -> list[alt.Chart]:
    """The pair above, its number below; on a phone the number waits for a tap."""
    turn = f"datum.strength > {palette.TEXT_TURNS}"
    colour = alt.condition(turn, alt.value(palette.ON_STRONG.css), alt.value(palette.ON_FAINT.css))
    number = "datum.count || datum.strength > 0.05 ? 1 : 0.55"
    pair = base.mark_text(dy=px(-5, 0), fontSize=px(10.5, 8)).encode(text="pair:N", fill=colour)
    count = base.mark_text(dy=6, fontSize=px(8.5, 0), opacity=alt.ExprRef(number)).encode(
        text="label:N", fill=colour
    )
    return [pair, count]


def _lit() -> alt.Chart:
    """A frame around the row that is looked at."""
    frame = alt.Chart(source("lit")).mark_rect(fill="transparent", strokeWidth=2)
    return frame.encode(
        x="from:N", x2="to:N", y="first:N", stroke=alt.value(palette.ACCENT.css)
    )


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


def shade_legend(top: float, *, show: Show = "count", shade: Shade = "log") -> Chart:
    """The colour scale of the heatmap with its numbers; `top` is the largest value that is shown."""
    ticks = {"count": [0, 10, 100, 1000, 10_000, 100_000], "probability": [0, 0.01, 0.1, 0.5, 1.0]}
    if shade == "linear":
        ticks = {"count": [0, *_round_steps(top)], "probability": [0, 0.25, 0.5, 0.75, 1.0]}
    values = np.array(ticks["count" if show == "count" else "probability"])
    values = values[values <= max(top, 1.0)]
    places = strength(np.array([*values, top if show == "count" else 1.0]), show, shade)[:-1]
    labels = [f"{v:,.0f}" if show == "count" else f"{v:.0%}" for v in values]
    edges = np.linspace(0, 1, 41)
    bands = pd.DataFrame({"left": edges[:-1], "right": edges[1:], "strength": edges[1:]})
    name = f"{TITLES[show]}, {shade} shade" if shade == "linear" else f"{TITLES[show]}, log shade"
    title = pd.DataFrame({"left": [0.0], "title": [name]})
    datasets = {"bands": bands, "ticks": pd.DataFrame({"left": places, "label": labels})}
    return Chart(_legend_spec(), {**datasets, "title": title}, f"Colour scale: {name}, {', '.join(labels)}.")


def _round_steps(top: float) -> list[float]:
    step = 10 ** np.floor(np.log10(max(top, 1)))
    return [float(i * step) for i in range(1, int(top / step) + 1)] if top / step >= 2 else [step]


@lru_cache(maxsize=1)
def _legend_spec() -> Spec:
    x = alt.X("left:Q", title=None, axis=None, scale=alt.Scale(domain=[-0.02, 1.04], nice=False))
    quiet = alt.value(palette.MUTED.css)
    bands = alt.Chart(source("bands")).mark_rect(y=18, y2=26).encode(x=x, x2="right:Q", fill=_fill())
    base = alt.Chart(source("ticks"))
    labels = base.mark_text(y=37, fontSize=10.5).encode(x=x, text="label:N", fill=quiet)
    ends = alt.Chart(source("title")).mark_text(y=6, align="left", fontSize=11, fontWeight=600)
    layers = alt.layer(bands, labels, ends.encode(x=x, text="title:N", fill=quiet))
    return finished(layers.properties(height=44))


def _fill() -> alt.Fill:
    scale = alt.Scale(domain=[0, 1], range="heatmap", type="linear")
    return alt.Fill("strength:Q", scale=scale, legend=None)
