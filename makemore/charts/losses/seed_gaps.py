"""Draws the difference of each model to the one above it, seed by seed. Knows no model."""

from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, px, source

FINE = 0.003  # nats: within this of zero the axis is even, beyond it logarithmic


def seed_gaps(gaps: pd.DataFrame, seeds: pd.DataFrame, *, means: bool = True) -> Chart:
    """A row a model and the one above it: a dot a seed, a bar for the mean ± two standard errors.

    gaps: `row (from 0), note, difference, low, high`. seeds: `row, pair, seed, difference`. The axis
    is logarithmic on both sides of zero, so that 0.4 and 0.001 nats can be told
    in one picture. Without `means` the dots stand alone.
    """
    said = "; ".join(gaps["note"])
    text = f"Dots: difference in dev loss, seed by seed, {len(gaps)} pairs of models: {said}."
    sums = gaps if means else gaps.iloc[:0]
    zero = pd.DataFrame({"zero": [0.0]})
    datasets = {"zero": zero, "sums": sums, "notes": gaps[["row", "note"]], "seeds": seeds}
    return Chart(_gaps_spec(len(gaps)), datasets, text)


@lru_cache(maxsize=8)
def _gaps_spec(rows: int) -> Spec:
    one, mean = "one seed", "mean ± two standard errors"
    keyed = key({one: palette.BLUE, mean: palette.INK}, symbol="circle", narrow=1)
    y = alt.Y("row:O", scale=alt.Scale(domain=list(range(rows))), axis=None)
    x: dict[str, Any] = {
        "title": "difference in dev loss, nats",
        "scale": alt.Scale(type="symlog", constant=FINE, padding=16, nice=False),
        "axis": alt.Axis(values=[-0.3, -0.1, -0.03, -0.01, 0, 0.01], format="+~g", grid=True),
    }
    low = alt.ExprRef(f"0.16 * height / {rows}")
    sums = alt.Chart(source("sums")).encode(y=y)
    bar = sums.mark_rule(strokeWidth=3, yOffset=low).encode(
        x=alt.X("low:Q", **x), x2="high:Q", color=alt.Color(datum=mean, **keyed)
    )
    tick = sums.mark_tick(thickness=3, size=30, yOffset=low).encode(
        x=alt.X("difference:Q", **x), color=alt.Color(datum=mean, **keyed)
    )
    dots = (
        alt.Chart(source("seeds"))
        .mark_circle(size=80, opacity=0.6, yOffset=low)
        .encode(
            x=alt.X("difference:Q", **x),
            y=y,
            color=alt.Color(datum=one, **keyed),
            tooltip=[
                alt.Tooltip("pair:N", title="pair"),
                alt.Tooltip("seed:N", title="seed"),
                alt.Tooltip("difference:Q", title="difference, nats", format="+.4f"),
            ],
        )
    )
    zero = alt.Chart(source("zero")).mark_rule(strokeDash=[4, 3]).encode(x=alt.X("zero:Q", **x))
    note = (
        alt.Chart(source("notes"))
        .mark_text(
            aria=False,
            align="left",
            fontSize=px(13, 10.5),
            dy=alt.ExprRef(f"-0.2 * height / {rows}"),
        )
        .encode(x=alt.value(0), y=y, text="note:N")
    )
    return finished(alt.layer(zero, bar, dots, tick, note).properties(height=90 * rows))
