"""Draws the bigram net: its weights, one row of them, a softmax in three stages. Trains nothing."""

from functools import lru_cache
from typing import Literal

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, px, short_axis, source
from makemore.charts.letters.letter_bars import letter_axis

Stage = Literal["one_hot", "logit", "exp", "probability"]
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


def weights(cells: pd.DataFrame, *, plucked: str, limit: float) -> Chart:
    """The matrix W; the row that the one-hot letter picks is framed and the others step back.

    cells: `first, second, pair, weight`. Colours reach to ±`limit`. Selection `row`, on the client
    and for the page.
    """
    drawn = cells.assign(lit=cells["first"] == plucked)
    ends = cells[drawn["lit"]].iloc[[0, -1]]
    frame = pd.DataFrame({"first": [plucked], "from": ends["second"][:1].tolist()})
    frame["to"] = ends["second"][-1:].tolist()
    letters = cells["first"].nunique()
    text = f"Heatmap of the {letters} by {letters} weights; the row {plucked} is picked out."
    return Chart(
        _weights_spec(letters, limit), {"weights": drawn, "frame": frame}, text, selections=("row",)
    )


@lru_cache(maxsize=16)
def _weights_spec(letters: int, limit: float) -> Spec:
    pick = alt.selection_point(name="row", fields=["first"], empty=False)
    across = alt.Axis(orient="top", labelAngle=0, labelOverlap=False, labelFontSize=px(11, 8))
    down = alt.Axis(labelOverlap=False, labelFontSize=px(11, 8), minExtent=40, maxExtent=40)
    scale = alt.Scale(domain=[-limit, limit], range="diverging", clamp=True)
    legend = alt.Legend(
        title=f"weight (a logit, in nats; ±{limit:g} and beyond)",
        titleOrient="top",
        titleLimit=340,
        gradientLength=200,
        gradientThickness=8,
        tickCount=5,
    )
    cells = (
        alt.Chart(source("weights"))
        .mark_rect()
        .encode(
            x=alt.X("second:N", sort=None, title="next letter", axis=across),
            y=alt.Y("first:N", sort=None, title="letter that comes in", axis=down),
            color=alt.Color("weight:Q", scale=scale, legend=legend),
            opacity=alt.condition("datum.lit", alt.value(1.0), alt.value(0.55)),
            tooltip=[
                alt.Tooltip("pair:N", title="pair"),
                alt.Tooltip("weight:Q", title="weight", format=".3f"),
            ],
        )
        .add_params(pick)
    )
    frame = alt.Chart(source("frame")).mark_rect(fill="transparent", strokeWidth=2)
    lit = frame.encode(
        x=alt.X("from:N", bandPosition=0),
        x2=alt.X2("to:N", bandPosition=1),
        y="first:N",
        stroke=alt.value(palette.ACCENT.css),
    )
    return finished(alt.layer(cells, lit).properties(height=min(13 * letters, 560)))


def stage_bars(bars: pd.DataFrame, *, stage: Stage, chosen: str | None = None) -> Chart:
    """One stage of a softmax, letter by letter; three of them stand below each other and line up.

    bars: `letter, one_hot, logit, exp, probability`.
    """
    best = bars.iloc[int(bars[stage].to_numpy().argmax())]
    text = f"Bars: {_TITLES[stage]} of each letter; {best['letter']} is largest, {best[stage]:.3f}."
    drawn = bars.assign(value=bars[stage], chosen=bars["letter"] == chosen)
    return Chart(_stage_spec(stage), {"bars": drawn}, text)


@lru_cache(maxsize=4)
def _stage_spec(stage: Stage) -> Spec:
    axis = alt.Axis(tickCount=1 if stage == "one_hot" else 4, minExtent=40, maxExtent=40)
    if stage == "probability":
        axis.format = "~%"
    y = alt.Y("value:Q", title=_TITLES[stage], axis=axis)
    fill = alt.condition(
        "datum.chosen", alt.value(palette.ACCENT.css), alt.value(_COLOURS[stage].css)
    )
    marks = alt.Chart(source("bars")).mark_bar(cornerRadiusEnd=2)
    drawn = marks.encode(
        x=letter_axis("letter that comes in" if stage == "one_hot" else "next letter"),
        y=y,
        fill=fill,
        tooltip=[
            alt.Tooltip("letter:N", title="next letter"),
            alt.Tooltip("logit:Q", title="logit", format=".4f"),
            alt.Tooltip("exp:Q", title="exp(logit)", format=".4f"),
            alt.Tooltip("probability:Q", title="probability", format=".4%"),
        ],
    )
    return finished(alt.layer(drawn).properties(height=60 if stage == "one_hot" else 110))


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
