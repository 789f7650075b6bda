"""Draws the bigram net: its weights, one row of them, a softmax in three stages, its descent. Knows no training."""

import math
from functools import lru_cache
from typing import Literal

import altair as alt
import pandas as pd

from makemore.charts import palette
from makemore.charts.chart import Chart, Spec, finished, guess, guess_name, key, px, source
from makemore.charts.letters import letter_axis

Stage = Literal["logit", "exp", "probability"]
_TITLES = {
    "logit": "logit: the row of W",
    "exp": "exp(logit)",
    "probability": "exp(logit) / sum",
}
_COLOURS = {"logit": palette.SLATE, "exp": palette.TEAL, "probability": palette.BLUE}


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
    limit = max(1.0, math.ceil(limit))
    return Chart(
        _weights_spec(letters, limit), {"weights": drawn, "frame": frame}, text, selections=("row",)
    )


@lru_cache(maxsize=16)
def _weights_spec(letters: int, limit: float) -> Spec:
    pick = alt.selection_point(name="row", fields=["first"], empty=False)
    across = alt.Axis(orient="top", labelAngle=0, labelOverlap=False, labelFontSize=px(11, 8))
    down = alt.Axis(labelOverlap=False, labelFontSize=px(11, 8))
    scale = alt.Scale(domain=[-limit, limit], domainMid=0, range="diverging")
    legend = alt.Legend(title="weight (a logit, in nats)", gradientLength=200, gradientThickness=8)
    cells = (
        alt.Chart(source("weights"))
        .mark_rect()
        .encode(
            x=alt.X("second:N", sort=None, title="next letter", axis=across),
            y=alt.Y("first:N", sort=None, title="letter that comes in", axis=down),
            color=alt.Color("weight:Q", scale=scale, legend=legend),
            opacity=alt.condition("datum.lit", alt.value(1.0), alt.value(0.45)),
            tooltip=[
                alt.Tooltip("pair:N", title="pair"),
                alt.Tooltip("weight:Q", title="weight", format=".3f"),
            ],
        )
        .add_params(pick)
    )
    frame = alt.Chart(source("frame")).mark_rect(fill="transparent", strokeWidth=2)
    lit = frame.encode(x="from:N", x2="to:N", y="first:N", stroke=alt.value(palette.ACCENT.css))
    return finished(alt.layer(cells, lit).properties(height=min(13 * letters, 560)))


def stage_bars(bars: pd.DataFrame, *, stage: Stage, chosen: str | None = None) -> Chart:
    """One stage of a softmax, letter by letter; three of them stand below each other and line up.

    bars: `letter, logit, exp, probability`.
    """
    best = bars.iloc[int(bars[stage].to_numpy().argmax())]
    text = f"Bars: {_TITLES[stage]} of each letter; {best['letter']} is largest, {best[stage]:.3f}."
    drawn = bars.assign(value=bars[stage], chosen=bars["letter"] == chosen)
    return Chart(_stage_spec(stage), {"bars": drawn}, text)


@lru_cache(maxsize=3)
def _stage_spec(stage: Stage) -> Spec:
    axis = alt.Axis(tickCount=4, minExtent=40, maxExtent=40)
    if stage == "probability":
        axis.format = "~%"
    y = alt.Y("value:Q", title=_TITLES[stage], axis=axis)
    fill = alt.condition(
        "datum.chosen", alt.value(palette.ACCENT.css), alt.value(_COLOURS[stage].css)
    )
    marks = alt.Chart(source("bars")).mark_bar(cornerRadiusEnd=2)
    drawn = marks.encode(
        x=letter_axis(),
        y=y,
        fill=fill,
        tooltip=[
            alt.Tooltip("letter:N", title="next letter"),
            alt.Tooltip("logit:Q", title="logit", format=".4f"),
            alt.Tooltip("exp:Q", title="exp(logit)", format=".4f"),
            alt.Tooltip("probability:Q", title="probability", format=".4%"),
        ],
    )
    return finished(alt.layer(drawn).properties(height=110))


