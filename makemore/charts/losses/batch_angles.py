"""Draws how far gradients of mini-batches point away from that of all examples. Knows no model."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, px, source

ALL = "all"
LANES = 9  # beside each other, so that dots of one size do not lie on one another


def batch_angles(draws: pd.DataFrame) -> Chart:
    """The angle of every batch's gradient as a dot, the mean of each batch size as a tick with its figure.

    draws: `size (0 for all examples), draw, angle` in degrees, the sizes in order.
    """
    named = draws.assign(
        batch=[f"{size:,}" if size else ALL for size in draws["size"]],
        lane=draws["draw"] * 4 % LANES - LANES // 2,
    )
    means = named.groupby("batch", sort=False, as_index=False).agg(angle=("angle", "mean"))
    means["note"] = [f"{angle:.0f}°" for angle in means["angle"]]
    told = ", ".join(f"{row['batch']} {row['note']}" for row in means.to_dict("records"))
    text = f"Angle between the gradient of a batch and that of all examples; mean by batch size: {told}."
    right = pd.DataFrame({"angle": [90.0]})  # from here on a step no longer goes down
    datasets = {"draws": named, "means": means, "right": right}
    return Chart(_spec(tuple(means["batch"])), datasets, text)


@lru_cache(maxsize=4)
def _spec(batches: tuple[str, ...]) -> Spec:
    x = alt.X(
        "batch:N",
        sort=list(batches),
        title="examples in a batch",
        axis=alt.Axis(labelAngle=0, labelFontSize=13),
        scale=alt.Scale(paddingInner=0.3, paddingOuter=0.35),
    )
    y = alt.Y(
        "angle:Q",
        title="angle, degrees",
        scale=alt.Scale(domainMin=0),
        axis=alt.Axis(tickCount=5),
    )
    tooltip = [
        alt.Tooltip("batch:N", title="batch size"),
        alt.Tooltip("angle:Q", title="angle, degrees", format=".1f"),
    ]
    lane = alt.XOffset("lane:Q", scale=alt.Scale(domain=[-LANES, LANES]))
    dots = (
        alt.Chart(source("draws"))
        .mark_circle(size=px(36, 18), opacity=0.6)
        .encode(x=x, y=y, xOffset=lane, fill=alt.value(palette.BLUE.css), tooltip=tooltip)
    )
    means = alt.Chart(source("means"))
    ticks = means.mark_tick(thickness=3, size=px(60, 34)).encode(
        x=x, y=y, stroke=alt.value(palette.INK.css), tooltip=tooltip
    )
    notes = means.mark_text(dx=px(46, 20), align="left", fontSize=px(13, 10)).encode(
        x=x, y=y, text="note:N"
    )
    right_angle = alt.Chart(source("right")).mark_rule(strokeDash=[4, 3])
    return finished(alt.layer(right_angle.encode(y=y), dots, ticks, notes).properties(height=240))
