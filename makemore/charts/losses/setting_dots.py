"""Draws the loss of trials against one setting, a dot a seed. Knows no sweep."""

from functools import lru_cache
from math import ceil, floor, log10
from typing import Any

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, px, source

COMPLETE, GIVEN_UP = "trained to its end", "given up on the way"
STATES = {"complete": COMPLETE, "given up": GIVEN_UP}
FEW = 10  # values of a setting: only then a line joins the means of a group


def setting_dots(
    dots: pd.DataFrame,
    *,
    x: str,
    values: tuple[Any, ...],
    by: str,
    groups: tuple[str, ...],
    log: bool,
    ceiling: float,
) -> Chart:
    """A dot a training; the means of a group are joined where the setting has few values.

    dots: `trial, x, place, group, seed, dev, mean, state, label`. `values` are all that x has, also
    where no dot is yet, smallest first. `groups` are those of `by` in their
    order, of one name where nothing sets them apart. What lost more than `ceiling` stands at that height.
    """
    drawn = dots.assign(
        shown=dots["dev"].clip(upper=ceiling), state=dots["state"].map(STATES.__getitem__)
    )
    whole = drawn[dots["state"] == "complete"]
    means = whole.groupby("trial", sort=False).first().reset_index()
    means = means.assign(shown=means["mean"].clip(upper=ceiling)).sort_values("place")
    best = means.sort_values("mean").iloc[0]
    over = int((dots["dev"] > ceiling).sum())
    text = (
        f"Dots: dev loss of {len(dots)} trainings of {dots['trial'].nunique()} trials against {x}. Lowest "
        f"mean: {best['label']} with {best['mean']:.4f}."
    ) + (f" {over} of them lie above {ceiling:.2f} and are drawn there." if over else "")
    spec = _dots_spec(x, values, by, groups, log)
    return Chart(spec, {"dots": drawn, "means": means}, text)


def _powers(values: tuple[Any, ...]) -> tuple[float, ...]:
    """1, 3, 10, 30 and so on, as far as they lie among the values."""
    low, high = values[0], values[-1]
    exponents = range(floor(log10(low)), ceil(log10(high)) + 1)
    known = [factor * 10.0**exponent for exponent in exponents for factor in (1, 3)]
    return tuple(float(f"{each:.1g}") for each in known if low <= each <= high)


@lru_cache(maxsize=32)
def _dots_spec(
    title: str,
    values: tuple[Any, ...],
    by: str,
    groups: tuple[str, ...],
    log: bool,
) -> Spec:
    joined = len(values) <= FEW
    x: Any = alt.X(
        "x:N",
        title=title,
        sort=alt.EncodingSortField("place", op="min"),
        axis=alt.Axis(labelAngle=0),
        scale=alt.Scale(type="point", padding=0.4),
    )
    if not isinstance(values[0], str):
        ticks = values if joined else _powers(values) if log else ()
        scale = alt.Scale(
            type="log" if log else "linear", domain=[values[0], values[-1]], nice=False, padding=28
        )
        label = "datum.value < 1 ? format(datum.value, '~g') : format(datum.value, '~s')"
        shown = {"values": list(ticks)} if ticks else {"tickCount": 6}
        axis = alt.Axis(labelExpr=label, **shown)
        x = alt.X("x:Q", title=f"{title} (log scale)" if log else title, scale=scale, axis=axis)
    y = alt.Y(
        "shown:Q",
        title="dev loss, nats per character",
        scale=alt.Scale(zero=False, padding=14),
        axis=alt.Axis(format=".3~f", tickCount=6),
    )
    colours = palette.ladder(len(groups)) if len(groups) > 1 else (palette.BLUE,)
    keyed = key(dict(zip(groups, colours, strict=True)), symbol="circle", narrow=2)
    keyed |= {"title": by} if by else {"legend": None}
    colour = alt.Color("group:N", **keyed)
    tooltip = [
        alt.Tooltip("label:N", title="trial"),
        alt.Tooltip("seed:N", title="seed"),
        alt.Tooltip("dev:Q", title="dev loss", format=".4f"),
        alt.Tooltip("state:N", title="ended"),
    ]
    shape = alt.Shape(
        "state:N",
        scale=alt.Scale(domain=[COMPLETE, GIVEN_UP], range=["circle", "cross"]),
        legend=None,
    )
    dots = (
        alt.Chart(source("dots"))
        .mark_point(filled=True, opacity=0.85, size=px(55, 35))
        .encode(x=x, y=y, color=colour, shape=shape, tooltip=tooltip)
    )
    means = alt.Chart(source("means"))
    lines = means.mark_line(strokeWidth=2, opacity=0.7).encode(x=x, y=y, color=colour)
    layers = [lines, dots] if joined else [dots]
    return finished(alt.layer(*layers).properties(height=320))
