"""Draws a computation graph: values as dots, what they are made of as lines, shapes on these. Knows no net.

Wide it has as many lines of dots as its places say, narrow one column from top to bottom.
"""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, px, source

# What is known of a node's gradient: its colour and the mark in its dot, so that no colour tells alone.
STATES = {
    "to come": (palette.PANEL, ""),
    "right": (palette.TEAL, "✓"),
    "wrong": (palette.WARNING, "✗"),
}
_NARROW = "width < 520"
# How a shape is aligned, and how far from its line it stands, in pixels.
_SIDES = {"left": ("right", -5, -3), "right": ("left", 5, -3), "below": ("center", 0, 9)}


def computation_graph(
    nodes: pd.DataFrame, edges: pd.DataFrame, *, chosen: str | None = None, pickable: bool = True
) -> Chart:
    """A dot a value; a click chooses one (selection `node`), the `chosen` one is ringed.

    nodes: `node, x, y, row, column, state, shape, told, under`; x and y are its place where there is
    room, row and column where there is not, `state` one of STATES, `told` what whoever points at it
    reads; `under`: its name stands below the dot. edges: `x, y, x2, y2, row, column, row2, column2, shape,
    flowed, at, side` from a value to what is made of it; `flowed` where a gradient has come back on it;
    the shape, which may be empty, stands `at` a share of the way, on its `side`: left, right or below.
    """
    drawn = nodes.assign(
        chosen=nodes["node"] == chosen, mark=[STATES[state][1] for state in nodes["state"]]
    )
    counted = {state: int((nodes["state"] == state).sum()) for state in STATES}
    at = f" Ringed: {chosen}." if chosen else ""
    text = (
        f"Computation graph of {len(nodes)} values, from the parameters to the loss, with their shapes. "
        f"Gradients found right: {counted['right']}, wrong: {counted['wrong']}, to come: "
        f"{counted['to come']}.{at}"
    )
    size = (
        float(nodes["x"].max()),
        float(nodes["y"].max()),
        float(nodes["row"].max()),
        float(nodes["column"].max()),
    )
    datasets = {"nodes": drawn, "edges": edges}
    return Chart(_spec(size, pickable), datasets, text, selections=("node",) if pickable else ())


@lru_cache(maxsize=8)
def _spec(size: tuple[float, float, float, float], pickable: bool) -> Spec:
    """Places become shares of width and height, so that one scale serves both arrangements."""
    right, low, rows, columns = size
    wide, narrow = (right + 1, low + 1.1), (columns + 2.2, rows + 0.8)
    x = _scaled(alt.X, "u", 1)
    y = _scaled(alt.Y, "v", -1)
    placed = {
        "u": f"{_NARROW} ? (datum.column + 0.6) / {narrow[0]} : (datum.x + 0.5) / {wide[0]}",
        "v": f"{_NARROW} ? (datum.row + 0.4) / {narrow[1]} : (datum.y + 0.6) / {wide[1]}",
    }
    ends = {
        "u2": f"{_NARROW} ? (datum.column2 + 0.6) / {narrow[0]} : (datum.x2 + 0.5) / {wide[0]}",
        "v2": f"{_NARROW} ? (datum.row2 + 0.4) / {narrow[1]} : (datum.y2 + 0.6) / {wide[1]}",
    }
    edges = alt.Chart(source("edges")).transform_calculate(
        **placed, **ends, um=_along("u"), vm=_along("v")
    )
    nodes = alt.Chart(source("nodes")).transform_calculate(**placed)
    pick = alt.selection_point(name="node", fields=["node"], empty=False) if pickable else None
    layers = [*_edges(edges, x, y), *_nodes(nodes, x, y, pick)]
    return finished(alt.layer(*layers).properties(height=330))


def _along(axis: str) -> str:
    """Where on its line the shape stands; in the one column always in the middle."""
    share = f"({_NARROW} ? 0.5 : datum.at)"
    return f"datum.{axis} + {share} * (datum.{axis}2 - datum.{axis})"


def _scaled(channel: type, field: str, way: int) -> alt.X | alt.Y:
    scale = alt.Scale(domain=[0, 1], nice=False, zero=False, reverse=way < 0)
    made: alt.X | alt.Y = channel(f"{field}:Q", scale=scale, axis=None)
    return made


def _edges(base: alt.Chart, x: alt.X | alt.Y, y: alt.X | alt.Y) -> list[alt.Chart]:
    """Lines, thicker and coloured where a gradient has come back, and the shape of what goes along."""
    lines = base.mark_rule().encode(
        x=x,
        y=y,
        x2="u2:Q",
        y2="v2:Q",
        stroke=alt.condition(
            "datum.flowed", alt.value(palette.TEAL.css), alt.value(palette.MUTED.css)
        ),
        strokeWidth=alt.condition("datum.flowed", alt.value(2.4), alt.value(1)),
        strokeOpacity=alt.condition("datum.flowed", alt.value(0.9), alt.value(0.7)),
    )
    return [lines, *(_shapes(base, side) for side in _SIDES)]


def _shapes(base: alt.Chart, side: str) -> alt.Chart:
    """The shapes that stand on one side of their lines."""
    align, dx, dy = _SIDES[side]
    drawn: alt.Chart = (
        base.transform_filter(f"datum.side == '{side}'")
        .mark_text(
            fill=palette.MUTED.css,
            fontSize=px(10.5, 10),
            dx=px(dx, 8),
            dy=px(dy, 0),
            align=alt.ExprRef(f"{_NARROW} ? 'left' : '{align}'"),
        )
        .encode(x=_scaled(alt.X, "um", 1), y=_scaled(alt.Y, "vm", -1), text="shape:N")
    )
    return drawn


def _nodes(
    base: alt.Chart, x: alt.X | alt.Y, y: alt.X | alt.Y, pick: alt.Parameter | None
) -> list[alt.Chart]:
    names, colours = list(STATES), [colour.css for colour, _ in STATES.values()]
    fill = alt.Fill("state:N", scale=alt.Scale(domain=names, range=colours), legend=None)
    told = [
        alt.Tooltip("node:N", title="value"),
        alt.Tooltip("shape:N", title="shape"),
        alt.Tooltip("told:N", title="gradient"),
    ]
    dots = base.mark_circle(size=px(210, 190), opacity=1, strokeOpacity=1, cursor="pointer").encode(
        x=x,
        y=y,
        fill=fill,
        stroke=alt.condition(
            "datum.chosen", alt.value(palette.ACCENT.css), alt.value(palette.MUTED.css)
        ),
        strokeWidth=alt.condition("datum.chosen", alt.value(4), alt.value(1)),
        tooltip=told,
    )
    marks = base.mark_text(
        fontSize=11, fontWeight=700, fill=palette.PAPER.css, baseline="middle"
    ).encode(x=x, y=y, text="mark:N", tooltip=told)
    labels = base.mark_text(
        fontSize=px(12, 12),
        fontWeight=600,
        dy=alt.ExprRef(f"{_NARROW} ? 1 : datum.under ? 17 : -15"),
        dx=px(0, 13),
        align=alt.ExprRef(f"{_NARROW} ? 'left' : 'center'"),
        baseline="middle",
    ).encode(
        x=x,
        y=y,
        text="node:N",
        fill=alt.condition(
            "datum.chosen", alt.value(palette.ACCENT.css), alt.value(palette.INK.css)
        ),
    )
    return [dots.add_params(pick) if pick else dots, marks, labels]
