"""Draws the fusion tree: letters at the foot, strips of activations above. Knows no model.

Units: one letter is 1 wide, one level is 1 high; x and y of a node are its centre.
"""

from collections.abc import Mapping
from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette, png
from makemore.charts.base.chart import Chart, Spec, finished, px, source

STRIP_HEIGHT = 0.44
STRIP_ROWS = 4  # a long strip of channels is folded, so that each stays visible on a phone
MOST_WORTH = 2.0  # nats: the widest edge; the same for all trees, so that they can be compared
STUB = 0.5  # levels that the last edge rises; it leads to the prediction
FOOT, GAP = (
    (18, 14),
    (18, 13),
)  # pixels below the letters, and from one up to its edge; wide and narrow


def fusion_tree(
    nodes: pd.DataFrame,
    edges: pd.DataFrame,
    letters: pd.DataFrame,
    activations: Mapping[str, png.Matrix],
    *,
    limit: float = 1.0,
    chosen: str | None = None,
    pickable: bool = True,
    title: str = "",
    legend: bool = True,
) -> Chart:
    """The tree over one context; a click chooses a node (selection `node`), the `chosen` one is framed.

    nodes: `node, level, position, x, y, width, letters, worth`. edges: `x, y, x2, y2, worth, letters`,
    child to parent, centre to centre, as wide as the nats that the prediction loses without the child,
    dashed where it gains. letters: `x, letter, padding` (True for a dot that only fills the window) and
    `worth`. activations: by node, one number a channel, fully coloured at ±`limit`.
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
    lines = _from_top_to_bottom(edges, int(nodes["level"].max()))
    context = "".join(letters["letter"])
    most = nodes.iloc[int(nodes["worth"].to_numpy().argmax())]
    text = (
        f"Fusion tree of the context {context}: {len(letters)} letters at the foot, "
        f"{len(nodes)} nodes above, each a strip of activations, blue below and orange above zero. "
        f"Most is lost without the node over {most['letters']}: {most['worth']:.2f} nats."
    )
    size = (len(letters), int(nodes["level"].nunique()), pickable, title, legend)
    datasets = {
        "nodes": boxes,
        "edges": lines[lines["y"] > 0],
        "stems": lines[lines["y"] == 0],
        "letters": letters.assign(y=0.0),
    }
    return Chart(_spec(*size), datasets, text, selections=("node",) if pickable else ())


def _from_top_to_bottom(edges: pd.DataFrame, top: int) -> pd.DataFrame:
    """Edges as they are drawn: from the middle of the upper side of a child to that of its parent's lower.

    So each begins straight above what it comes from, however steep it is. Those of letters begin at
    them: how far above is a matter of pixels.
    """
    half = STRIP_HEIGHT / 2
    free = edges["y2"] > top  # the edge up to the prediction ends where nothing stands
    return edges.assign(
        y=edges["y"] + half * (edges["y"] > 0),
        y2=edges["y2"].where(free, edges["y2"] - half),
        size=edges["worth"].abs(),
    )


@lru_cache(maxsize=32)
def _spec(width: int, levels: int, pickable: bool, title: str, legend: bool) -> Spec:
    pick = alt.selection_point(name="node", fields=["node"], empty=False) if pickable else None
    plain = alt.Scale(domain=[-0.5, width - 0.5], nice=False)
    foot = alt.ExprRef(f"height - (width < 520 ? {FOOT[1]} : {FOOT[0]})")
    tall = alt.Scale(domain=[0, levels + STUB], range=[foot, 0], nice=False, zero=True)
    x = alt.X("x:Q", scale=plain, axis=None)
    y = alt.Y("y:Q", scale=tall, axis=None)
    layers = [
        *(_edges(name, x, y, legend) for name in ("edges", "stems")),
        *_nodes(pick, plain, tall),
        _foot(x, y),
    ]
    heading = alt.Title(title, anchor="start", fontSize=13, color=palette.INK.css)
    drawn = alt.layer(*layers).properties(height=92 * levels + 60)
    return finished(drawn.properties(title=heading) if title else drawn)


def _foot(x: alt.X, y: alt.Y) -> alt.Chart:
    """The letters."""
    base = alt.Chart(source("letters")).mark_text(fontSize=px(22, 17), fontWeight=600)
    drawn: alt.Chart = base.encode(
        x=x,
        y=y,
        text="letter:N",
        opacity=alt.condition("datum.padding", alt.value(0.35), alt.value(1.0)),
        tooltip=[
            alt.Tooltip("letter:N", title="letter"),
            alt.Tooltip("worth:Q", title="nats lost without it", format=".3f"),
        ],
    )
    return drawn


def _edges(name: str, x: alt.X, y: alt.Y, legend: bool) -> alt.Chart:
    """As wide as what is lost without the child; dashed where the prediction is better without."""
    above = alt.ExprRef(f"width < 520 ? {-GAP[1]} : {-GAP[0]}") if name == "stems" else 0
    base = alt.Chart(source(name)).mark_rule(
        stroke=palette.MUTED.css, opacity=0.55, yOffset=above, y2Offset=0
    )
    shown = alt.Legend(
        title="nats lost without it; dashed: gained",
        titleLimit=0,
        values=[0.1, 0.5, 1, 2],
        labelExpr=f"datum.value < {MOST_WORTH} ? datum.label : datum.label + '+'",
        symbolStrokeColor=palette.MUTED.css,
        symbolType="stroke",
        symbolSize=400,
        titleOrient="top",
    )
    drawn: alt.Chart = base.encode(
        x=x,
        y=y,
        x2="x2:Q",
        y2="y2:Q",
        strokeWidth=alt.StrokeWidth(
            "size:Q",
            scale=alt.Scale(domain=[0, MOST_WORTH], range=[0.8, 16], clamp=True),
            legend=shown if legend else None,
        ),
        strokeDash=alt.condition("datum.worth < 0", alt.value([3, 3]), alt.value([1, 0])),
        tooltip=[
            alt.Tooltip("letters:N", title="from"),
            alt.Tooltip("worth:Q", title="nats lost without it", format=".3f"),
        ],
    )
    return drawn


def _nodes(pick: alt.Parameter | None, plain: alt.Scale, tall: alt.Scale) -> list[alt.Chart]:
    base = alt.Chart(source("nodes")).encode(
        tooltip=[
            alt.Tooltip("letters:N", title="sees the letters"),
            alt.Tooltip("level:Q", title="level"),
            alt.Tooltip("position:Q", title="position"),
            alt.Tooltip("worth:Q", title="nats lost without it", format=".3f"),
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
    return [back, strip, frame.add_params(pick) if pick else frame, caption]


def node_bars(channels: pd.DataFrame, *, node: str, limit: float = 1.0) -> Chart:
    """The strip of one node, number by number: blue below and orange above zero, as in the tree.

    channels: `channel, value`, values from -`limit` to `limit`.
    """
    up = int((channels["value"] > 0).sum())
    text = f"Bars: the {len(channels)} activations of {node}; {up} of them are above zero."
    return Chart(_bars_spec(len(channels), limit), {"channels": channels}, text)


@lru_cache(maxsize=8)
def _bars_spec(count: int, limit: float) -> Spec:
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
                scale=alt.Scale(domain=[-limit, limit], nice=False),
                axis=alt.Axis(values=[-limit, 0, limit]),
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
