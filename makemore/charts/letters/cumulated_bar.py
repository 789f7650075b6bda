"""Draws how a letter is drawn: a distribution laid end to end, and the point that fell on it. Draws no sample."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, source

ROOM = 0.022  # share of the bar that a letter needs to be written in
BAR = (20, 44)  # pixels from the top


def cumulated_bar(segments: pd.DataFrame, *, given: str, point: float | None = None) -> Chart:
    """The letters as pieces of a bar from 0 to 1; `point` is the random number that chooses one.

    segments: `letter, low, high, middle, probability`. `given` says what precedes: "after q".
    """
    hit = (segments["low"] <= (-1 if point is None else point)) & (segments["high"] > (point or 0))
    drawn = segments[segments["probability"] > 0].assign(
        chosen=hit, shade=[i % 2 for i in range(int((segments["probability"] > 0).sum()))]
    )
    text = f"Bar from 0 to 1: the next letter {given}, each as wide as it is probable."
    if point is not None:
        letter = drawn.loc[drawn["chosen"], "letter"]
        text += f" The random number {point:.4f} falls to {letter.iloc[0] if len(letter) else '?'}."
    pointer = pd.DataFrame({"point": [] if point is None else [point]})
    pointer["label"] = [f"{value:.4f}" for value in pointer["point"]]
    return Chart(_spec(), {"segments": drawn, "pointer": pointer}, text)


@lru_cache(maxsize=1)
def _spec() -> Spec:
    """Low enough to stand over another picture: the number, its pointer, the bar, and the axis."""
    pointer = alt.Chart(source("pointer")).encode(x="point:Q")
    rule = pointer.mark_rule(y=14, y2=BAR[1] + 3, strokeWidth=2, stroke=palette.INK.css)
    head = pointer.mark_point(
        y=14, shape="triangle-down", size=70, filled=True, fill=palette.INK.css, opacity=1
    )
    number = pointer.mark_text(y=5, fontSize=12, fontWeight=600).encode(text="label:N")
    layers = [*_pieces(), rule, head, number]
    spec = finished(alt.layer(*layers).properties(height=BAR[1]))
    return spec | {"padding": {"left": 0, "right": 0, "top": 0, "bottom": 2}}


def _pieces() -> list[alt.Chart]:
    """The bar: pieces in two shades by turns, the chosen one in the accent, letters where they fit."""
    name = "'probabilities laid end to end'"
    x = alt.X(
        "low:Q",
        title=None,
        scale=alt.Scale(domain=[0, 1], nice=False),
        axis=alt.Axis(
            values=[0, 0.5, 1],
            labelExpr=f"datum.value === 0.5 ? '0.5  ' + {name} : datum.label",
            labelFlush=True,
            labelLimit=0,
            labelPadding=3,
            format=".1~f",
            ticks=False,
            domain=False,
            grid=False,
        ),
    )
    accent, even = alt.value(palette.ACCENT.css), alt.value(palette.SEQUENTIAL[2].css)
    base = alt.Chart(source("segments")).encode(
        tooltip=[
            alt.Tooltip("letter:N", title="next letter"),
            alt.Tooltip("low:Q", title="from", format=".4f"),
            alt.Tooltip("high:Q", title="to", format=".4f"),
            alt.Tooltip("probability:Q", title="probability", format=".2%"),
        ]
    )
    bars = base.mark_rect(y=BAR[0], y2=BAR[1], stroke=palette.PAPER.css, strokeWidth=1).encode(
        x=x, x2="high:Q", fill=alt.value(palette.SEQUENTIAL[1].css)
    )
    odd = bars.transform_filter("datum.shade && !datum.chosen").encode(fill=even)
    hit = bars.transform_filter("datum.chosen").encode(fill=accent)
    letters = base.mark_text(y=sum(BAR) / 2, fontSize=13).encode(
        x="middle:Q",
        text="letter:N",
        fill=alt.condition(
            "datum.chosen", alt.value(palette.PAPER.css), alt.value(palette.INK.css)
        ),
    )
    shown = letters.transform_filter(f"datum.probability > (width < 520 ? {2 * ROOM} : {ROOM})")
    return [bars, odd, hit, shown]
