"""Draws the fusion tree: letters at the foot, strips of activations above. Knows no model.

Units: one letter is 1 wide, one level is 1 high; x and y of a node are its centre.
"""

from collections.abc import Mapping
from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts import palette, png
from makemore.charts.chart import Chart, Spec, finished, px, source

STRIP_HEIGHT = 0.44
STRIP_ROWS = 4  # a long strip of channels is folded, so that each stays visible on a phone
FOOT = 0.22  # edges end above the letters


def fusion_tree(
    nodes: pd.DataFrame,
    edges: pd.DataFrame,
    letters: pd.DataFrame,
    activations: Mapping[str, png.Matrix],
    *,
    limit: float = 1.0,
    chosen: str | None = None,
) -> Chart:
    """The tree over one context; a click chooses a node (selection `node`), the `chosen` one is framed.

    nodes: `node, level, position, x, y, width, letters`. edges: `x, y, x2, y2`, child to parent.
    letters: `x, letter, padding` (True for a dot that only fills the window). activations: by node,
    one number a channel, fully coloured at ±`limit`.
    """
    boxes = nodes.assign(
        chosen=nodes["node"] == chosen,
        left=nodes["x"] - nodes["width"] / 2,
        right=nodes["x"] + nodes["width"] / 2,
        bottom=nodes["y"] - STRIP_HEIGHT / 2,
        top=nodes["y"] + STRIP_HEIGHT / 2,
        url=[
            png.diverging(png.folded(activations[node], STRIP_ROWS), limit)
            for node in nodes["node"]
        ],
    )
    rise = (edges["y"] == 0) * FOOT
    lines = edges.assign(x=edges["x"] + (edges["x2"] - edges["x"]) * rise, y=edges["y"] + rise)
    context = "".join(letters["letter"])
    text = (
        f"Fusion tree of the context {context}: {len(letters)} letters at the foot, "
        f"{len(nodes)} nodes above, each a strip of activations, blue below and orange above zero."
    )
    size = (len(letters), int(nodes["level"].nunique()))
    datasets = {"nodes": boxes, "edges": lines, "letters": letters.assign(y=0.0)}
    return Chart(_spec(*size), datasets, text, selections=("node",))


@lru_cache(maxsize=8)
def _spec(width: int, levels: int) -> Spec:
    pick = alt.selection_point(name="node", fields=["node"], empty=False)
    plain = alt.Scale(domain=[-0.5, width - 0.5], nice=False)
    tall = alt.Scale(domain=[-0.35, levels + 0.55], nice=False)
    x = alt.X("x:Q", scale=plain, axis=None)
    y = alt.Y("y:Q", scale=tall, axis=None)
    edges = alt.Chart(source("edges")).mark_rule(
        strokeWidth=1.5, stroke=palette.MUTED.css, opacity=0.6
    )
    layers = [edges.encode(x=x, y=y, x2="x2:Q", y2="y2:Q"), *_nodes(pick, plain, tall)]
    foot = (
        alt.Chart(source("letters"))
        .mark_text(fontSize=px(22, 17), fontWeight=600)
        .encode(
            x=x,
            y=y,
            text="letter:N",
            opacity=alt.condition("datum.padding", alt.value(0.35), alt.value(1.0)),
            tooltip=[alt.Tooltip("letter:N", title="letter")],
        )
    )
    return finished(alt.layer(*layers, foot).properties(height=92 * levels + 60))


def _nodes(pick: alt.Parameter, plain: alt.Scale, tall: alt.Scale) -> list[alt.Chart]:
    base = alt.Chart(source("nodes")).encode(
        tooltip=[
            alt.Tooltip("letters:N", title="sees the letters"),
            alt.Tooltip("level:Q", title="level"),
            alt.Tooltip("position:Q", title="position"),
        ]
    )
    box = {
        "x": alt.X("left:Q", scale=plain, axis=None),
        "x2": "right:Q",
        "y": alt.Y("bottom:Q", scale=tall, axis=None),
        "y2": "top:Q",
    }
    back = base.mark_rect(fill=palette.PAPER.css).encode(**box)
    strip = base.mark_image(aspect=False, smooth=False).encode(**box, url="url:N")
    frame = base.mark_rect(fill="transparent", cornerRadius=2).encode(
        **box,
        stroke=alt.condition(
            "datum.chosen", alt.value(palette.ACCENT.css), alt.value(palette.MUTED.css)
        ),
        strokeWidth=alt.condition("datum.chosen", alt.value(3), alt.value(0.8)),
    )
    caption = base.mark_text(align="left", dx=1, dy=-9, fontSize=px(13, 11)).encode(
        x=alt.X("left:Q", scale=plain, axis=None),
        y=alt.Y("top:Q", scale=tall, axis=None),
        text="letters:N",
    )
    return [back, strip, frame.add_params(pick), caption]


def node_bars(channels: pd.DataFrame, *, node: str) -> Chart:
    """The strip of one node, number by number: blue below and orange above zero, as in the tree.

    channels: `channel, value`, values from -1 to 1.
    """
    up = int((channels["value"] > 0).sum())
    text = f"Bars: the {len(channels)} activations of {node}; {up} of them are above zero."
    return Chart(_bars_spec(len(channels)), {"channels": channels}, text)


@lru_cache(maxsize=8)
def _bars_spec(count: int) -> Spec:
    bars = (
        alt.Chart(source("channels"))
        .mark_rect()
        .encode(
            x=alt.X(
                "channel:Q",
                title="channel",
                scale=alt.Scale(domain=[0, count], nice=False),
                axis=alt.Axis(grid=False, tickCount=6),
            ),
            x2="end:Q",
            y=alt.Y(
                "value:Q",
                title="activation",
                scale=alt.Scale(domain=[-1, 1], nice=False),
                axis=alt.Axis(values=[-1, 0, 1]),
            ),
            y2=alt.datum(0),
            fill=alt.condition(
                "datum.value < 0", alt.value(palette.BLUE.css), alt.value(palette.ORANGE.css)
            ),
            tooltip=[
                alt.Tooltip("channel:Q", title="channel"),
                alt.Tooltip("value:Q", title="activation", format=".3f"),
            ],
        )
        .transform_calculate(end="datum.channel + 1")
    )
    return finished(bars.properties(height=110))
