"""Draws the lattice of a dilated convolution over a name, and the one tree in it. Knows no model."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, px, source

UNUSED, IN_TREE = "not used now", "in the tree"
STATES = {
    "new": palette.ORANGE,
    "computed before": palette.BLUE,
    UNUSED: palette.LINE,
}
SHAPES = ("diamond", "circle", "circle")
HIDDEN = {IN_TREE: palette.SLATE, UNUSED: palette.LINE}


def lattice(
    nodes: pd.DataFrame, edges: pd.DataFrame, letters: pd.DataFrame, *, hidden: bool = False
) -> Chart:
    """Letters at the foot, a row of nodes a level; the nodes of one tree stand out, new ones most.

    nodes: `time, level, state, ago, padding, letters`, ago in letters, 0 where nothing was before. edges:
    `x, y, x2, y2, state`. letters: `time, letter, padding`. state is one of new, computed before, not used
    now. With `hidden` states nobody sees which of the tree's nodes are new.
    """
    states = nodes["state"].value_counts()
    if hidden:
        nodes, edges = (_without_states(frame) for frame in (nodes, edges))
    new, before = states.get("new", 0), states.get("computed before", 0)
    text = (
        f"Lattice of {len(nodes)} nodes over {len(letters)} letters. The tree at this letter has "
        + (f"{new + before} nodes." if hidden else f"{new} new nodes and {before} computed before.")
    )
    datasets = {
        "nodes": nodes.assign(note=_notes(nodes, hidden)),
        "edges": edges.sort_values("state", key=lambda s: s != UNUSED, kind="stable"),
        "letters": letters.assign(level=0),
    }
    return Chart(_spec(len(letters), int(nodes["level"].max()), hidden), datasets, text)


def _without_states(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(state=frame["state"].where(frame["state"] == UNUSED, IN_TREE))


def _notes(nodes: pd.DataFrame, hidden: bool) -> list[str]:
    """What stands beside a node: new, padding, or how many letters ago it was first computed."""
    return [
        "" if hidden or state == UNUSED else "padding" if pad else f"{ago} ago" if ago else "new"
        for state, ago, pad in zip(nodes["state"], nodes["ago"], nodes["padding"], strict=True)
    ]


@lru_cache(maxsize=64)
def _spec(times: int, levels: int, hidden: bool) -> Spec:
    states = HIDDEN if hidden else STATES
    shapes = SHAPES[1:] if hidden else SHAPES
    wide = alt.Scale(domain=[-0.6, times - 0.4], nice=False)
    tall = alt.Scale(domain=[-0.4, levels + 0.4], nice=False)
    names = alt.Axis(
        grid=False,
        values=list(range(1, levels + 1)),
        labelExpr="'dilation ' + pow(2, datum.value - 1)",
    )
    used = "datum.state !== 'not used now'"
    edges = (
        alt.Chart(source("edges"))
        .mark_rule()
        .encode(
            x=alt.X("x:Q", scale=wide, axis=None),
            y=alt.Y("y:Q", scale=tall, title=None, axis=names),
            x2="x2:Q",
            y2="y2:Q",
            stroke=alt.condition(used, alt.value(palette.MUTED.css), alt.value(palette.LINE.css)),
            strokeWidth=alt.condition(used, alt.value(2.0), alt.value(0.6)),
        )
    )
    nodes = (
        alt.Chart(source("nodes"))
        .mark_point(filled=True, opacity=1)
        .encode(
            x=alt.X("time:Q", scale=wide, axis=None),
            y=alt.Y("level:Q", scale=tall, axis=names),
            color=alt.Color("state:N", **key(states, narrow=2)),
            shape=alt.Shape("state:N", scale=alt.Scale(domain=list(states), range=list(shapes))),
            size=alt.condition(used, alt.value(110), alt.value(22)),
            tooltip=[
                alt.Tooltip("letters:N", title="has seen"),
                alt.Tooltip("state:N", title="now"),
                alt.Tooltip("note:N", title="it is"),
            ],
        )
    )
    notes = (
        alt.Chart(source("nodes"))
        .mark_text(align="right", dx=-7, dy=-10, fontSize=px(13, 8.5))
        .encode(
            x=alt.X("time:Q", scale=wide, axis=None),
            y=alt.Y("level:Q", scale=tall, axis=names),
            text="note:N",
        )
    )
    foot = (
        alt.Chart(source("letters"))
        .mark_text(fontSize=px(18, 11), fontWeight=600, dy=px(14, 11))
        .encode(
            x=alt.X("time:Q", scale=wide, axis=None),
            y=alt.Y("level:Q", scale=tall, axis=names),
            text="letter:N",
            opacity=alt.condition("datum.padding", alt.value(0.35), alt.value(1.0)),
        )
    )
    return finished(alt.layer(edges, nodes, notes, foot).properties(height=70 * levels + 50))
