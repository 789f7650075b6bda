"""Draws the histogram of every tensor of a net, one row each. Knows nothing of nets."""

import json
from functools import lru_cache
from typing import Literal

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, source

ROW = 34  # pixels of a row where the chart does not fill a share of the screen
FILLED = 0.72  # of a row, by its tallest bar
NARROW = "width < 420"  # a phone: the numbers at the ends are in the tooltips and the table alone
LONGEST = 18  # letters of a name beside its row


def weight_histograms(bins: pd.DataFrame, tensors: pd.DataFrame) -> Chart:
    """Each tensor from its smallest number (left) to its largest, a tick at zero where it has one.

    bins: `tensor, left, right, share, height (0 to 1), place`. tensors: `tensor, shape, numbers,
    mean, std, low, high`, one row each.
    """
    names = tuple(tensors["tensor"])
    order = {name: row for row, name in enumerate(names)}
    width = 1 / max(len(bins) // max(len(names), 1), 1)
    row = bins["tensor"].map(order)
    drawn = bins.assign(
        base=row + 1 - (1 - FILLED) / 2,
        top=row + 1 - (1 - FILLED) / 2 - FILLED * bins["height"],
        x=bins["place"] - width / 2,
        x2=bins["place"] + width / 2,
    )
    span = (tensors["high"] - tensors["low"]).where(tensors["high"] > tensors["low"], 1)
    ends = tensors.assign(
        base=[order[name] + 1 - (1 - FILLED) / 2 for name in names],
        top=[order[name] + (1 - FILLED) / 2 for name in names],
        zero=(-tensors["low"] / span).where((tensors["low"] < 0) & (tensors["high"] > 0)),
    )
    widest = tensors.iloc[int(tensors["std"].to_numpy().argmax())]
    text = (
        f"Histograms of {len(names)} tensors, each from its smallest number to its largest. The largest "
        f"standard deviation is that of {widest['tensor']}, {widest['std']:.3g}."
    )
    return Chart(_spec(names), {"bins": drawn, "ends": ends}, text)


@lru_cache(maxsize=32)
def _spec(names: tuple[str, ...]) -> Spec:
    count = len(names)
    short = [name if len(name) <= LONGEST else "…" + name[1 - LONGEST :] for name in names]
    y_axis = alt.Axis(
        values=[row + 0.5 for row in range(count)],
        labelExpr=f"{json.dumps(short)}[floor(datum.value)]",
        labelFontSize=alt.ExprRef(f"clamp(0.75 * height / {count}, 6, {NARROW} ? 9.5 : 13)"),
        labelOverlap=False,
        labelLimit=170,
        grid=False,
        domain=False,
        ticks=False,
    )
    scale = alt.Scale(domain=[0, count], reverse=True, nice=False)
    y = alt.Y("base:Q", title=None, axis=y_axis, scale=scale)
    x = alt.X(
        "x:Q",
        title="from smallest number to largest",
        axis=alt.Axis(labels=False, ticks=False, grid=False),
        scale=alt.Scale(
            domainMin=alt.ExprRef(f"{NARROW} ? 0 : -0.12"),
            domainMax=alt.ExprRef(f"{NARROW} ? 1 : 1.12"),
            nice=False,
            zero=False,
        ),
    )
    bars = (
        alt.Chart(source("bins"))
        .mark_rect(stroke=None, fill=palette.BLUE.css)
        .encode(
            x=x,
            x2="x2:Q",
            y=y,
            y2="top:Q",
            tooltip=[
                alt.Tooltip("tensor:N", title="tensor"),
                alt.Tooltip("left:Q", title="from", format=".4g"),
                alt.Tooltip("right:Q", title="to", format=".4g"),
                alt.Tooltip("share:Q", title="share of its numbers", format=".2%"),
            ],
        )
    )
    ends = alt.Chart(source("ends"))
    zero = ends.mark_rule(strokeWidth=1.5).encode(
        x="zero:Q", y=y, y2="top:Q", stroke=alt.value(palette.INK.css)
    )
    return finished(alt.layer(bars, zero, *_figures(ends, y, count)).properties(height=ROW * count))


def _figures(ends: alt.Chart, y: alt.Y, count: int) -> list[alt.Chart]:
    """The smallest number at the left end of a row, the largest at the right one."""
    size = alt.ExprRef(f"height / {count} < 13 || {NARROW} ? 0 : 11")
    found = []
    sides: tuple[tuple[int, str, Literal["right", "left"], int], ...] = (
        (0, "low", "right", -4),
        (1, "high", "left", 4),
    )
    for place, field, align, dx in sides:
        found.append(
            ends.mark_text(align=align, dx=dx, dy=-3, baseline="bottom", fontSize=size).encode(
                x=alt.datum(place),
                y=y,
                text=alt.Text(f"{field}:Q", format=".2~g"),
                fill=alt.value(palette.MUTED.css),
            )
        )
    return found
