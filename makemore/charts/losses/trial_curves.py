"""Draws how the losses of many trials fell, one over the other. Knows no sweep."""

import math
from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import (
    Chart,
    Spec,
    baseline,
    finished,
    key,
    px,
    source,
)

HEADROOM = 0.05  # nats above the uniform baseline: what lost more at its start is not of interest


def trial_curves(curves: pd.DataFrame, *, groups: tuple[str, ...], letters: int) -> Chart:
    """Dev loss over the share of a training, a line a trial; a cross where one was given up.

    curves: `trial, label, group, share, step, dev, marked, last`. `groups` are in their order. The axis
    ends a little above the uniform baseline.
    """
    top = math.log(letters) + HEADROOM
    ends = curves[curves["last"]]
    last = curves.groupby("trial", sort=False).last()
    best = last.sort_values("dev").iloc[0]
    text = (
        f"Lines: dev loss of {curves['trial'].nunique()} trials while they train, {len(ends)} of them given "
        f"up on the way; the uniform baseline costs {math.log(letters):.2f}. Lowest at its end: "
        f"{best['label']} with {best['dev']:.4f}."
    )
    drawn = curves.assign(shown=curves["dev"].clip(upper=top))
    frames = {
        "curves": drawn,
        "ends": ends.assign(shown=ends["dev"].clip(upper=top)),
        "baseline": baseline(letters, loss=True),
    }
    return Chart(_curves_spec(groups, letters), frames, text)


@lru_cache(maxsize=16)
def _curves_spec(groups: tuple[str, ...], letters: int) -> Spec:
    name = f"uniform: {math.log(letters):.2f}"  # short, as all columns of a legend are as wide
    colours = dict(zip(groups, palette.ladder(len(groups)), strict=True)) | {name: palette.MUTED}
    keyed = key(colours, symbol="stroke", narrow=3)
    colour = alt.Color("group:N", **keyed)
    x = alt.X("share:Q", title="share of the training", axis=alt.Axis(format="~%", tickCount=5))
    y = alt.Y(
        "shown:Q",
        title="dev loss, nats per character",
        scale=alt.Scale(zero=False, nice=False, padding=8),
        axis=alt.Axis(format=".1f", tickCount=6),
    )
    tooltip = [
        alt.Tooltip("label:N", title="trial"),
        alt.Tooltip("step:Q", title="step", format=","),
        alt.Tooltip("dev:Q", title="dev loss", format=".4f"),
    ]
    base = alt.Chart(source("curves")).encode(
        x=x, y=y, color=colour, detail="trial:N", tooltip=tooltip
    )
    others = base.transform_filter("!datum.marked").mark_line(strokeWidth=1.2, opacity=0.55)
    marked = base.transform_filter("datum.marked").mark_line(strokeWidth=3)
    ends = (
        alt.Chart(source("ends"))
        .mark_point(shape="cross", filled=True, opacity=1, size=px(60, 40))
        .encode(x=x, y=y, color=colour, tooltip=tooltip)
    )
    rule = (
        alt.Chart(source("baseline"))
        .mark_rule(strokeDash=[4, 3])
        .encode(y="value:Q", color=alt.Color(datum=name, **keyed))
    )
    return finished(alt.layer(others, marked, ends, rule).properties(height=320))
