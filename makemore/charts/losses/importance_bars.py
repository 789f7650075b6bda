"""Draws how much each setting decides about the loss. Knows no sweep."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, px, source


def importance_bars(shares: pd.DataFrame) -> Chart:
    """A bar a setting, the most important on top. shares: `setting, share`, which add up to 1."""
    said = ", ".join(f"{row.setting} {row.share:.0%}" for row in shares.itertuples())
    drawn = shares.assign(text=[f"{share:.0%}" for share in shares["share"]])
    return Chart(_spec(len(shares)), {"shares": drawn}, f"Bars: importance of settings. {said}.")


@lru_cache(maxsize=8)
def _spec(count: int) -> Spec:
    x = alt.X(
        "share:Q",
        title="share of the importance",
        axis=alt.Axis(format="~%", tickCount=5),
        scale=alt.Scale(domain=[0, 1]),
    )
    y = alt.Y(
        "setting:N",
        title="setting",
        sort=alt.EncodingSortField("share", order="descending"),
        axis=alt.Axis(labelLimit=px(170, 110), domain=False, ticks=False),
    )
    base = alt.Chart(source("shares")).encode(x=x, y=y)
    bars = base.mark_bar(cornerRadiusEnd=3, height={"band": 0.55}).encode(
        fill=alt.value(palette.BLUE.css),
        tooltip=[
            alt.Tooltip("setting:N", title="setting"),
            alt.Tooltip("share:Q", title="importance", format=".1%"),
        ],
    )
    text = base.mark_text(align="left", dx=6, fontSize=px(13, 11)).encode(text="text:N")
    return finished(alt.layer(bars, text).properties(height=70 * count))
