"""Draws a histogram a layer, one row each from the first layer down, on one axis. Knows no model."""

import json
from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, fitting, source

ROW = 48  # pixels of a row where the chart does not fill a share of the screen
FILLED = 0.8  # of a row, by its tallest bin
ROOM, NARROW_ROOM = 1.15, 1.3  # right of the histograms, for the numbers, in units of the axis
NARROW = 560  # pixels; two charts side by side, or a phone


def layer_rows(bins: pd.DataFrame, rows: pd.DataFrame, *, quantity: str, limit: float) -> Chart:
    """Each row as tall as its tallest bin; its numbers beside it, and what is wrong with it.

    bins: `layer, left, right, share` of equal bins. rows: `layer, short (its numbers), more (what
    stands before them, or over them where there is little room), wrong (what is found there, or "")`
    from the first layer on. The axis reaches from -limit to limit.
    """
    names = tuple(rows["layer"])
    places = {name: row for row, name in enumerate(names)}
    wrong = dict(zip(rows["layer"], rows["wrong"], strict=True))
    outlines = pd.concat(
        [_outline(bins[bins["layer"] == name], places[name], limit) for name in names],
        ignore_index=True,
    )
    outlines["sick"] = [bool(wrong[name]) for name in outlines["layer"]]
    said = [f"{more}, {brief}" for more, brief in zip(rows["more"], rows["short"], strict=True)]
    figures = rows.assign(said=said, base=[row + 0.94 for row in range(len(names))])
    end = f"{limit:.2g}".replace("e-0", "e-").replace("-", "−")
    ends = pd.DataFrame({"x": [-1.0, 0.0, 1.0], "end": [f"−{end}", "0", end]}).assign(
        base=float(len(names))
    )
    told = "; ".join(f"{name}: {each}" for name, each in zip(names, said, strict=True))
    found = "".join(f" Marked: {name}, {each}." for name, each in wrong.items() if each)
    text = f"Histograms of the {quantity}, layer by layer. {told}.{found}"
    frames = {"outlines": outlines, "figures": figures, "ends": ends}
    return Chart(_spec(names, quantity), frames, text)


def _outline(bins: pd.DataFrame, row: int, limit: float) -> pd.DataFrame:
    """The steps of one histogram, in units of the axis; what lies beyond it is left out."""
    most = max(float(bins["share"].max()), 1e-12)
    edges = [*bins["left"].tolist(), float(bins["right"].iloc[-1])]
    heights = [*bins["share"].tolist(), float(bins["share"].iloc[-1])]
    places = [edge / limit for edge in edges]
    drawn = [
        (place, height / most) for place, height in zip(places, heights, strict=True)
        if abs(place) <= 1 + 1e-9
    ]  # fmt: skip
    base = row + 0.94
    return pd.DataFrame(
        {
            "layer": bins["layer"].iloc[0],
            "x": [place for place, _ in drawn],
            "base": base,
            "top": [base - FILLED * height for _, height in drawn],
        }
    )


@lru_cache(maxsize=64)
def _spec(names: tuple[str, ...], quantity: str) -> Spec:
    count = len(names)
    narrow = f"width < {NARROW}"
    size = f"clamp(0.34 * height / {count}, 7, {narrow} ? 10 : 12.5)"
    axis = alt.Axis(
        values=[row + 0.6 for row in range(count)],
        labelExpr=f"{json.dumps(names)}[floor(datum.value)]",
        labelFontSize=alt.ExprRef(f"clamp(0.5 * height / {count}, 7, 13)"),
        labelOverlap=False,
        labelLimit=110,
        grid=False,
        domain=False,
        ticks=False,
    )
    y = alt.Y(
        "base:Q",
        title=None,
        axis=axis,
        scale=alt.Scale(domain=[0, count + 0.02], reverse=True, nice=False),
    )
    x = alt.X(
        "x:Q",
        title=quantity,
        axis=alt.Axis(
            labels=False, ticks=False, values=[-1, 0, 1], titleAnchor="start", titlePadding=22
        ),
        scale=alt.Scale(
            domainMin=-1.02,
            domainMax=alt.ExprRef(f"{narrow} ? {1 + NARROW_ROOM} : {1 + ROOM}"),
            nice=False,
            zero=False,
        ),
    )
    sick = "datum.sick"
    areas = (
        alt.Chart(source("outlines"))
        .mark_area(interpolate="step-after", line={"strokeWidth": 1}, opacity=0.85)
        .encode(
            x=x,
            y=y,
            y2="top:Q",
            detail="layer:N",
            fill=alt.condition(sick, alt.value(palette.WARNING.css), alt.value(palette.BLUE.css)),
        )
    )
    ends = alt.Chart(source("ends")).mark_text(baseline="top", dy=5, fontSize=11).encode(
        x=x, y=y, text="end:N", fill=alt.value(palette.MUTED.css)
    )  # fmt: skip
    figures = alt.Chart(source("figures"))
    said = figures.mark_text(
        align="left", baseline="bottom", dx=8, dy=alt.ExprRef(f"-0.42 * height / {count}"),
        fontSize=alt.ExprRef(size), text=alt.ExprRef(fitting("said", "short", below=NARROW)),
    ).encode(x=alt.datum(1), y=y)  # fmt: skip
    high = f"{narrow} && height / {count} > 50"
    more = figures.mark_text(
        align="left", baseline="bottom", dx=8, dy=alt.ExprRef(f"-0.42 * height / {count} - 15"),
        fontSize=alt.ExprRef(f"{high} ? {size} : 0"),
    ).encode(x=alt.datum(1), y=y, text="more:N")  # fmt: skip
    wrong = figures.mark_text(
        align="left", baseline="bottom", dx=8, dy=-1, fontWeight="bold",
        fontSize=alt.ExprRef(size),
        text=alt.ExprRef("width < 400 && datum.wrong ? split(datum.wrong, ': ')[1] : datum.wrong"),
    ).encode(x=alt.datum(1), y=y, fill=alt.value(palette.WARNING.css))  # fmt: skip
    return finished(alt.layer(areas, ends, said, more, wrong).properties(height=ROW * count))
