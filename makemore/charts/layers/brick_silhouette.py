"""Draws a net from the letters down: a row a module, a cell a position left. Knows no model.

A cell is as wide as the letters that its position has come from, so joining shows as cells that grow.
"""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, px, source

FITS, MISFIT, BEYOND = "fits", "does not fit", "not reached"
COLUMNS = ["place", "name", "positions", "features", "parameters", "state"]
PLAIN, CHOSEN, SICK = "plain", "chosen", "sick"
FRAMES = {PLAIN: "transparent", CHOSEN: palette.ACCENT.css, SICK: palette.WARNING.css}
CROSS = "\u2715"
MARGIN = (176, 140)  # pixels that the names take, wide and narrow


def silhouette(bricks: pd.DataFrame, *, positions: int, chosen: int | None = None) -> Chart:
    """Every module a row of as many cells as it gives positions, shaded by the numbers at each.

    bricks: `place, name, positions, features, parameters, state`, state one of FITS, MISFIT (in the
    warning colour) and BEYOND (no cells: nobody knows its shape). `positions` is the most there can be.
    The `chosen` one is framed, if one can be chosen: by a click (selection `brick`).
    """
    sick, ours = bricks["state"] == MISFIT, bricks["place"] == chosen
    frame = pd.Series(PLAIN, bricks.index).mask(sick, SICK).mask(ours, CHOSEN)
    marks = [f"{CROSS} " if each else "" for each in sick]
    heads = zip(marks, bricks["place"], bricks["name"], strict=True)
    rows = bricks.assign(
        label=[f"{mark}{place}  {name}" for mark, place, name in heads],
        note=bricks["state"].where((bricks["state"] != FITS) & (bricks["positions"] == 0), ""),
        under=bricks["state"].where(sick & (bricks["positions"] > 0), ""),
        frame=frame,
    )
    most = int(max(bricks["features"].max(), 1)) if len(bricks) else 1
    ways = " → ".join(str(each) for each in bricks["positions"] if each)
    text = f"{len(bricks)} modules from top to bottom; the positions left after each: {ways}."
    for row in bricks[sick].to_dict("records"):
        text += f" Number {row['place']}, {row['name']}, does not fit."
    size = (max(len(bricks), 1), positions, most, chosen is not None)
    datasets = {"bricks": rows, "cells": _cells(bricks, positions, most)}
    picks = ("brick",) if chosen is not None else ()
    return Chart(_spec(*size), datasets, text, selections=picks)


def _cells(bricks: pd.DataFrame, positions: int, most: int) -> pd.DataFrame:
    """One row a position that a module gives, with the share of the colour scale that it reaches."""
    rows = [
        {
            "place": each["place"],
            "left": position * positions / each["positions"],
            "right": (position + 1) * positions / each["positions"],
            "features": each["features"],
            "dark": each["features"] / most > palette.TEXT_TURNS,
        }
        for each in bricks.to_dict("records")
        for position in range(each["positions"])
    ]
    return pd.DataFrame(rows, columns=["place", "left", "right", "features", "dark"])


@lru_cache(maxsize=64)
def _spec(count: int, positions: int, most: int, pickable: bool) -> Spec:
    tall = alt.Scale(domain=[0.5, count + 0.5], reverse=True, nice=False, zero=False)
    start = alt.ExprRef(f"width < 520 ? {MARGIN[1]} : {MARGIN[0]}")
    wide = alt.Scale(domain=[0, positions], range=[start, alt.ExprRef("width")], nice=False)
    pick = alt.selection_point(name="brick", fields=["place"], empty=False)
    frames = _draw_frames(tall)
    layers = [
        *_draw_cells(wide, tall, count, most),
        *_draw_names(tall, count),
        frames.add_params(pick) if pickable else frames,
    ]
    return finished(alt.layer(*layers).properties(height=24 * count + 30))


def _between(chart: alt.Chart, by: float) -> alt.Chart:
    """With the edges of a row, so far above and below its middle."""
    moved: alt.Chart = chart.transform_calculate(
        top=f"datum.place - {by}", low=f"datum.place + {by}"
    )
    return moved


