"""Draws an embedding table, and the rows that the letters of a context pick out of it. Knows no net."""

from functools import lru_cache

import altair as alt
import numpy as np
import pandas as pd

from makemore.charts.base import palette, png
from makemore.charts.base.chart import Chart, Spec, finished, px, source

TABLE, GAP = 1.0, 0.42  # widths: of the table, and between it and the rows
MARGIN, HEAD = 0.13, 1.6  # before it for the letters, and above it, in rows, for its name
RIGHT = TABLE + GAP
FEWEST = 8  # rows on the right that have the height of the table
NAMED = 64  # letters; of more only those of the context are named
SHOWN = 12  # numbers of a row that a tooltip lists


def looked_up_rows(table: png.Matrix, letters: list[str], ids: list[int]) -> Chart:
    """The table C on the left, its rows for the ids on the right, in the order of the context.

    table: (letters, dimensions), blue below and orange above zero; letters by id. A line leads from each
    row of the context to its place in what goes into the net.
    """
    vocabulary, width = table.shape
    limit = max(float(np.abs(table).max()), 1e-12)
    tall = vocabulary / max(len(ids), FEWEST)  # of a row on the right, in rows of the table
    start = (vocabulary - tall * len(ids)) / 2
    images = [
        (0.0, TABLE, 0.0, float(vocabulary), png.diverging(table, limit)),
        (RIGHT, RIGHT + TABLE, start, start + tall * len(ids), png.diverging(table[ids], limit)),
    ]
    heads = [
        (0.0, 0.0, f"C: {vocabulary} × {width}, full colour at ±{limit:.1f}"),
        (RIGHT, start, f"C[ids]: {len(ids)} × {width}"),
    ]
    text = (
        f"The embedding table C, {vocabulary} rows of {width} numbers, blue below and orange above zero. The "
        f"context {''.join(letters[i] for i in ids)} has the ids {', '.join(map(str, ids))}; their rows stand "
        f"beside it, {len(ids)} times {width} numbers."
    )
    datasets = {
        "images": pd.DataFrame(images, columns=["left", "right", "top", "low", "url"]),
        "rows": _rows(table, letters, set(ids)),
        "places": _places(letters, ids, start, tall),
        "heads": pd.DataFrame(heads, columns=["x", "y", "said"]),
    }
    return Chart(_spec(vocabulary), datasets, text)


def _rows(table: png.Matrix, letters: list[str], lit: set[int]) -> pd.DataFrame:
    """Row by row of the table what the pointer tells, and which are lit."""
    few = len(letters) <= NAMED
    ids = range(len(letters))
    return pd.DataFrame(
        {
            "letter": letters,
            "id": ids,
            "left": 0.0,
            "right": TABLE,
            "top": [float(i) for i in ids],
            "low": [i + 1.0 for i in ids],
            "middle": [i + 0.5 for i in ids],
            "lit": [i in lit for i in ids],
            "name": [f"{letters[i]}  {i}" if few or i in lit else "" for i in ids],
            "numbers": [_listed(row) for row in table],
        }
    )


def _places(letters: list[str], ids: list[int], start: float, tall: float) -> pd.DataFrame:
    """The letters of the context from the top, and the row of the table that each comes from."""
    tops = [start + tall * place for place in range(len(ids))]
    return pd.DataFrame(
        {
            "left": RIGHT,
            "right": RIGHT + TABLE,
            "begin": TABLE,
            "end": RIGHT - 0.14,
            "from": [i + 0.5 for i in ids],
            "to": [top + tall / 2 for top in tops],
            "top": tops,
            "low": [top + tall for top in tops],
            "name": [f"{letters[i]}  {i}" for i in ids],
        }
    )


def _listed(row: png.Matrix) -> str:
    told = "  ".join(f"{value:+.2f}" for value in row[:SHOWN].tolist())
    return told + (" …" if len(row) > SHOWN else "")


@lru_cache(maxsize=16)
def _spec(vocabulary: int) -> Spec:
    wide = alt.Scale(domain=[-MARGIN, RIGHT + TABLE], nice=False)
    tall = alt.Scale(domain=[-HEAD, vocabulary], reverse=True, nice=False, zero=False)

    def placed(data: str, x: str, y: str) -> alt.Chart:
        drawn: alt.Chart = alt.Chart(source(data)).encode(
            x=alt.X(f"{x}:Q", scale=wide, axis=None), y=alt.Y(f"{y}:Q", scale=tall, axis=None)
        )
        return drawn

    def boxes(data: str) -> alt.Chart:
        drawn: alt.Chart = placed(data, "left", "top").encode(x2="right:Q", y2="low:Q")
        return drawn

    lines = placed("places", "begin", "from").encode(x2="end:Q", y2="to:Q")

    def framed(data: str) -> alt.Chart:
        drawn: alt.Chart = boxes(data).mark_rect(
            fill="transparent", stroke=palette.ACCENT.css, strokeWidth=1.5, aria=False
        )
        return drawn

    layers = [
        boxes("images").mark_image(aspect=False, smooth=False).encode(url="url:N"),
        boxes("images").mark_rect(fill="transparent", stroke=palette.LINE.css, aria=False),
        lines.mark_rule(strokeWidth=1.5, opacity=0.7, stroke=palette.ACCENT.css, aria=False),
        framed("rows").transform_filter("datum.lit"),
        framed("places"),
        *_names(placed("rows", "left", "middle"), placed("places", "left", "to")),
        placed("heads", "x", "y")
        .mark_text(align="left", dy=-9, fontSize=px(14, 11), fontWeight=600, aria=False)
        .encode(text="said:N"),
        boxes("rows").mark_rect(fill="transparent").encode(tooltip=_told()),
    ]
    return finished(alt.layer(*layers).properties(height=440))


def _names(rows: alt.Chart, places: alt.Chart) -> list[alt.Chart]:
    """Letter and id before each row, on both sides; those of the context in its colour."""
    accent, muted = alt.value(palette.ACCENT.css), alt.value(palette.MUTED.css)
    table = rows.mark_text(align="right", dx=-6, fontSize=px(12, 9), aria=False)
    picked = places.mark_text(align="right", dx=-8, fontSize=px(14, 10), aria=False)
    return [
        table.encode(text="name:N", fill=alt.condition("datum.lit", accent, muted)),
        picked.encode(text="name:N", fill=accent),
    ]


def _told() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("letter:N", title="letter"),
        alt.Tooltip("id:Q", title="id"),
        alt.Tooltip("numbers:N", title="its row of C"),
    ]
