"""Draws the loss for each k that is added to the counts. Knows nothing of models."""

import math
from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, baseline, baseline_name, finished, key, source

WHOLE, NAME = "the whole list", "this name"


def smoothing_curve(curve: pd.DataFrame, *, shown: int, letters: int, name: str = NAME) -> Chart:
    """Loss for each k, for the whole list and for a name, on the way up to the uniform baseline.

    curve: `k, place, series (the whole list | this name), loss`; `shown` is the chosen place, `name`
    what the legend calls the name.
    """
    curve = curve.assign(series=curve["series"].replace(NAME, name))
    labels = curve.drop_duplicates("place").set_index("place")["k"]
    ks = tuple(f"{k:g}" if k < 1e4 else f"1e{math.log10(k):.0f}" for k in labels.sort_index())
    now = curve[curve["place"] == shown]
    text = "Lines: loss for each k. At the chosen one: " + ", ".join(
        f"{row.series} {row.loss:.4f}" for row in now.itertuples()
    )
    datasets = {"curve": curve, "now": now, "baseline": baseline(letters, loss=True)}
    return Chart(_smoothing_spec(ks, letters, name), datasets, text)


@lru_cache(maxsize=8)
def _smoothing_spec(ks: tuple[str, ...], letters: int, name: str) -> Spec:
    names = {
        WHOLE: palette.BLUE,
        name: palette.ORANGE,
        baseline_name(letters, loss=True): palette.MUTED,
    }
    keyed = key(names, symbol="stroke", narrow=1)
    quoted = ", ".join(f"'{k}'" for k in ks)
    x = alt.X(
        "place:Q",
        title="k, added to every count (uneven scale)",
        scale=alt.Scale(domain=[0, len(ks) - 1], nice=False),
        axis=alt.Axis(
            labelExpr=f"datum.value % 1 ? '' : [{quoted}][datum.value]", tickMinStep=1, grid=False
        ),
    )
    y = alt.Y("loss:Q", title="loss, nats per character", scale=alt.Scale(zero=False))
    base = alt.Chart(source("curve")).encode(x=x, y=y, color=alt.Color("series:N", **keyed))
    dash = alt.condition(f"datum.series === '{WHOLE}'", alt.value([1, 0]), alt.value([5, 3]))
    lines = base.mark_line(strokeWidth=2).encode(strokeDash=dash)
    points = (
        alt.Chart(source("now"))
        .mark_point(filled=True, size=110, opacity=1)
        .encode(
            x=x,
            y=y,
            fill=alt.value(palette.ACCENT.css),
            tooltip=[
                alt.Tooltip("series:N", title="loss of"),
                alt.Tooltip("k:Q", title="k"),
                alt.Tooltip("loss:Q", title="loss, nats", format=".4f"),
            ],
        )
    )
    line = (
        alt.Chart(source("baseline"))
        .mark_rule(strokeDash=[2, 3])
        .encode(y="value:Q", color=alt.Color(datum=baseline_name(letters, loss=True), **keyed))
    )
    return finished(alt.layer(lines, line, points).properties(height=240))
