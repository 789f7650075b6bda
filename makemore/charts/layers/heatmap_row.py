"""Draws matrices side by side, each in its proportions and on a scale of its own. Knows no model."""

from collections.abc import Mapping
from functools import lru_cache

import altair as alt
import numpy as np
import pandas as pd

from makemore.charts.base import palette, png
from makemore.charts.base.chart import Chart, Spec, finished, px, source

LEAST = 0.07  # of the room that the largest matrix takes, so that a single row can be seen
HEAD = 46  # pixels for three lines of text
_NARROW = "width < 520"
Cell = tuple[int, int]


def heatmap_row(
    panels: Mapping[str, png.Matrix],
    *,
    notes: Mapping[str, str] | None = None,
    cells: Mapping[str, Cell] | None = None,
) -> Chart:
    """Each matrix (rows, columns) under its name: blue below, orange above zero, opaque at its largest.

    notes: a line below a name, before that of shape and scale. cells: by panel, a cell (row, column
    from 0) that is framed.
    Where there is little room two stand beside each other.
    """
    tallest = max(len(values) for values in panels.values())
    widest = max(values.shape[1] for values in panels.values())
    rows, frames = [], []
    for place, (name, values) in enumerate(panels.items()):
        high, wide = max(len(values) / tallest, LEAST), max(values.shape[1] / widest, LEAST)
        most = float(np.abs(values).max())
        spot = {"at": place, "column": place % 2, "row": place // 2}
        box = {"left": 0.0, "right": wide, "top": 0.0, "low": high}
        note = (notes or {}).get(name, "")
        rows.append(
            {
                **spot,
                **box,
                "name": name,
                "note": note,
                "scale": f"{values.shape[0]} × {values.shape[1]}, ±{most:.3g}",
                "url": png.diverging(values, most),
            }
        )
        if cells and name in cells:
            r, c = cells[name]
            across, down = wide / values.shape[1], high / len(values)
            frames.append(
                {
                    **spot,
                    "left": c * across,
                    "right": (c + 1) * across,
                    "top": r * down,
                    "low": (r + 1) * down,
                }
            )
    columns = ["at", "column", "row", "left", "right", "top", "low"]
    text = "Heatmaps, blue below and orange above zero: " + "; ".join(
        f"{row['name']}, {row['note']}, {row['scale']} at most" for row in rows
    )
    datasets = {"panels": pd.DataFrame(rows), "cells": pd.DataFrame(frames, columns=columns)}
    return Chart(_spec(len(rows)), datasets, f"{text}.")


@lru_cache(maxsize=8)
def _spec(count: int) -> Spec:
    down = (count + 1) // 2
    across = 0.9 / count  # what one panel has of the width, less a gap
    place = {
        "x0": f"{_NARROW} ? datum.column * 0.52 : datum.at / {count}",
        "y0": f"{_NARROW} ? datum.row / {down} : 0",
        "w": f"{_NARROW} ? 0.46 : {across}",
        "head": f"{HEAD} / height",
        "h": f"({_NARROW} ? 1 / {down} : 1) - {HEAD + 4} / height",
    }
    corners = {
        "x1": "datum.x0 + datum.left * datum.w",
        "x2": "datum.x0 + datum.right * datum.w",
        "y1": "datum.y0 + datum.head + datum.top * datum.h",
        "y2": "datum.y0 + datum.head + datum.low * datum.h",
    }
    x = alt.X("x1:Q", scale=alt.Scale(domain=[0, 1], nice=False, zero=False), axis=None)
    y = alt.Y(
        "y1:Q", scale=alt.Scale(domain=[0, 1], nice=False, zero=False, reverse=True), axis=None
    )
    base = alt.Chart(source("panels")).transform_calculate(**place).transform_calculate(**corners)
    cells = alt.Chart(source("cells")).transform_calculate(**place).transform_calculate(**corners)
    back = base.mark_rect(fill="transparent", stroke=palette.MUTED.css, strokeWidth=0.8)
    image = base.mark_image(aspect=False, smooth=False)
    frame = cells.mark_rect(fill="transparent", stroke=palette.ACCENT.css, strokeWidth=2)
    ends = {"x": x, "x2": "x2:Q", "y": y, "y2": "y2:Q"}
    layers = [back.encode(**ends), image.encode(**ends, url="url:N"), frame.encode(**ends)]
    return finished(alt.layer(*layers, *_heads(base, x, y)).properties(height=250))


def _heads(base: alt.Chart, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Name, note and scale over each."""
    lines: list[alt.Chart] = []
    for field, dy, strong in (("name", -33, True), ("note", -19, False), ("scale", -6, False)):
        text = base.mark_text(
            align="left",
            dy=dy,
            fontSize=px(13, 12) if strong else px(11.5, 11),
            fontWeight=600 if strong else 400,
            fill=palette.INK.css if strong else palette.MUTED.css,
        )
        lines.append(text.encode(x=x, y=y, text=f"{field}:N"))
    return lines
