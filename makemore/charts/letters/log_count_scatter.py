"""Draws learned logits against the logarithms of counts, pair by pair. Knows nothing of models."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, source


def agreement(
    pairs: pd.DataFrame, *, chosen: str | None = None, reach: tuple[float, float] | None = None
) -> Chart:
    """Every pair's logit against the log of its count; on the diagonal both agree.

    pairs: `pair, count, counted, learned`, the last two in nats less the mean of their row.
    Pairs that start with the letter `chosen` stand out. `reach` are the ends of both axes, for
    pictures that are to be compared.
    """
    drawn = pairs.assign(chosen=[p[0] == chosen for p in pairs["pair"]])
    both = pairs[["counted", "learned"]]
    ends = reach or (float(both.min().min()), float(both.max().max()))
    diagonal = pd.DataFrame({"counted": ends, "learned": ends})
    text = (
        f"Scatter of {len(pairs)} pairs: learned logit against log count. The mean distance from "
        f"the diagonal is {(pairs['learned'] - pairs['counted']).abs().mean():.2f} nats."
    )
    return Chart(_agreement_spec(), {"pairs": drawn, "diagonal": diagonal}, text)


@lru_cache(maxsize=1)
def _agreement_spec() -> Spec:
    accent, plain = alt.value(palette.ACCENT.css), alt.value(palette.BLUE.css)
    axis = alt.Axis(tickCount=6)
    x, y = (f"{what}, less the mean of its row (nats)" for what in ("ln count", "logit"))
    base = alt.Chart(source("pairs")).encode(
        x=alt.X("counted:Q", title=x, scale=_padded(), axis=axis),
        y=alt.Y("learned:Q", title=y, scale=_padded(), axis=axis),
    )
    line = base.mark_line(strokeDash=[4, 3], strokeWidth=1.2, stroke=palette.MUTED.css)
    line.data = source("diagonal")
    points = base.mark_circle().encode(
        fill=alt.condition("datum.chosen", accent, plain),
        opacity=alt.condition("datum.chosen", alt.value(1.0), alt.value(0.4)),
        size=alt.condition("datum.chosen", alt.value(60), alt.value(24)),
        tooltip=[
            alt.Tooltip("pair:N", title="pair"),
            alt.Tooltip("count:Q", title="count", format=","),
            alt.Tooltip("counted:Q", title="ln count − row mean", format=".3f"),
            alt.Tooltip("learned:Q", title="logit − row mean", format=".3f"),
        ],
    )
    return finished(alt.layer(line, points).properties(height=360))


def _padded() -> alt.Scale:
    return alt.Scale(zero=False, nice=False, padding=10)  # the diagonal holds the ends open
