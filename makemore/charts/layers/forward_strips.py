"""Draws all tensors of a forward pass as strips, one below the other, a cell a number. Knows no net."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, px, source

HEAD, GAP = 1.05, 0.3  # above a strip for its name, and below it; a line of cells is 1
IDS, SHARES = "ids", "probs"  # of what has a scale of its own
LINE = 19  # pixels
_NO_PLACES = pd.DataFrame({"tensor": [], "place": []})


def lay_cells(cells: pd.DataFrame) -> pd.DataFrame:
    """The cells of all tensors with their edges and their shade, for `forward_strips`; to be kept.

    cells: `tensor, place, value, line, column, columns, label`, tensor by tensor.
    """
    tensors = cells.groupby("tensor", sort=False)
    lines = tensors["line"].max() + 1
    tops = (lines + HEAD + GAP).cumsum() - lines - GAP  # of each strip
    upper = cells["tensor"].map(tops) + cells["line"]
    largest = cells["tensor"].map(tensors["value"].agg(lambda values: values.abs().max()))
    return cells.assign(
        left=cells["column"] / cells["columns"],
        right=(cells["column"] + 1) / cells["columns"],
        top=upper,
        low=upper + 1,
        shade=cells["value"] / largest.clip(lower=1e-12),
    )


def forward_strips(
    cells: pd.DataFrame,
    rows: pd.DataFrame,
    *,
    chosen: tuple[str, int],
    fed: pd.DataFrame = _NO_PLACES,
) -> Chart:
    """The chosen number is framed, and so are those that go into it (selection `number`).

    cells: as `lay_cells` gives them. rows: `tensor, shape, stride, does`. fed: `tensor, place`. Colours
    are full at the largest number of each tensor.
    """
    names = rows.assign(
        y=rows["tensor"].map(cells.groupby("tensor")["top"].min()) - 0.12,
        head=rows["tensor"] + " " + rows["shape"],
        strides="stride " + rows["stride"],
    )
    framed = cells[(cells["tensor"] == chosen[0]) & (cells["place"] == chosen[1])]
    value = f"{framed['value'].iloc[0]:+.4f}" if len(framed) else "none"
    text = (
        f"{len(rows)} strips of cells, from ids to probabilities: "
        + ", ".join(rows["tensor"] + " " + rows["shape"])
        + f". Framed: {chosen[0]} number {chosen[1]}, {value}."
    )
    datasets = {
        "cells": cells,
        "names": names,
        "fed": cells.merge(fed, on=["tensor", "place"]),
        "chosen": framed,
    }
    return Chart(_spec(round(float(cells["low"].max()), 2)), datasets, text, selections=("number",))


@lru_cache(maxsize=16)
def _spec(height: float) -> Spec:
    wide = alt.Scale(domain=[0, 1], nice=False)
    tall = alt.Scale(domain=[0, height], reverse=True, nice=False, zero=False)

    def corners(data: str) -> alt.Chart:
        drawn: alt.Chart = alt.Chart(source(data)).encode(
            x=alt.X("left:Q", scale=wide, axis=None),
            x2="right:Q",
            y=alt.Y("top:Q", scale=tall, axis=None),
            y2="low:Q",
        )
        return drawn

    layers = [
        *_filled(corners("cells")),
        _labels(wide, tall),
        corners("fed").mark_rect(
            fill="transparent", stroke=palette.INK.css, strokeWidth=1, aria=False
        ),
        corners("chosen").mark_rect(
            fill="transparent", stroke=palette.ACCENT.css, strokeWidth=3, aria=False
        ),
        *_names(wide, tall),
    ]
    return finished(alt.layer(*layers).properties(height=round(LINE * height)))


def _filled(cells: alt.Chart) -> list[alt.Chart]:
    """Ids on the bare page, probabilities on the sequential scale, all else on the diverging one."""
    told = [
        alt.Tooltip("tensor:N", title="tensor"),
        alt.Tooltip("place:Q", title="number"),
        alt.Tooltip("label:N", title="letter"),
        alt.Tooltip("value:Q", title="value", format="+.4f"),
    ]
    pick = alt.selection_point(name="number", fields=["tensor", "place"], empty=False)
    # Not a gradient, which a browser loses when other data come.
    legend = alt.Legend(
        title="share of the largest number of its tensor",
        titleOrient="top",
        titleLimit=340,
        type="symbol",
        symbolType="square",
        format=".0%",
        values=[-1, 0, 1],
        columns=3,
    )
    signed = alt.Scale(range="diverging", domain=[-1, 0, 1], clamp=True)
    share = alt.Scale(range="heatmap", domain=[0, 1], clamp=True)
    box = cells.mark_rect(strokeWidth=0.5, stroke=palette.PAPER.css, cursor="pointer")
    bare = cells.mark_rect(strokeWidth=1, stroke=palette.LINE.css, cursor="pointer")
    is_ids, is_share = f"datum.tensor === '{IDS}'", f"datum.tensor === '{SHARES}'"
    return [
        box.encode(color=alt.Color("shade:Q", scale=signed, legend=legend), tooltip=told)
        .transform_filter(f"!({is_ids}) && !({is_share})")
        .add_params(pick),
        box.encode(
            fill=alt.Fill("shade:Q", scale=share, legend=None), tooltip=told
        ).transform_filter(is_share),
        bare.encode(fill=alt.value(palette.PANEL.css), tooltip=told).transform_filter(is_ids),
    ]


def _labels(wide: alt.Scale, tall: alt.Scale) -> alt.Chart:
    """The letters in the cells; on a strong colour in the colour of the page."""
    strong = f"abs(datum.shade) > {palette.TEXT_TURNS} && datum.tensor !== '{IDS}'"
    drawn: alt.Chart = (
        alt.Chart(source("cells"))
        .transform_filter("datum.label !== ''")
        .transform_calculate(x="(datum.left + datum.right) / 2", y="(datum.top + datum.low) / 2")
        .mark_text(fontSize=px(12, 8), baseline="middle", aria=False)
        .encode(
            x=alt.X("x:Q", scale=wide, axis=None),
            y=alt.Y("y:Q", scale=tall, axis=None),
            text="label:N",
            fill=alt.condition(
                strong, alt.value(palette.ON_STRONG.css), alt.value(palette.ON_FAINT.css)
            ),
        )
    )
    return drawn


def _names(wide: alt.Scale, tall: alt.Scale) -> list[alt.Chart]:
    """Above each strip its name with shape on the left, its stride in the middle, the formula on the right."""
    base = alt.Chart(source("names")).encode(y=alt.Y("y:Q", scale=tall, axis=None))
    left, right = (
        base.mark_text(align=align, baseline="bottom", fontSize=px(13, 9), aria=False)
        for align in ("left", "right")
    )
    return [
        left.encode(x=alt.X(datum=0.0, scale=wide, axis=None), text="head:N"),
        left.encode(x=alt.X(datum=0.42, scale=wide, axis=None), text="strides:N"),
        right.encode(x=alt.X(datum=1.0, scale=wide, axis=None), text="does:N"),
    ]
