"""Draws a loss as one logit grows, and the logits against the height at which exp overflows. Knows no net."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, px, source

LIBRARY, HAND = "by the library", "by hand"
LINES = {HAND: palette.ORANGE, LIBRARY: palette.SLATE}
OTHER, MARKED = "other letters", "the letter that comes"
BARS = {MARKED: palette.BLUE, OTHER: palette.MUTED}


def loss_by_constant(losses: pd.DataFrame, *, chosen: float, broken: str) -> Chart:
    """Both losses over the constant; where the one by hand is no number, a band that says what it is.

    losses: `constant, by_hand, library`, by_hand perhaps inf or nan. broken: "inf", "nan" or "".
    """
    last = float(losses["constant"].iloc[-1])
    fine = losses[losses["by_hand"].abs() < float("inf")]
    end = float(fine["constant"].iloc[-1]) if len(fine) else 0.0
    gone = pd.DataFrame({"from": [end], "to": [last], "said": [f"by hand: {broken}"]})
    text = (
        f"Loss as a constant from 0 to {last:g} is added to one logit. The library's ends at "
        f"{losses['library'].iloc[-1]:.3f} nats; the one by hand "
        + (f"is {broken} beyond {end:g}." if broken else "is the same throughout.")
    )
    lines = [
        losses[["constant"]].assign(series=LIBRARY, loss=losses["library"]),
        fine[["constant"]].assign(series=HAND, loss=fine["by_hand"]),
    ]
    datasets = {
        "losses": pd.concat(lines, ignore_index=True),
        "gone": gone if broken else gone.iloc[:0],
        "chosen": pd.DataFrame({"constant": [float(chosen)]}),
    }
    return Chart(_losses_spec(last), datasets, text)


@lru_cache(maxsize=4)
def _losses_spec(last: float) -> Spec:
    across = alt.Scale(domain=[0, last], nice=False)
    rule = alt.Chart(source("chosen")).mark_rule(strokeWidth=2)
    mark = rule.encode(x=_constant("constant", across), stroke=alt.value(palette.ACCENT.css))
    layers = [*_band(across), *_curves(across), mark]
    return finished(alt.layer(*layers).properties(height=240))


def _constant(field: str, across: alt.Scale) -> alt.X:
    return alt.X(f"{field}:Q", title="constant added to one logit, nats", scale=across)


def _band(across: alt.Scale) -> list[alt.Chart]:
    """Where the loss by hand is no number, and what it is instead."""
    gone = alt.Chart(source("gone"))
    band = gone.mark_rect(opacity=0.14, fill=palette.WARNING.css)
    said = gone.transform_calculate(middle="(datum.from + datum.to) / 2").mark_text(
        baseline="top", dy=6, fontSize=px(13, 10), fontWeight=600
    )
    return [
        band.encode(x=_constant("from", across), x2="to:Q"),
        said.encode(
            x=_constant("middle", across),
            y=alt.value(0),
            text="said:N",
            fill=alt.value(palette.WARNING.css),
        ),
    ]


def _curves(across: alt.Scale) -> list[alt.Chart]:
    """The one by hand lies on the other as long as it can: so that lies broad beneath it."""
    curve = alt.Chart(source("losses")).encode(
        x=_constant("constant", across),
        y=alt.Y(
            "loss:Q",
            title="loss, nats",
            scale=alt.Scale(domainMin=0, nice=True),
            axis=alt.Axis(tickCount=5),
        ),
        color=alt.Color("series:N", **key(LINES, symbol="stroke")),
        tooltip=[
            alt.Tooltip("series:N", title="cross-entropy"),
            alt.Tooltip("constant:Q", title="constant"),
            alt.Tooltip("loss:Q", title="nats", format=".4f"),
        ],
    )
    broad = curve.mark_line(strokeWidth=7, opacity=0.45)
    thin = curve.mark_line(strokeWidth=2)
    return [
        broad.transform_filter(f"datum.series === '{LIBRARY}'"),
        thin.transform_filter(f"datum.series === '{HAND}'"),
    ]


def logit_bars(logits: pd.DataFrame, *, limit: float, given: str) -> Chart:
    """Each letter's logit, and the height above which exp of it overflows.

    logits: `letter, logit, counts` (exp of it, as text), `target` (whether the letter comes).
    """
    over = int((logits["logit"] > limit).sum())
    highest = logits.iloc[int(logits["logit"].to_numpy().argmax())]
    text = (
        f"Bars: the logits after {given}. The highest is {highest['logit']:.2f}, of {highest['letter']}; "
        f"exp overflows above {limit:.1f}, which {over} of {len(logits)} exceed."
    )
    drawn = logits.assign(
        place=range(len(logits)), who=[MARKED if each else OTHER for each in logits["target"]]
    )
    line = pd.DataFrame({"limit": [limit], "said": [f"exp overflows above {limit:.1f}"]})
    return Chart(_bars_spec(), {"logits": drawn, "limit": line}, text)


@lru_cache(maxsize=1)
def _bars_spec() -> Spec:
    y = alt.Y("logit:Q", title="logit, nats", axis=alt.Axis(tickCount=5))
    bars = (
        alt.Chart(source("logits"))
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            x=alt.X(
                "letter:N",
                sort=alt.EncodingSortField("place", op="min"),
                title="next letter",
                axis=alt.Axis(labelAngle=0, labelFontSize=px(12, 8)),
            ),
            y=y,
            color=alt.Color("who:N", **key(BARS)),
            tooltip=[
                alt.Tooltip("letter:N", title="letter"),
                alt.Tooltip("logit:Q", title="logit", format="+.4f"),
                alt.Tooltip("counts:N", title="exp of it"),
            ],
        )
    )
    limit = alt.Chart(source("limit"))
    rule = limit.mark_rule(strokeWidth=1.5, strokeDash=[4, 3]).encode(
        y=alt.Y("limit:Q"), stroke=alt.value(palette.WARNING.css)
    )
    said = limit.mark_text(align="left", dy=-8, fontSize=px(13, 10), fontWeight=600).encode(
        x=alt.value(4),
        y=alt.Y("limit:Q"),
        text="said:N",
        fill=alt.value(palette.WARNING.css),
    )
    return finished(alt.layer(bars, rule, said).properties(height=200))
