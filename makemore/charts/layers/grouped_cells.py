"""Draws numbers that are grouped anew, cell by cell. Knows no model."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, px, source

CELL = 26  # pixels a row is high


def grouped_cells(cells: pd.DataFrame, *, most_rows: int, most_columns: int, limit: float) -> Chart:
    """Each number a cell of one size, however many stand in a row.

    cells: `row, column, value, letter, channel, position, stored`. The most rows and columns that any
    grouping has keep the cells of all of them equal; colours are full at ±`limit`.
    """
    rows, columns = cells["row"].max() + 1, cells["column"].max() + 1
    heads = cells[cells["channel"] == 0]
    text = (
        f"{len(cells)} numbers in {rows} rows of {columns}, each coloured blue below and orange above "
        "zero; the letters say where each row of the embedding begins."
    )
    datasets = {"cells": cells, "heads": heads}
    return Chart(_spec(int(most_rows), int(most_columns), round(limit, 1) or 0.1), datasets, text)


@lru_cache(maxsize=8)
def _spec(rows: int, columns: int, limit: float) -> Spec:
    x = alt.X(
        "column:Q",
        title="place in the row (feature)",
        scale=alt.Scale(domain=[0, columns], nice=False),
        axis=alt.Axis(grid=False, tickCount=8),
    )
    tall = alt.Scale(domain=[rows, 0], nice=False)
    lines = alt.Axis(grid=False, values=list(range(rows)))

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", title="position", scale=tall, axis=lines)

    cells = (
        alt.Chart(source("cells"))
        .mark_rect()
        .transform_calculate(
            right="datum.column + 1", low="datum.row + 0.42", end="datum.row + 0.95"
        )
        .encode(
            x=x,
            x2="right:Q",
            y=y("low"),
            y2="end:Q",
            color=alt.Color(
                "value:Q",
                scale=alt.Scale(range="diverging", domain=[-limit, 0, limit], clamp=True),
                legend=alt.Legend(
                    title="value", gradientLength=160, gradientThickness=8, format=".2~g"
                ),
            ),
            tooltip=[
                alt.Tooltip("letter:N", title="letter"),
                alt.Tooltip("channel:Q", title="number of its embedding"),
                alt.Tooltip("value:Q", title="value", format=".3f"),
                alt.Tooltip("stored:Q", title="place in memory"),
            ],
        )
    )
    heads = (
        alt.Chart(source("heads"))
        .mark_text(align="left", baseline="top", dy=2, fontSize=px(14, 11), fontWeight=600)
        .encode(x=x, y=y("row"), text="letter:N", fill=alt.value(palette.INK.css))
    )
    return finished(alt.layer(cells, heads).properties(height=(CELL + 12) * rows))
