"""Draws every trial as a line through its settings to its loss. Knows no sweep."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, px, source

# Source of the form: Inselberg 1985, The plane with parallel coordinates.
MARKED, OTHER = "among the best", "the others"


def parallel_coordinates(
    lines: pd.DataFrame, ticks: pd.DataFrame, *, short: Mapping[str, str]
) -> Chart:
    """A line a trial; those that are marked lie above the others.

    lines: `trial, label, axis, order, place, text, dev, marked`; ticks: `axis, order, place, text`,
    where place goes from 0 at the foot of an axis to 1 at its top. short: what an axis is called on a phone.
    """
    drawn = lines.assign(kind=lines["marked"].map({True: MARKED, False: OTHER}))
    axes = tuple(ticks.sort_values("order")["axis"].unique())
    best = lines.sort_values("dev").iloc[0]
    marked = lines[lines["marked"]]["trial"].nunique()
    text = (
        f"Lines: {lines['trial'].nunique()} trials through {', '.join(axes[:-1])} to the dev loss; "
        f"{marked} of them are marked. The lowest loss: {best['label']} with {best['dev']:.4f}."
    )
    heads = pd.DataFrame({"axis": axes, "order": range(len(axes))})
    return Chart(
        _lines_spec(axes, tuple(short.get(axis, axis) for axis in axes)),
        {"lines": drawn, "ticks": ticks, "axes": heads},
        text,
    )


@lru_cache(maxsize=16)
def _lines_spec(axes: tuple[str, ...], short: tuple[str, ...]) -> Spec:
    named = json.dumps(dict(zip(axes, short, strict=True)))
    x = alt.X(
        "axis:N",
        title="settings, and what came of them",
        sort=list(axes),
        axis=alt.Axis(
            labelAngle=0,
            labelLimit=px(150, 80),
            labelExpr=f"width < 520 ? {named}[datum.value] : datum.value",
            domain=False,
            ticks=False,
        ),
        scale=alt.Scale(type="point", padding=0.5),
    )
    y: Any = alt.Y(
        "place:Q",
        title="smallest to largest, each axis on its own",
        axis=alt.Axis(labels=False, ticks=False, grid=False, domain=False),
        scale=alt.Scale(domain=[-0.04, 1.06], nice=False),
    )
    rules = (
        alt.Chart(source("axes"))
        .mark_rule(strokeWidth=1.5)
        .encode(x=x, y=alt.datum(0), y2=alt.datum(1))
    )
    colours = {MARKED: palette.ORANGE, OTHER: palette.SLATE}
    base = alt.Chart(source("lines"))
    common = {
        "x": x,
        "y": y,
        "detail": "trial:N",
        "order": alt.Order("order:Q"),
        "color": alt.Color("kind:N", **key(colours, symbol="stroke")),
        "tooltip": [
            alt.Tooltip("label:N", title="trial"),
            alt.Tooltip("dev:Q", title="dev loss", format=".4f"),
        ],
    }
    others = base.transform_filter("!datum.marked").mark_line(strokeWidth=1.2, opacity=0.45)
    marked = base.transform_filter("datum.marked").mark_line(strokeWidth=2.6, opacity=0.95)
    labels = (
        alt.Chart(source("ticks"))
        .mark_text(align="left", dx=6, fontSize=px(12, 10), fontWeight="bold")
        .encode(x=x, y=y, text="text:N")
    )
    layers = (rules, others.encode(**common), marked.encode(**common), labels)
    return finished(alt.layer(*layers).properties(height=320))
