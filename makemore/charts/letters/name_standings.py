"""Draws how surprising all names of a list are to each model, and where one name stands. Runs no model."""

from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import (
    Chart,
    Spec,
    baseline,
    baseline_name,
    finished,
    fitting,
    key,
    px,
    source,
)

LISTED = "names of the list"
LABEL, TALL = 0.3, 0.66  # shares of a row: for its label, and of its fullest bin


def name_standings(
    histograms: pd.DataFrame, places: pd.DataFrame, *, name: str, letters: int
) -> Chart:
    """A row a model: a histogram of the mean NLL of all names, and a line where the name stands.

    histograms: `model, row, left, right, names, height`, bins shared by all models. places: `row,
    model, mean, told, short`, one row a model; short is what is told on a phone. `letters` is the size
    of the vocabulary.
    """
    rows = len(places)
    bars = histograms.assign(
        low=histograms["row"] + 1, high=histograms["row"] + 1 - TALL * histograms["height"]
    )
    here = places.assign(
        top=places["row"] + LABEL, bottom=places["row"] + 1, label_at=places["row"] + LABEL / 2
    )
    said = "; ".join(f"{row.model}: {row.told}" for row in places.itertuples())
    text = (
        f"Histograms: mean loss of every name of the list, a row a model. {name} is marked. {said}."
    )
    datasets = {"bars": bars, "places": here, "baseline": baseline(letters, loss=True)}
    return Chart(_standings_spec(rows, letters), datasets, text)


@lru_cache(maxsize=64)
def _standings_spec(rows: int, letters: int) -> Spec:
    chosen, line = "this name", baseline_name(letters, loss=True)
    keyed = key({LISTED: palette.SLATE, chosen: palette.ACCENT, line: palette.MUTED})
    scale = alt.Scale(domain=[0, rows], reverse=True, nice=False)
    x: dict[str, Any] = {"title": "mean loss of a name, nats a letter"}
    far = alt.Scale(zero=False, nice=False, padding=6)
    x["axis"] = alt.Axis(tickCount=px(9, 5), grid=True)
    bars = (
        alt.Chart(source("bars"))
        .mark_rect(opacity=0.75)
        .encode(
            x=alt.X("left:Q", scale=far, **x),
            x2="right:Q",
            y=alt.Y("low:Q", scale=scale, axis=None),
            y2="high:Q",
            color=alt.Color(datum=LISTED, **keyed),
            tooltip=[
                alt.Tooltip("model:N", title="model"),
                alt.Tooltip("left:Q", title="from, nats", format=".2f"),
                alt.Tooltip("right:Q", title="to, nats", format=".2f"),
                alt.Tooltip("names:Q", title="names", format=","),
            ],
        )
    )
    base = alt.Chart(source("places"))
    mark = base.mark_rule(strokeWidth=3).encode(
        x="mean:Q",
        y=alt.Y("top:Q", scale=scale),
        y2="bottom:Q",
        color=alt.Color(datum=chosen, **keyed),
        tooltip=[
            alt.Tooltip("model:N", title="model"),
            alt.Tooltip("mean:Q", title="mean loss, nats", format=".3f"),
            alt.Tooltip("told:N", title="rank"),
        ],
    )
    words = base.mark_text(align="left", fontSize=px(13, 10.5), aria=False)
    label = words.encode(x=alt.value(0), y=alt.Y("label_at:Q", scale=scale), text="text:N")
    uniform = (
        alt.Chart(source("baseline"))
        .mark_rule(strokeDash=[4, 3])
        .encode(x="value:Q", color=alt.Color(datum=line, **keyed))
    )
    note = label.transform_calculate(
        text=fitting("model + ': ' + datum.told", "model + ': ' + datum.short")
    )
    return finished(alt.layer(bars, uniform, mark, note).properties(height=76 * rows))
