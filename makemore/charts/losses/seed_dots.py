"""Draws several seeds of one comparison: a dot a training. Knows no model."""

from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, px, source


def seed_dots(runs: pd.DataFrame, *, panels: bool = False) -> Chart:
    """Dev loss of every training as a dot, the mean of each variant as a tick.

    runs: `variant, seed, dev, note` in the order of the variants. With `panels` the variants are
    before and after, in their colours.
    """
    means = runs.groupby("variant", sort=False).agg(dev=("dev", "mean"), note=("note", "first"))
    means = means.reset_index()
    means["place"] = range(len(means))
    places = dict(zip(means["variant"], means["place"], strict=True))
    runs = runs.assign(place=runs["variant"].map(places))
    best = means.iloc[int(means["dev"].to_numpy().argmin())]
    text = (
        f"Dots: dev loss of {len(runs)} trainings, {runs['seed'].nunique()} seeds of each of "
        f"{len(means)} variants. Lowest mean: {best['variant']} with {best['dev']:.4f}."
    )
    return Chart(_dots_spec(len(means), panels), {"runs": runs, "means": means}, text)


@lru_cache(maxsize=8)
def _dots_spec(variants: int, panels: bool) -> Spec:
    x = alt.X(
        "dev:Q",
        title="dev loss, nats per character (lower is better)",
        scale=alt.Scale(zero=False, padding=12),
        axis=alt.Axis(format=".3f", tickCount=px(6, 4)),
    )
    # By a field: an order of first appearance would outlive the data it came from.
    y = alt.Y("variant:N", sort=alt.EncodingSortField("place", op="min"), title=None, axis=None)
    fill: Any = alt.value(palette.BLUE.css)
    if panels:
        fill = alt.Fill("variant:N", **{**key(palette.CONTRAST, symbol="circle"), "legend": None})
    tooltip = [
        alt.Tooltip("variant:N", title="variant"),
        alt.Tooltip("seed:N", title="seed"),
        alt.Tooltip("dev:Q", title="dev loss", format=".4f"),
    ]
    runs = alt.Chart(source("runs")).mark_circle(size=70, opacity=0.75, yOffset=8)
    means = alt.Chart(source("means"))
    ticks = means.mark_tick(thickness=3, size=26, yOffset=8).encode(
        x=x,
        y=y,
        stroke=alt.value(palette.INK.css),
        tooltip=[
            alt.Tooltip("variant:N", title="variant"),
            alt.Tooltip("dev:Q", title="mean dev loss", format=".4f"),
        ],
    )
    note = means.mark_text(align="left", dy=-12, fontSize=px(13, 11)).encode(
        x=alt.value(0), y=y, text="note:N"
    )
    dots = runs.encode(x=x, y=y, fill=fill, tooltip=tooltip)
    return finished(alt.layer(dots, ticks, note).properties(height=52 * variants))
