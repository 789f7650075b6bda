"""Draws the graph of an expression left to right: value and gradient on each node. Knows no autograd."""

from functools import lru_cache
from math import isnan

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, fitting, px, source

HALF_WIDTH, HALF_HEIGHT = 0.345, 0.37  # of a node, in columns and rows
LOOKS = {  # of an edge: colour, width, dashes
    "to come": (palette.MUTED, 1.0, [3, 3]),
    "done": (palette.INK, 1.6, [1, 0]),
    "at hand": (palette.ACCENT, 3.5, [1, 0]),
}


def expression_graph(nodes: pd.DataFrame, edges: pd.DataFrame) -> Chart:
    """The graph after part of its backward pass; what is still to come is dashed, the edge at hand framed.

    nodes: `name, made_by, column, row, value, gradient` (NaN: not reached). edges: `part, made, x, y,
    x2, y2, slope, passed, state` (to come, done, at hand), from a part to what is made of it.
    """
    at_hand = set(edges.loc[edges["state"] == "at hand", "part"])
    boxes = nodes.assign(
        left=nodes["column"] - HALF_WIDTH,
        right=nodes["column"] + HALF_WIDTH,
        top=nodes["row"] - HALF_HEIGHT,
        low=nodes["row"] + HALF_HEIGHT,
        chosen=nodes["name"].isin(at_hand),
        reached=nodes["gradient"].notna(),
        value_text=[f"value {_write(value, 3)}" for value in nodes["value"]],
        value_short=[_write(value, 2) for value in nodes["value"]],
        gradient_text=[f"gradient {_write(value, 3)}" for value in nodes["gradient"]],
        gradient_short=[f"∂ {_write(value, 2)}" for value in nodes["gradient"]],
    )
    lines = edges.assign(
        x=edges["x"] + HALF_WIDTH,
        x2=edges["x2"] - HALF_WIDTH,
        middle=(edges["x"] + edges["x2"]) / 2,
        height=(edges["y"] + edges["y2"]) / 2,
        text=[f"×{_write(slope, 2)}" for slope in edges["slope"]],
        none="",
    )
    size = int(nodes["column"].max()), float(nodes["row"].max())
    return Chart(_spec(*size), {"edges": lines, "nodes": boxes}, _tell(nodes, edges))


def _write(value: float, digits: int = 4) -> str:
    return "–" if isnan(value) else f"{value:.{digits}f}".replace("-", "−")


def _tell(nodes: pd.DataFrame, edges: pd.DataFrame) -> str:
    rows = zip(nodes["name"], nodes["value"], nodes["gradient"], strict=True)
    told = ", ".join(
        f"{name} {_write(value)}" + ("" if isnan(slope) else f" with gradient {_write(slope)}")
        for name, value, slope in rows
    )
    done = int((edges["state"] != "to come").sum())
    return (
        f"Graph of an expression, left to right; {done} of {len(edges)} edges walked back: {told}."
    )


@lru_cache(maxsize=8)
def _spec(columns: int, rows: float) -> Spec:
    across = alt.Scale(domain=[-0.42, columns + 0.42], nice=False, zero=False)
    down = alt.Scale(domain=[-0.5, rows + 0.5], reverse=True, nice=False, zero=False)
    layers = [*_edges(across, down), *_nodes(across, down)]
    return finished(alt.layer(*layers).properties(height=400))


def _edges(across: alt.Scale, down: alt.Scale) -> list[alt.Chart]:
    states = list(LOOKS)
    colours, widths, dashes = zip(*LOOKS.values(), strict=True)
    base = alt.Chart(source("edges")).encode(
        tooltip=[
            alt.Tooltip("made:N", title="from"),
            alt.Tooltip("part:N", title="back to"),
            alt.Tooltip("slope:Q", title="local derivative", format="+.4f"),
            alt.Tooltip("passed:Q", title="passes on", format="+.4f"),
        ]
    )
    lines = base.mark_rule().encode(
        x=alt.X("x:Q", scale=across, axis=None),
        x2="x2:Q",
        y=alt.Y("y:Q", scale=down, axis=None),
        y2="y2:Q",
        stroke=alt.Stroke(
            "state:N",
            scale=alt.Scale(domain=states, range=[colour.css for colour in colours]),
            legend=None,
        ),
        strokeWidth=alt.StrokeWidth(
            "state:N", scale=alt.Scale(domain=states, range=list(widths)), legend=None
        ),
        strokeDash=alt.StrokeDash(
            "state:N", scale=alt.Scale(domain=states, range=list(dashes)), legend=None
        ),
    )
    # On a phone there is no room between two nodes; the one at hand is told beside the picture.
    shown = base.encode(
        x=alt.X("middle:Q", scale=across, axis=None), y=alt.Y("height:Q", scale=down, axis=None)
    )
    said = alt.ExprRef(fitting("text", "none"))
    halo = shown.mark_text(
        text=said, fontSize=12, stroke=palette.PAPER.css, strokeWidth=7, strokeJoin="round"
    )
    label = shown.mark_text(text=said, fontSize=12).encode(
        fill=alt.condition(
            "datum.state == 'at hand'",
            alt.value(palette.ACCENT.css),
            alt.value(palette.MUTED.css),
        )
    )
    return [lines, halo, label]


def _nodes(across: alt.Scale, down: alt.Scale) -> list[alt.Chart]:
    tooltip = [
        alt.Tooltip("name:N", title="number"),
        alt.Tooltip("made_by:N", title="made by"),
        alt.Tooltip("value:Q", title="value", format="+.6f"),
        alt.Tooltip("gradient:Q", title="gradient", format="+.6f"),
    ]
    boxes = (
        alt.Chart(source("nodes"))
        .mark_rect(fill=palette.PANEL.css, cornerRadius=4)
        .encode(
            x=alt.X("left:Q", scale=across, axis=None),
            x2="right:Q",
            y=alt.Y("top:Q", scale=down, axis=None),
            y2="low:Q",
            stroke=alt.condition(
                "datum.chosen", alt.value(palette.ACCENT.css), alt.value(palette.LINE.css)
            ),
            strokeWidth=alt.condition("datum.chosen", alt.value(2.5), alt.value(1)),
            tooltip=tooltip,
        )
    )
    base = alt.Chart(source("nodes")).encode(
        x=alt.X("column:Q", scale=across, axis=None), y=alt.Y("row:Q", scale=down, axis=None)
    )
    name = base.mark_text(fontSize=px(15, 12), fontWeight=600, dy=px(-19, -15)).encode(
        text="name:N"
    )
    value = base.mark_text(
        fontSize=px(12.5, 11), text=alt.ExprRef(fitting("value_text", "value_short"))
    )
    gradient = base.mark_text(
        fontSize=px(12.5, 11),
        fontWeight=600,
        dy=px(19, 15),
        text=alt.ExprRef(fitting("gradient_text", "gradient_short")),
    ).encode(
        fill=alt.condition(
            "datum.reached", alt.value(palette.BLUE.css), alt.value(palette.MUTED.css)
        )
    )
    return [boxes, name, value, gradient]
