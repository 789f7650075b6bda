"""Draws a row of coloured cells for each position: one cell a channel. Knows nothing of nets."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base.chart import Chart, Spec, finished, source


def channel_strips(values: pd.DataFrame, *, limit: float, quantity: str = "running mean") -> Chart:
    """One row a position, one cell a channel; charts with the same `limit` share their colour scale.

    values: `position, channel, value`.
    """
    rows, channels = values["position"].nunique(), values["channel"].nunique()
    text = f"{rows} rows of {channels} channels: the {quantity} of each, blue below and orange above zero."
    places = {name: place for place, name in enumerate(values["position"].unique())}
    placed = values.assign(place=values["position"].map(places))
    return Chart(_strips_spec(rows, channels, round(limit, 3), quantity), {"values": placed}, text)


@lru_cache(maxsize=32)
def _strips_spec(rows: int, channels: int, limit: float, quantity: str) -> Spec:
    step = -(-channels // 8)
    cells = (
        alt.Chart(source("values"))
        .mark_rect()
        .encode(
            x=alt.X(
                "channel:O",
                title="channel",
                axis=alt.Axis(labelAngle=0, values=list(range(0, channels, step))),
            ),
            y=alt.Y(
                "position:O",
                # By a field: an order of first appearance would outlive the data it came from.
                sort=alt.EncodingSortField("place", op="min"),
                title="position",
                axis=alt.Axis(labelLimit=80),
            ),
            color=alt.Color(
                "value:Q",
                scale=alt.Scale(range="diverging", domain=[-limit, 0, limit], clamp=True),
                # Not a gradient, which a browser loses when other data come.
                legend=alt.Legend(
                    title=quantity,
                    type="symbol",
                    symbolType="square",
                    values=[-limit, 0, limit],
                    format=".2~g",
                    columns=alt.ExprRef("width < 520 ? 2 : 3"),
                ),
            ),
            tooltip=[
                alt.Tooltip("position:O", title="position"),
                alt.Tooltip("channel:O", title="channel"),
                alt.Tooltip("value:Q", title=quantity, format=".3f"),
            ],
        )
    )
    return finished(cells.properties(height=28 * rows))
