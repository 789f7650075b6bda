"""Draws a net as the row of its bricks: how many positions are left, and how wide each is. Knows no model."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, source


def silhouette(bricks: pd.DataFrame, *, positions: int, chosen: int) -> Chart:
    """Every brick a bar as high as the positions it gives, shaded by the numbers at each of them.

    bricks: `place, brick, positions, features, weights`; `positions` is the most there can be. The
    `chosen` brick is framed.
    """
    drawn = bricks.assign(
        left=bricks["place"] - 0.94,
        right=bricks["place"] - 0.06,
        low=-bricks["positions"] / 2,
        high=bricks["positions"] / 2,
        chosen=bricks["place"] == chosen,
    )
    ways = " → ".join(map(str, bricks["positions"]))
    text = f"Row of {len(bricks)} bricks; the positions left after each: {ways}."
    most = int(max(bricks["features"].max(), 1))
    return Chart(_spec(max(len(bricks), 1), positions, most), {"bricks": drawn}, text)


@lru_cache(maxsize=64)
def _spec(count: int, positions: int, most: int) -> Spec:
    base = alt.Chart(source("bricks")).encode(
        x=alt.X(
            "left:Q",
            title="brick",
            scale=alt.Scale(domain=[0, count], nice=False),
            axis=alt.Axis(grid=False, labels=False, ticks=False),
        ),
        x2="right:Q",
    )
    tall = alt.Scale(domain=[-positions / 2 - 0.3, positions / 2 + 0.3], nice=False)
    bars = base.mark_rect(cornerRadius=2).encode(
        y=alt.Y("low:Q", title=None, scale=tall, axis=None),
        y2="high:Q",
        fill=alt.Fill(
            "features:Q",
            scale=alt.Scale(range="heatmap", domain=[0, most]),
            legend=alt.Legend(
                title="numbers a position", gradientLength=160, gradientThickness=8, tickCount=3
            ),
        ),
        stroke=alt.condition(
            "datum.chosen", alt.value(palette.ACCENT.css), alt.value(palette.MUTED.css)
        ),
        strokeWidth=alt.condition("datum.chosen", alt.value(3), alt.value(0.6)),
        tooltip=[
            alt.Tooltip("place:Q", title="brick"),
            alt.Tooltip("brick:N", title="kind"),
            alt.Tooltip("positions:Q", title="positions left"),
            alt.Tooltip("features:Q", title="numbers a position"),
            alt.Tooltip("weights:Q", title="weights", format=","),
        ],
    )
    return finished(bars.properties(height=140))
