"""Draws the loss of a training whose learning rate rises, its valley and a chosen rate. Knows no training."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, source

BATCH, MEAN, VALLEY, CHOSEN = "each batch", "mean of 51 batches", "the valley", "your rate"


def rate_sweep(
    points: pd.DataFrame, *, low: float, high: float, suggested: float, chosen: float, top: float
) -> Chart:
    """Loss over the rising rate, raw and smoothed, the valley as a band, the chosen rate as a rule.

    points: `rate, loss, smoothed`. Losses above `top` nats are cut off, as is a rate outside the sweep.
    """
    text = (
        f"Loss over a learning rate that rises from {points['rate'].iloc[0]:g} to "
        f"{points['rate'].iloc[-1]:.2g}. The valley lies from {low:.2g} to {high:.2g}, suggested is "
        f"{suggested:g}, chosen {chosen:g}."
    )
    inside = points["rate"].iloc[0] <= chosen <= points["rate"].iloc[-1]
    datasets = {
        "points": points.assign(
            loss=points["loss"].clip(upper=top), smoothed=points["smoothed"].clip(upper=top)
        ),
        "valley": pd.DataFrame({"low": [low], "high": [high]}),
        "suggested": pd.DataFrame({"rate": [suggested], "note": [f"suggested: {suggested:g}"]}),
        "chosen": pd.DataFrame({"rate": [chosen] if inside else []}, dtype=float),
    }
    return Chart(_spec(), datasets, text)


@lru_cache(maxsize=1)
def _spec() -> Spec:
    names = {
        BATCH: palette.RUNS["batch"],
        MEAN: palette.INK,
        VALLEY: palette.OCHRE,
        CHOSEN: palette.ACCENT,
    }
    keyed = key(names, symbol="stroke", narrow=2)
    x = alt.X(
        "rate:Q",
        title="learning rate (log scale)",
        scale=alt.Scale(type="log", nice=False),
        axis=alt.Axis(values=[0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1], format="~g"),
    )

    def y(field: str) -> alt.Y:
        axis = alt.Axis(tickCount=5)
        return alt.Y(
            field, title="loss, nats per character", scale=alt.Scale(zero=False), axis=axis
        )

    band = (
        alt.Chart(source("valley"))
        .mark_rect(opacity=0.16)
        .encode(x=alt.X("low:Q"), x2="high:Q", fill=alt.value(palette.OCHRE.css))
    )
    named = alt.Chart(source("valley")).mark_line(opacity=0)
    points = alt.Chart(source("points")).encode(x=x)
    raw = points.mark_line(strokeWidth=1, opacity=0.35).encode(
        y=y("loss:Q"), color=alt.Color(datum=BATCH, **keyed)
    )
    mean = points.mark_line(strokeWidth=2.5).encode(
        y=y("smoothed:Q"),
        color=alt.Color(datum=MEAN, **keyed),
        tooltip=[
            alt.Tooltip("rate:Q", title="learning rate", format=".3g"),
            alt.Tooltip("smoothed:Q", title=MEAN, format=".3f"),
        ],
    )
    marked = alt.Chart(source("suggested"))
    rule = marked.mark_rule(strokeDash=[4, 3], strokeWidth=1.5).encode(x=x)
    note = marked.mark_text(align="left", dx=5, dy=10, baseline="top").encode(
        x=x, y=alt.value(0), text="note:N"
    )
    chosen = (
        alt.Chart(source("chosen"))
        .mark_rule(strokeWidth=2)
        .encode(x=x, stroke=alt.value(palette.ACCENT.css))
    )
    colour = named.encode(color=alt.Color(datum=VALLEY, **keyed))
    return finished(alt.layer(band, raw, mean, rule, chosen, note, colour).properties(height=260))