def _size(count: int) -> alt.ExprRef:
    """Letters as large as the rows and the width leave room for."""
    return alt.ExprRef(f"min(width < 520 ? 10.5 : 13, 0.8 * height / {count})")


def _draw_cells(wide: alt.Scale, tall: alt.Scale, count: int, most: int) -> list[alt.Chart]:
    base = _between(alt.Chart(source("cells")), 0.4)
    cells = base.mark_rect(cornerRadius=2, stroke=palette.PAPER.css, strokeWidth=2).encode(
        x=alt.X("left:Q", scale=wide, axis=None),
        x2="right:Q",
        y=alt.Y("top:Q", scale=tall, axis=None),
        y2="low:Q",
        fill=alt.Fill(
            "features:Q",
            scale=alt.Scale(range="heatmap", domain=[0, most]),
            legend=alt.Legend(
                title="features a position", gradientLength=140, gradientThickness=8, tickCount=3
            ),
        ),
    )
    inks = alt.value(palette.ON_STRONG.css), alt.value(palette.ON_FAINT.css)
    numbers = base.transform_calculate(middle="(datum.left + datum.right) / 2").mark_text(
        fontSize=_size(count), aria=False
    )
    return [
        cells,
        numbers.encode(
            x=alt.X("middle:Q", scale=wide, axis=None),
            y=alt.Y("place:Q", scale=tall, axis=None),
            text="features:Q",
            fill=alt.condition("datum.dark", *inks),
        ),
    ]


def _draw_names(tall: alt.Scale, count: int) -> list[alt.Chart]:
    """Number and name of each on the left; what is wrong with one stands where its cells would."""
    base = alt.Chart(source("bricks")).encode(y=alt.Y("place:Q", scale=tall, axis=None))
    sick = alt.condition(
        f"datum.state === '{MISFIT}'", alt.value(palette.WARNING.css), alt.value(palette.INK.css)
    )
    faint = alt.condition(f"datum.state === '{BEYOND}'", alt.value(0.55), alt.value(1.0))
    names = base.mark_text(align="left", fontSize=_size(count)).encode(
        x=alt.value(6), text="label:N", fill=sick, opacity=faint
    )
    notes = base.mark_text(align="center", fontSize=_size(count), fontWeight=600).encode(
        x=alt.value(alt.ExprRef(f"(width + (width < 520 ? {MARGIN[1]} : {MARGIN[0]})) / 2")),
        text="note:N",
        fill=sick,
        opacity=faint,
    )
    under = base.mark_text(align="left", fontSize=px(11, 9), dy=px(14, 11)).encode(
        x=alt.value(6),
        text="under:N",
        fill=sick,
        opacity=alt.value(alt.ExprRef(f"height / {count} < 30 ? 0 : 1")),
    )
    return [names, notes, under]


def _draw_frames(tall: alt.Scale) -> alt.Chart:
    """A frame around what is in hand, and one in the warning colour around what does not fit."""
    base = _between(alt.Chart(source("bricks")), 0.46)
    drawn: alt.Chart = base.mark_rect(fill="transparent", cornerRadius=3).encode(
        x=alt.value(1),
        x2=alt.value(alt.ExprRef("width")),
        y=alt.Y("top:Q", scale=tall, axis=None),
        y2="low:Q",
        stroke=alt.Stroke(
            "frame:N",
            scale=alt.Scale(domain=list(FRAMES), range=list(FRAMES.values())),
            legend=None,
        ),
        strokeWidth=alt.value(2),
        tooltip=[
            alt.Tooltip("place:Q", title="number"),
            alt.Tooltip("name:N", title="module"),
            alt.Tooltip("positions:Q", title="positions left"),
            alt.Tooltip("features:Q", title="features a position"),
            alt.Tooltip("parameters:Q", title="parameters", format=","),
            alt.Tooltip("state:N", title="it"),
        ],
    )
    return drawn
