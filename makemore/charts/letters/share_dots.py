"""Draws the share of listed names among few samples, seed by seed, and among many. Runs no model."""

from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, fitting, key, px, source

LABEL, TALL = 0.24, 0.6  # shares of a row: for its label, and of its highest pile
ROOM = 0.3  # share to which the axis reaches at least as long as one is still to come


def share_dots(few: pd.DataFrame, many: pd.DataFrame, *, count: int, samples: int) -> Chart:
    """A row a model: a dot a seed at its share among `count` names, piled up; a tick for `samples`.

    few: `row (from 0), model, seed, share, chosen`, a row a seed. many: `row, model, share, low,
    high, told, short`, low and high two standard errors away, short what is told on a phone; of a model
    that is still being measured the share is NaN.
    """
    pile = few.groupby(["row", "share"]).cumcount()
    highest = max(int(pile.max()) + 1, 8) if len(few) else 1
    dots = few.assign(at=few["row"] + 1 - TALL * (pile + 0.5) / highest)
    lines = many.assign(
        top=many["row"] + LABEL, bottom=many["row"] + 1, label_at=many["row"] + LABEL / 2
    )
    there = lines[lines["share"].notna()]
    room = pd.DataFrame({"share": [0.0 if len(there) == len(lines) else ROOM], "at": [0.0]})
    said = "; ".join(f"{row.model}: {row.told}" for row in many.itertuples())
    seeds = int(few["seed"].nunique()) if len(few) else 0
    text = (
        f"Dots: share of listed names among {count} samples, one dot for each of {seeds} seeds. Ticks: "
        f"among {samples:,}. {said}."
    )
    frames = {"few": dots, "many": there, "models": lines, "room": room}
    return Chart(_dots_spec(len(many), count, samples), frames, text)


@lru_cache(maxsize=16)
def _dots_spec(rows: int, count: int, samples: int) -> Spec:
    one, all_, chosen = f"{count} names, one seed", f"{samples:,} names", "the seed shown"
    colours = {one: palette.BLUE, chosen: palette.ACCENT, all_: palette.INK}
    keyed = key(colours, symbol="circle", narrow=2)
    scale = alt.Scale(domain=[0, rows], reverse=True, nice=False)
    # Every layer has the same axes: of some with and some without, Vega-Lite makes nothing at all.
    across: dict[str, Any] = {
        "title": "share of names in the list",
        "scale": alt.Scale(domainMin=0, nice=False, padding=8),
        "axis": alt.Axis(format="%", tickCount=6),
    }
    x = alt.X("share:Q", **across)
    base = alt.Chart(source("few"))
    size = alt.ExprRef(f"clamp(pow(0.036 * height / {rows}, 2) * 3, 8, 60)")
    tooltip = [
        alt.Tooltip("model:N", title="model"),
        alt.Tooltip("seed:N", title="seed"),
        alt.Tooltip("share:Q", title=f"share among {count}", format=".0%"),
    ]

    def dot(name: str, test: str) -> alt.Chart:
        drawn: alt.Chart = (
            base.transform_filter(test)
            .mark_circle(opacity=0.85, size=size)
            .encode(
                x=x,
                y=alt.Y("at:Q", scale=scale, axis=None),
                color=alt.Color(datum=name, **keyed),
                tooltip=tooltip,
            )
        )
        return drawn

    sums = alt.Chart(source("many"))
    band = sums.mark_rect(opacity=0.25).encode(
        x=alt.X("low:Q", **across),
        x2="high:Q",
        y=alt.Y("top:Q", scale=scale, axis=None),
        y2="bottom:Q",
        color=alt.Color(datum=all_, **keyed),
    )
    tick = sums.mark_rule(strokeWidth=2).encode(
        x=x,
        y=alt.Y("top:Q", scale=scale, axis=None),
        y2="bottom:Q",
        color=alt.Color(datum=all_, **keyed),
        tooltip=[alt.Tooltip("model:N", title="model"), alt.Tooltip("told:N", title=all_)],
    )
    note = (
        alt.Chart(source("models"))
        .mark_text(aria=False, align="left", fontSize=px(13, 10.5))
        .encode(x=alt.value(0), y=alt.Y("label_at:Q", scale=scale, axis=None), text="note:N")
        .transform_calculate(
            note=fitting("model + ': ' + datum.told", "model + ': ' + datum.short")
        )
    )
    unseen = alt.Chart(source("room")).mark_point(opacity=0, aria=False)
    room = unseen.encode(x=x, y=alt.Y("at:Q", scale=scale, axis=None))
    layers = (room, band, tick, dot(one, "!datum.chosen"), dot(chosen, "datum.chosen"), note)
    return finished(alt.layer(*layers).properties(height=110 * rows))
