"""Draws the raw losses of a training and their block means on top of them. Knows no training."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, short_axis, source

BATCHES, BLOCKS = "single batches", "block means"


def smoothed_curve(
    raw: pd.DataFrame, blocks: pd.DataFrame, *, decay: int, low: float, high: float
) -> Chart:
    """Points of single batches, a line through block means, a rule where the learning rate falls.

    raw, blocks: `step, loss`. Points outside low … high nats are left out of sight.
    """
    text = (
        f"{len(blocks):,} block means over {raw['step'].iloc[-1]:,.0f} steps, from "
        f"{blocks['loss'].iloc[0]:.3f} to {blocks['loss'].iloc[-1]:.3f}, on top of {len(raw):,} single "
        f"batches. The learning rate falls at step {decay:,}."
    )
    datasets = {
        "raw": raw[raw["loss"].between(low, high)],
        "blocks": blocks.assign(loss=blocks["loss"].clip(low, high)),
        "decay": pd.DataFrame({"step": [decay], "note": ["learning rate ÷ 10"]}),
        "span": pd.DataFrame({"loss": [low, high]}),
    }
    return Chart(_spec(), datasets, text)


@lru_cache(maxsize=1)
def _spec() -> Spec:
    keyed = key({BATCHES: palette.RUNS["batch"], BLOCKS: palette.INK}, symbol="stroke")
    x = alt.X("step:Q", title="training step", scale=alt.Scale(nice=False), axis=short_axis())
    y = alt.Y(
        "loss:Q",
        title="loss, nats per character",
        scale=alt.Scale(zero=False, nice=False),
        axis=alt.Axis(tickCount=6),
    )
    dots = (
        alt.Chart(source("raw"))
        .mark_circle(size=8, opacity=0.35)
        .encode(x=x, y=y, color=alt.Color(datum=BATCHES, **keyed))
    )
    line = (
        alt.Chart(source("blocks"))
        .mark_line(strokeWidth=2)
        .encode(
            x=x,
            y=y,
            color=alt.Color(datum=BLOCKS, **keyed),
            tooltip=[
                alt.Tooltip("step:Q", title="step", format=",.0f"),
                alt.Tooltip("loss:Q", title="mean loss", format=".4f"),
            ],
        )
    )
    decay = alt.Chart(source("decay"))
    rule = decay.mark_rule(strokeDash=[4, 3]).encode(x=x)
    note = decay.mark_text(align="left", dx=6, dy=8, baseline="top").encode(
        x=x, y=alt.value(0), text="note:N"
    )
    span = alt.Chart(source("span")).mark_rule(opacity=0).encode(y=y)
    return finished(alt.layer(span, dots, line, rule, note).properties(height=320))
