"""Draws rows of the bigram net as bars: a softmax in three parts, one number a row. Trains nothing."""

from functools import lru_cache
from typing import Literal

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, short_axis, source
from makemore.charts.letters.letter_bars import letter_axis

Part = Literal["one_hot", "logit", "exp", "probability"]
_TITLES = {
    "one_hot": "one-hot",
    "logit": "logit: the row of W",
    "exp": "exp(logit)",
    "probability": "exp(logit) / sum",
}
_COLOURS = {
    "one_hot": palette.ACCENT,
    "logit": palette.SLATE,
    "exp": palette.TEAL,
    "probability": palette.BLUE,
}


def softmax_bars(bars: pd.DataFrame, *, part: Part, chosen: str | None = None) -> Chart:
    """One part of a softmax, letter by letter; three of them stand below each other and line up.

    bars: `letter, one_hot, logit, exp, probability`.
    """
    best = bars.iloc[int(bars[part].to_numpy().argmax())]
    text = f"Bars: {_TITLES[part]} of each letter; {best['letter']} is largest, {best[part]:.3f}."
    drawn = bars.assign(value=bars[part], chosen=bars["letter"] == chosen)
    return Chart(_part_spec(part), {"bars": drawn}, text)


@lru_cache(maxsize=4)
def _part_spec(part: Part) -> Spec:
    axis = alt.Axis(tickCount=1 if part == "one_hot" else 3, minExtent=40, maxExtent=40)
    if part == "probability":
        axis.format = "~%"
    y = alt.Y("value:Q", title=_TITLES[part], axis=axis)
    fill = alt.condition(
        "datum.chosen", alt.value(palette.ACCENT.css), alt.value(_COLOURS[part].css)
    )
    marks = alt.Chart(source("bars")).mark_bar(cornerRadiusEnd=2)
    drawn = marks.encode(
        x=letter_axis("letter that comes in" if part == "one_hot" else "next letter"),
        y=y,
        fill=fill,
        tooltip=[
            alt.Tooltip("letter:N", title="next letter"),
            alt.Tooltip("logit:Q", title="logit", format=".4f"),
            alt.Tooltip("exp:Q", title="exp(logit)", format=".4f"),
            alt.Tooltip("probability:Q", title="probability", format=".4%"),
        ],
    )
    return finished(alt.layer(drawn).properties(height=60 if part == "one_hot" else 110))


def row_bars(rows: pd.DataFrame, *, quantity: str, chosen: str, digits: int = 0) -> Chart:
    """One number for each row of W, that of the row `chosen` written out and in the accent.

    rows: `letter, value`. `quantity` names the value and its unit.
    """
    value = float(rows.loc[rows["letter"] == chosen, "value"].iloc[0])
    text = f"Bars: {quantity}, for each row of W. The row {chosen} has {value:,.{digits}f}."
    drawn = rows.assign(chosen=rows["letter"] == chosen)
    return Chart(_row_spec(quantity, digits), {"rows": drawn}, text)


@lru_cache(maxsize=4)
def _row_spec(quantity: str, digits: int) -> Spec:
    accent, plain = alt.value(palette.ACCENT.css), alt.value(palette.BLUE.css)
    base = alt.Chart(source("rows")).encode(x=letter_axis("row of W"))
    form = f",.{digits}~f"  # without zeros behind the point, so that 0 is 0
    bars = base.mark_bar(cornerRadiusEnd=2).encode(
        y=alt.Y("value:Q", title=quantity, axis=short_axis(4)),
        fill=alt.condition("datum.chosen", accent, plain),
        tooltip=[alt.Tooltip("letter:N"), alt.Tooltip("value:Q", title=quantity, format=form)],
    )
    written = base.mark_text(dy=-8, fontWeight=700, fontSize=12).transform_filter("datum.chosen")
    label = written.encode(y="value:Q", text=alt.Text("value:Q", format=form))
    paper = alt.value(palette.PAPER.css)  # around it, where it lies over its neighbours
    halo = label.encode(stroke=paper, strokeWidth=alt.value(4))
    return finished(alt.layer(bars, halo, label.encode(fill=accent)).properties(height=170))