def descent_curve(
    curve: pd.DataFrame, *, letters: int, steps: int, shown: int, counted: float
) -> Chart:
    """Loss at each step so far, with the losses of guessing and of counting; `shown` is looked at.

    curve: `step, loss`. The axis reaches to `steps` from the start.
    """
    last = curve.iloc[-1]
    text = (
        f"Loss of the net, {last['loss']:.4f} after {int(last['step'])} steps; counting has "
        f"{counted:.4f}, guessing {math.log(letters):.4f}."
    )
    datasets = {
        "curve": curve,
        "shown": curve[curve["step"] == shown],
        "span": pd.DataFrame({"step": [0, max(steps, 1)]}),
        "guess": guess(letters, loss=True),
        "counted": pd.DataFrame({"value": [counted]}),
    }
    return Chart(_descent_spec(letters), datasets, text)


@lru_cache(maxsize=8)
def _descent_spec(letters: int) -> Spec:
    named = guess_name(letters, loss=True)
    names = {"net": palette.COMPARED["learned"], "counting": palette.TEAL, named: palette.MUTED}
    keyed = key(names, symbol="stroke", narrow=2)
    x = alt.X("step:Q", title="training step", scale=alt.Scale(nice=False))
    y = alt.Y("loss:Q", title="loss, nats per character", scale=alt.Scale(zero=False))
    line = alt.Chart(source("curve")).mark_line(strokeWidth=2)
    shown = alt.Chart(source("shown")).encode(x=x, y=y, fill=alt.value(palette.ACCENT.css))
    point = shown.mark_point(filled=True, size=110, opacity=1).encode(
        tooltip=[alt.Tooltip("step:Q", format=","), alt.Tooltip("loss:Q", format=".4f")]
    )

    def rule(name: str, data: str, dash: list[int]) -> alt.Chart:
        mark = alt.Chart(source(data)).mark_rule(strokeDash=dash, strokeWidth=1.5)
        drawn: alt.Chart = mark.encode(y="value:Q", color=alt.Color(datum=name, **keyed))
        return drawn

    layers = [
        alt.Chart(source("span")).mark_rule(opacity=0).encode(x=x),
        rule(named, "guess", [2, 3]),
        rule("counting", "counted", [6, 3]),
        line.encode(x=x, y=y, color=alt.Color(datum="net", **keyed)),
        point,
    ]
    return finished(alt.layer(*layers).properties(height=220))


def moved_bars(rows: pd.DataFrame, *, missing: str) -> Chart:
    """How far each letter's row of weights moved in training; `missing` never occurred.

    rows: `letter, distance`.
    """
    still = float(rows.loc[rows["letter"] == missing, "distance"].iloc[0])
    text = f"Bars: how far each row of W moved. The row {missing} moved by {still:.3f}."
    drawn = rows.assign(chosen=rows["letter"] == missing)
    return Chart(_moved_spec(), {"rows": drawn}, text)


@lru_cache(maxsize=1)
def _moved_spec() -> Spec:
    accent, plain = alt.value(palette.ACCENT.css), alt.value(palette.BLUE.css)
    base = alt.Chart(source("rows")).encode(x=letter_axis("row of W"))
    bars = base.mark_bar(cornerRadiusEnd=2).encode(
        y=alt.Y("distance:Q", title="distance moved, nats", axis=alt.Axis(tickCount=4)),
        fill=plain,
        tooltip=[alt.Tooltip("letter:N"), alt.Tooltip("distance:Q", format=".4f")],
    )
    zero = base.mark_text(dy=-8, fontWeight=700, fontSize=12).transform_filter("datum.chosen")
    label = zero.encode(
        y="distance:Q", text=alt.Text("distance:Q", format=".1f"), fill=accent
    )
    return finished(alt.layer(bars, label).properties(height=170))
