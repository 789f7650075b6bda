"""Draws the shares of sampled names that stand in the list, and that have no unseen trigram. Loads no model."""

from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, source

LISTED, FAMILIAR = "stand in the list of names", "every trigram occurs in train"
INSIDE = 0.2  # a bar of at least this share has room for its figure
LABEL = 20  # pixels of a row for its label


def sampled_shares(models: pd.DataFrame, *, names: int, dev: float) -> Chart:
    """Two bars a model, each a share of so many sampled names.

    models: `label, listed, familiar`, one row a model. dev: the share of the dev names all whose
    trigrams occur in train, a tick over the second bar.
    """
    drawn = models.melt("label", ["listed", "familiar"], "measure", "share").replace(
        {"measure": {"listed": LISTED, "familiar": FAMILIAR}}
    )
    drawn = drawn.assign(figure=[f"{share:.1%}" for share in drawn["share"]], dev=dev)
    said = "; ".join(
        f"{label}: {listed:.1%} stand in the list, in {familiar:.1%} every trigram is known"
        for label, listed, familiar in models[["label", "listed", "familiar"]].itertuples(
            index=False
        )
    )
    text = f"Bars: shares of {names:,} sampled names a model. {said}. Of the dev names: {dev:.1%}."
    return Chart(_shares_spec(len(models), names, f"{dev:.1%}"), {"shares": drawn}, text)


@lru_cache(maxsize=16)
def _shares_spec(rows: int, names: int, dev: str) -> Spec:
    told = f"the same of the dev names, {dev}"
    colours = {LISTED: palette.SLATE, FAMILIAR: palette.BLUE, told: palette.INK}
    row = f"(height / {rows})"
    thick = f"min(24, 0.5 * ({row} - {LABEL} - 2))"
    top = f"{LABEL} - {row} / 2"
    places = {LISTED: f"{top} + {thick} / 2", FAMILIAR: f"{top} + 1.5 * {thick} + 1"}
    base = alt.Chart(source("shares")).encode(
        y=alt.Y("label:N", sort=None, title=None, axis=None), tooltip=_tooltip()
    )
    layers = [_label(base.transform_filter(alt.datum.measure == LISTED), row)]
    for measure, middle in places.items():
        part = base.transform_filter(alt.datum.measure == measure)
        layers.append(_bar(part, thick, middle, names, colours))
        layers += _figures(part, thick, middle)
    tick = base.transform_filter(alt.datum.measure == FAMILIAR).mark_tick(
        thickness=3,
        opacity=1,
        size=alt.ExprRef(f"{thick} + 6"),
        yOffset=alt.ExprRef(places[FAMILIAR]),
    )
    layers.append(tick.encode(x="dev:Q", color=alt.Color(datum=told, **key(colours))))
    return finished(alt.layer(*layers).properties(height=64 * rows))


def _label(part: alt.Chart, row: str) -> alt.Chart:
    """The name of the model above its bars."""
    middle = alt.ExprRef(f"{LABEL / 2} - {row} / 2")
    text = part.mark_text(aria=False, align="left", dy=middle, fontSize=13)
    drawn: alt.Chart = text.encode(x=alt.datum(0), text="label:N")
    return drawn


def _bar(
    part: alt.Chart, thick: str, middle: str, names: int, colours: dict[str, palette.Colour]
) -> alt.Chart:
    x = alt.X(
        "share:Q",
        title=f"share of {names:,} sampled names",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format="%", tickCount=5),
    )
    bar = part.mark_bar(height=alt.ExprRef(thick), yOffset=alt.ExprRef(middle), cornerRadiusEnd=2)
    drawn: alt.Chart = bar.encode(x=x, color=alt.Color("measure:N", **key(colours)))
    return drawn


def _figures(part: alt.Chart, thick: str, middle: str) -> list[alt.Chart]:
    """The share at the end of its bar: inside where there is room, else beside it."""
    fits = alt.ExprRef(f"min(12, {thick})")
    size: dict[str, Any] = {
        "aria": False,
        "dy": alt.ExprRef(middle),
        "fontSize": fits,
        "fontWeight": 600,
    }
    inside = part.transform_filter(alt.datum.share >= INSIDE).mark_text(
        align="right", dx=-6, **size
    )
    beside = part.transform_filter(alt.datum.share < INSIDE).mark_text(align="left", dx=5, **size)
    return [
        inside.encode(x="share:Q", text="figure:N", fill=alt.value(palette.PAPER.css)),
        beside.encode(x="share:Q", text="figure:N"),
    ]


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("label:N", title="model"),
        alt.Tooltip("measure:N", title="sampled names that"),
        alt.Tooltip("share:Q", title="share", format=".1%"),
    ]
