"""Draws x @ W = y as three matrices where the rule of multiplying has them. Knows no model.

W stands above y and to the right of x, so that a row of y lies where its row of x and W meet.
"""

from functools import lru_cache

import altair as alt
import numpy as np
import pandas as pd

from makemore.charts.base import palette, png
from makemore.charts.base.chart import Chart, Spec, finished, px, source

TALL = 2.6  # a row of x and y is as high as so many of W
GAP = 5.0  # between the matrices, in rows and columns of W


def matrix_product(
    x: png.Matrix, weight: png.Matrix, y: png.Matrix, *, rows: list[str], chosen: int
) -> Chart:
    """One row of x, framed, times the whole of W is one row of y, framed too.

    x: (rows, features), weight: (features, outputs), y: (rows, outputs); each is blue below and orange
    above zero on a scale of its own. `rows` names the rows of x; `chosen` is one of them, from 0.
    """
    inside, outputs = weight.shape
    left, right = float(inside), inside + GAP + outputs
    top, height = inside + GAP, TALL * len(x)
    places = {
        "x": (x, 0.0, left, top, top + height),
        "W": (weight, left + GAP, right, 0.0, float(inside)),
        "y": (y, left + GAP, right, top, top + height),
    }
    matrices = pd.DataFrame(
        [
            {
                "name": f"{name}: {values.shape[0]} × {values.shape[1]}",
                "left": x1,
                "right": x2,
                "top": y1,
                "low": y2,
                "url": png.diverging(values, float(np.abs(values).max())),
            }
            for name, (values, x1, x2, y1, y2) in places.items()
        ]
    )
    first = top + TALL * chosen
    frames = pd.DataFrame(
        [
            {"left": x1, "right": x2, "top": first, "low": first + TALL}
            for x1, x2 in ((0.0, left), (left + GAP, right))
        ]
    )
    names = [
        {"row": row, "x": left + GAP / 2, "y": top + TALL * (i + 0.5), "chosen": i == chosen}
        for i, row in enumerate(rows)
    ]
    text = (
        f"x, {len(x)} rows of {inside} numbers, times W, {inside} by {outputs}, gives y, {len(x)} rows of "
        f"{outputs}. Framed: the row {rows[chosen]} of x, and the row of y that comes from it alone."
    )
    formula = pd.DataFrame([{"x": 0.0, "y": inside / 2, "text": "x @ W = y"}])
    datasets = {
        "matrices": matrices,
        "frames": frames,
        "rows": pd.DataFrame(names),
        "formula": formula,
    }
    return Chart(_spec(right, top + height), datasets, text)


@lru_cache(maxsize=8)
def _spec(width: float, height: float) -> Spec:
    wide = alt.Scale(domain=[0, width], nice=False)
    tall = alt.Scale(domain=[-3, height], reverse=True, nice=False, zero=False)

    def corners(data: str) -> alt.Chart:
        drawn: alt.Chart = alt.Chart(source(data)).encode(
            x=alt.X("left:Q", scale=wide, axis=None),
            x2="right:Q",
            y=alt.Y("top:Q", scale=tall, axis=None),
            y2="low:Q",
        )
        return drawn

    matrices = corners("matrices")
    back = matrices.mark_rect(fill="transparent", stroke=palette.MUTED.css, strokeWidth=0.8)
    images = matrices.mark_image(aspect=False, smooth=False).encode(url="url:N")
    frames = corners("frames").mark_rect(
        fill="transparent", stroke=palette.ACCENT.css, strokeWidth=2.5, cornerRadius=2
    )
    names = (
        alt.Chart(source("matrices"))
        .mark_text(align="left", dy=-9, fontSize=px(15, 12), fontWeight=600)
        .encode(
            x=alt.X("left:Q", scale=wide, axis=None),
            y=alt.Y("top:Q", scale=tall, axis=None),
            text="name:N",
        )
    )
    rows = (
        alt.Chart(source("rows"))
        .mark_text(fontSize=px(15, 11), fontWeight=600)
        .encode(
            x=alt.X("x:Q", scale=wide, axis=None),
            y=alt.Y("y:Q", scale=tall, axis=None),
            text="row:N",
            fill=alt.condition(
                "datum.chosen", alt.value(palette.ACCENT.css), alt.value(palette.MUTED.css)
            ),
        )
    )
    layers = [back, images, frames, names, rows, _formula(wide, tall)]
    return finished(alt.layer(*layers).properties(height=340))


def _formula(wide: alt.Scale, tall: alt.Scale) -> alt.Chart:
    """In the corner that multiplying leaves free."""
    drawn: alt.Chart = (
        alt.Chart(source("formula"))
        .mark_text(align="left", fontSize=px(20, 13), fontWeight=600, fill=palette.MUTED.css)
        .encode(
            x=alt.X("x:Q", scale=wide, axis=None),
            y=alt.Y("y:Q", scale=tall, axis=None),
            text="text:N",
        )
    )
    return drawn
