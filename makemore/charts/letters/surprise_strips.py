"""Draws one name as many models see it: a strip of letters each, darker where it surprised. Runs no model."""

import math
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, fitting, source

MOST = 8.0  # nats; what surprises more is as dark
LABEL = "min(20, 0.36 * {row})"  # pixels above a strip for its label


def surprise_strips(strips: pd.DataFrame, models: pd.DataFrame, *, letters: int) -> Chart:
    """A row a model, a cell a letter of the name, its end included; the most surprising one outlined.

    strips: `row (from 0), model, position (from 1), context, letter, probability, nll, worst`.
    models: `row, model, note, short`; note or, on a phone, short stands above the strip. `letters` is the size of
    the vocabulary. Selection `cell`: a row and a position.
    """
    drawn = strips.assign(
        left=strips["position"] - 1,
        right=strips["position"],
        shade=strips["nll"].clip(upper=MOST),
        dark=strips["nll"] / MOST > palette.TEXT_TURNS,
        figure=[f"{max(nll, 0.0):.1f}" for nll in strips["nll"]],
    )
    name = "".join(strips.loc[strips["row"] == 0, "letter"])
    said = "; ".join(models["note"])
    text = f"Strips of {name}, a cell a letter, darker where the letter surprised the model more. {said}."
    spec = _strips_spec(len(models), letters)
    return Chart(spec, {"strips": drawn, "models": models}, text, selections=("cell",))


@lru_cache(maxsize=64)
def _strips_spec(rows: int, letters: int) -> Spec:
    row = f"(height / {rows})"
    label = LABEL.format(row=row)
    pick = alt.selection_point(name="cell", fields=["row", "position"], empty=False)
    y = alt.Y("row:O", scale=alt.Scale(domain=list(range(rows)), padding=0), axis=None)
    middle = f"({label}) / 2"  # of a cell, from the middle of its row
    high = f"({row} - {label} - 3)"
    base = alt.Chart(source("strips")).encode(y=y)
    x: dict[str, Any] = {
        "x": alt.X("left:Q", axis=None, scale=alt.Scale(zero=True, nice=False)),
        "x2": alt.X2("right:Q"),
    }
    cells = (
        base.mark_rect(height=alt.ExprRef(high), yOffset=alt.ExprRef(middle), strokeWidth=2.5)
        .encode(
            **x,
            color=alt.Color("shade:Q", scale=_scale(), legend=_legend(letters)),
            stroke=alt.condition(
                pick,
                alt.value(palette.ACCENT.css),
                alt.value(palette.PAPER.css),
            ),
            tooltip=_tooltip(),
        )
        .add_params(pick)
    )
    worst = (
        base.transform_filter("datum.worst")
        .mark_rect(
            aria=False,
            fill="transparent",
            height=alt.ExprRef(f"{high} - 4"),
            yOffset=alt.ExprRef(middle),
            strokeWidth=2.5,
            strokeDash=[5, 3],
        )
        .encode(**x, stroke=alt.condition("datum.dark", *_inks()))
    )
    note = (
        alt.Chart(source("models"))
        .mark_text(
            aria=False,
            align="left",
            dy=alt.ExprRef(f"{label} / 2 - {row} / 2"),
            fontSize=alt.ExprRef(f"min(width < 520 ? 10.5 : 13, 0.8 * {label})"),
        )
        .encode(y=y, x=alt.value(0), text="told:N")
        .transform_calculate(told=fitting("note", "short"))
    )
    return finished(
        alt.layer(cells, worst, *_texts(base, high, middle), note).properties(height=70 * rows)
    )


def _scale() -> alt.Scale:
    return alt.Scale(domain=[0, MOST], range="heatmap", clamp=True)


def _legend(letters: int) -> alt.Legend:
    uniform = math.log(letters)
    return alt.Legend(
        title="surprise, −ln p, nats",
        values=[0, uniform, MOST],
        gradientLength=alt.ExprRef("width < 520 ? 130 : 260"),
        labelExpr=f"abs(datum.value - {uniform}) < 1e-3 ? 'uniform {uniform:.2f}' : "
        f"datum.value >= {MOST} ? '{MOST:g} or more' : '0'",
    )


def _inks() -> tuple[Any, Any]:
    return alt.value(palette.ON_STRONG.css), alt.value(palette.ON_FAINT.css)


def _texts(base: alt.Chart, high: str, middle: str) -> list[alt.Chart]:
    """The letter, and below it its surprise where the cell is large enough for both."""
    wide = "width / max(1, domain('x')[1])"
    both = f"{high} > 34 && {wide} > 22"
    size = f"min(20, 0.7 * {wide}, ({both} ? 0.36 : 0.8) * {high})"
    number = f"{both} ? min(13, 0.36 * {wide}, 0.24 * {high}) : 0"

    def text(dy: str, font: str) -> alt.Chart:
        mark = base.mark_text(aria=False, dy=alt.ExprRef(dy), fontSize=alt.ExprRef(font))
        drawn: alt.Chart = mark.encode(
            x=alt.X("middle:Q", axis=None), fill=alt.condition("datum.dark", *_inks())
        ).transform_calculate(middle="datum.left + 0.5")
        return drawn

    return [
        text(f"{middle} - ({both} ? 0.16 * {high} : 0)", size).encode(text="letter:N"),
        text(f"{middle} + 0.24 * {high}", number).encode(text="figure:N"),
    ]


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("model:N", title="model"),
        alt.Tooltip("context:N", title="sees"),
        alt.Tooltip("letter:N", title="then comes"),
        alt.Tooltip("probability:Q", title="probability", format=".2%"),
        alt.Tooltip("nll:Q", title="−ln p, nats", format=".3f"),
    ]
