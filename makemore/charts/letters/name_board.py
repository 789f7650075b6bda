"""Draws sampled names side by side, a column a model, with what they are nearest to. Runs no model."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, source

LISTED, NEW = "stands in the list", "new"
SHAPES = {LISTED: "circle", NEW: "diamond"}


def name_board(names: pd.DataFrame, columns: pd.DataFrame, *, rows: int) -> Chart:
    """One name a cell: a mark for listed or new, the name, and for a new one the nearest listed name.

    names: `column (from 0), model, row (from 0), name, listed, nearest, edits`. columns: `column,
    model, told`, what stands above and below the label of each.
    """
    drawn = names.assign(
        kind=[LISTED if listed else NEW for listed in names["listed"]],
        near=[
            "" if listed else f"{near} {edits}"
            for listed, near, edits in names[["listed", "nearest", "edits"]].itertuples(index=False)
        ],
    )
    said = "; ".join(f"{row.model}: {row.told}" for row in columns.itertuples())
    text = f"{rows} sampled names a model, in columns. {said}."
    return Chart(_board_spec(len(columns), rows), {"names": drawn, "columns": columns}, text)


@lru_cache(maxsize=32)
def _board_spec(columns: int, rows: int) -> Spec:
    keyed = key({LISTED: palette.SLATE, NEW: palette.BLUE}, symbol="circle", narrow=2)
    high = f"(height / {rows + 2})"
    wide = f"(width / {columns})"
    y = alt.Y(
        "row:Q", axis=None, scale=alt.Scale(domain=[-2.5, rows - 0.5], reverse=True, nice=False)
    )
    x = alt.X("column:Q", axis=None, scale=alt.Scale(domain=[0, columns], nice=False))
    size = f"min(14, 0.62 * {high}, 0.115 * {wide})"
    base = alt.Chart(source("names")).encode(x=x, y=y)
    shape = alt.Shape(
        "kind:N",
        scale=alt.Scale(domain=list(SHAPES), range=list(SHAPES.values())),
        legend=None,
    )
    tooltip = [
        alt.Tooltip("model:N", title="model"),
        alt.Tooltip("name:N", title="name"),
        alt.Tooltip("kind:N", title="in the list"),
        alt.Tooltip("nearest:N", title="nearest name of the list"),
        alt.Tooltip("edits:Q", title="edit distance"),
    ]
    marks = base.mark_point(filled=True, opacity=1, size=45, xOffset=6).encode(
        color=alt.Color("kind:N", **keyed), shape=shape, tooltip=tooltip
    )
    room = alt.ExprRef(f"{wide} < 110 ? {wide} - 14 : 0.52 * {wide}")
    name = base.mark_text(
        align="left", dx=15, fontSize=alt.ExprRef(f"max(9, {size})"), limit=room, fontWeight=600
    ).encode(text="name:N", tooltip=tooltip)
    near = base.mark_text(
        aria=False,
        align="left",
        dx=alt.ExprRef(f"15 + 0.5 * {wide}"),
        fontSize=alt.ExprRef(f"{wide} < 110 ? 0 : 0.88 * ({size})"),
        limit=alt.ExprRef(f"0.42 * {wide}"),
    ).encode(text="near:N", fill=alt.value(palette.MUTED.css))
    heads = alt.Chart(source("columns")).encode(x=x)
    small = alt.ExprRef(f"max(8.5, min(13, 0.085 * {wide}))")
    limit = alt.ExprRef(f"{wide} - 6")
    label = heads.mark_text(
        aria=False, align="left", dx=1, fontSize=small, fontWeight=600, limit=limit
    )
    told = heads.mark_text(aria=False, align="left", dx=1, fontSize=small, limit=limit)
    return finished(
        alt.layer(
            marks,
            name,
            near,
            label.encode(y=alt.Y(datum=-2, scale=alt.Scale(reverse=True)), text="model:N"),
            told.encode(
                y=alt.Y(datum=-1, scale=alt.Scale(reverse=True)),
                text="told:N",
                fill=alt.value(palette.MUTED.css),
            ),
        ).properties(height=22 * (rows + 2))
    )
