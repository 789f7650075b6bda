"""Draws by how much one model does better or worse than another, name by name. Knows no model."""

from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, source

SIDES = ("lower", "higher")


def paired_gaps(
    histogram: pd.DataFrame, *, models: tuple[str, str], mean: float, error: float
) -> Chart:
    """A histogram over names of the second model's loss less the first's, and its mean ± two errors.

    histogram: `left, right, names, side (lower | higher)`, in nats a letter. mean: the difference a
    letter over all names; error: its standard error.
    """
    words = dict(zip(SIDES, (f"{models[1]} loses less", f"{models[0]} loses less"), strict=True))
    drawn = histogram.assign(side=histogram["side"].map(words))
    total = drawn.groupby("side")["names"].sum()
    said = ", ".join(f"{side}: {names:,} names" for side, names in total.items())
    text = (
        f"Histogram: {models[1]} less {models[0]}, name by name. {said}. Mean difference "
        f"{mean:+.4f} ± {error:.4f} nats a letter."
    )
    band = pd.DataFrame({"mean": [mean], "low": [mean - 2 * error], "high": [mean + 2 * error]})
    chart = _gaps_spec(words["lower"], words["higher"])
    return Chart(chart, {"gaps": drawn, "mean": band}, text)


@lru_cache(maxsize=64)
def _gaps_spec(lower: str, higher: str) -> Spec:
    told = "mean ± two standard errors"
    keyed = key({lower: palette.BLUE, higher: palette.ORANGE, told: palette.INK}, narrow=1)
    x: dict[str, Any] = {
        "title": "difference, nats a letter",
        "axis": alt.Axis(tickCount=7),
    }
    bars = (
        alt.Chart(source("gaps"))
        .mark_rect(opacity=0.75)
        .encode(
            x=alt.X("left:Q", scale=alt.Scale(nice=False), **x),
            x2="right:Q",
            y=alt.Y("names:Q", title="dev names", axis=alt.Axis(tickCount=5, tickMinStep=1)),
            y2=alt.datum(0),
            color=alt.Color("side:N", **keyed),
            tooltip=[
                alt.Tooltip("left:Q", title="from, nats", format="+.2f"),
                alt.Tooltip("right:Q", title="to, nats", format="+.2f"),
                alt.Tooltip("names:Q", title="names", format=","),
            ],
        )
    )
    base = alt.Chart(source("mean"))
    band = base.mark_rect(opacity=0.35).encode(
        x="low:Q", x2="high:Q", color=alt.Color(datum=told, **keyed)
    )
    line = base.mark_rule(strokeWidth=2).encode(
        x="mean:Q",
        color=alt.Color(datum=told, **keyed),
        tooltip=[alt.Tooltip("mean:Q", title="mean difference, nats", format="+.4f")],
    )
    return finished(alt.layer(bars, band, line).properties(height=280))
