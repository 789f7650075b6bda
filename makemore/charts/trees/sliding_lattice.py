"""Draws the lattice of a dilated convolution over a name, and the one tree in it. Knows no model."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, px, source

STATES = {
    "new": palette.ORANGE,
    "computed before": palette.BLUE,
    "not used now": palette.LINE,
}
SHAPES = ("diamond", "circle", "circle")


def lattice(nodes: pd.DataFrame, edges: pd.DataFrame, letters: pd.DataFrame) -> Chart:
    """Letters at the foot, a row of nodes a level; the nodes of one tree stand out, new ones most.

    nodes: `time, level, state, letters`. edges: `x, y, x2, y2, state`. letters: `time, letter, padding`.
    state is one of new, computed before, not used now.
    """
    states = nodes["state"].value_counts()
    text = (
        f"Lattice of {len(nodes)} nodes over {len(letters)} letters. The tree at this letter has "
        f"{states.get('new', 0)} new nodes and {states.get('computed before', 0)} computed before."
    )
    datasets = {
        "nodes": nodes,
        "edges": edges.sort_values("state", key=lambda s: s != "not used now", kind="stable"),
        "letters": letters.assign(level=0),
    }
    return Chart(_spec(len(letters), int(nodes["level"].max())), datasets, text)


@lru_cache(maxsize=64)
def _spec(times: int, levels: int) -> Spec:
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
            color=alt.Color("state:N", **key(STATES, narrow=2)),
            shape=alt.Shape("state:N", scale=alt.Scale(domain=list(STATES), range=list(SHAPES))),
            size=alt.condition(used, alt.value(110), alt.value(22)),
            tooltip=[
                alt.Tooltip("letters:N", title="has seen"),
                alt.Tooltip("state:N", title="now"),
            ],
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
    return finished(alt.layer(edges, nodes, foot).properties(height=70 * levels + 50))
