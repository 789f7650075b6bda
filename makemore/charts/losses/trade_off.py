"""Draws the loss of models against what they cost, and those that nobody beats on both. Knows no model."""

from functools import lru_cache
from typing import Literal

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, px, source

FRONT, BEATEN, OWN = "on the Pareto front", "beaten on both", "of this visit"
_TICKS = [0.01, 0.1, 1, 3, 10, 30, 100, 300, 1e3, 3e3, 1e4, 3e4, 1e5, 3e5, 1e6]
Side = Literal["left", "right"]
# Places of a label beside its point: alignment, and pixels across and down.
_SLOTS: tuple[tuple[Side, int, int], ...] = (
    ("left", 8, -9),
    ("right", -8, 11),
    ("left", 8, -24),
    ("right", -8, 26),
    ("right", -8, 41),
)
NOWHERE = -1
_PLOT, _MARGIN = (730.0, 470.0), 30.0  # pixels: where points lie, and what is beside them
_WIDE, _HIGH = 6.6, 13.0  # of the letters of a label
_LABEL = (
    "datum.value < 1 ? format(datum.value, '~g') : format(datum.value, '~s')"  # no 100m for 0.1
)
SHAPES = {FRONT: "circle", BEATEN: "triangle", OWN: "diamond"}


def trade_off(models: pd.DataFrame, *, cost: str, uniform: float) -> Chart:
    """A point a model, the cost on a log axis; a line joins those that nobody beats on both.

    models: `label, cost, loss, front, own, note`. `cost` is the title of its axis, `uniform` the loss
    of the uniform baseline, which stands in the legend: on the axis it would squeeze the rest.
    """
    ordered = models.sort_values(["cost", "loss"]).reset_index(drop=True)
    kinds = [
        OWN if own else FRONT if front else BEATEN
        for own, front in zip(ordered["own"], ordered["front"], strict=True)
    ]
    ordered = ordered.assign(kind=kinds, slot=_find_slots(ordered))
    front = ordered[ordered["front"]].reset_index(drop=True)
    said = ", ".join(f"{row.label} {row.loss:.4f}" for row in front.itertuples())
    text = f"Points: dev loss of {len(models)} models against {cost}. On the Pareto front: {said}."
    return Chart(_trade_off_spec(cost, uniform), {"models": ordered, "front": front}, text)


def _find_slots(models: pd.DataFrame) -> list[int]:
    """Where the label of each stands: in the first of _SLOTS that is clear of those before, else nowhere.

    On a plot of the usual size: on a larger one there is more room, on a phone there are no labels.
    """
    x, y = np.log(models["cost"].to_numpy(dtype=float)), models["loss"].to_numpy(dtype=float)
    x, y = (_spread(x) * _PLOT[0], (1 - _spread(y)) * _PLOT[1])
    taken: list[tuple[float, float, float, float]] = [
        (left - 5, left + 5, top - 5, top + 5) for left, top in zip(x, y, strict=True)
    ]
    slots = []
    shown = models["front"] | models["own"]
    for label, is_shown, left, top in zip(models["label"], shown, x, y, strict=True):
        boxes = [_box(len(label), left, top, slot) for slot in range(len(_SLOTS))]
        free = [
            i
            for i, box in enumerate(boxes)
            if box[0] > -_MARGIN
            and box[1] < _PLOT[0] + _MARGIN
            and not any(_meet(box, other) for other in taken)
        ]
        slots.append(free[0] if free and is_shown else NOWHERE)
        if slots[-1] != NOWHERE:
            taken.append(boxes[free[0]])
    return slots


def _spread(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The same from 0 to 1."""
    reach = float(np.ptp(values)) or 1.0
    spread: npt.NDArray[np.float64] = (values - values.min()) / reach
    return spread


def _box(letters: int, left: float, top: float, slot: int) -> tuple[float, float, float, float]:
    """Left, right, top and bottom of a label in this slot, in pixels."""
    align, dx, dy = _SLOTS[slot]
    wide = _WIDE * letters
    begin = left + dx - (wide if align == "right" else 0)
    return begin, begin + wide, top + dy - _HIGH / 2, top + dy + _HIGH / 2


def _meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    across = one[0] < other[1] and other[0] < one[1]
    return across and one[2] < other[3] and other[2] < one[3]


@lru_cache(maxsize=16)
def _trade_off_spec(cost: str, uniform: float) -> Spec:
    baseline = f"uniform baseline: {uniform:.4f}"
    colours = {
        FRONT: palette.BLUE,
        BEATEN: palette.SLATE,
        OWN: palette.ACCENT,
        baseline: palette.MUTED,
    }
    keyed = key(colours, symbol="circle")
    x = alt.X(
        "cost:Q",
        title=cost,
        scale=alt.Scale(type="log", nice=False, padding=_MARGIN),
        axis=alt.Axis(values=_TICKS, grid=True, labelExpr=_LABEL),
    )
    y = alt.Y(
        "loss:Q",
        title="dev loss, nats per character",
        scale=alt.Scale(zero=False, padding=14),
        axis=alt.Axis(format=".2f", tickCount=6),
    )
    base = alt.Chart(source("models")).encode(x=x, y=y)
    line = (
        alt.Chart(source("front"))
        .mark_line(interpolate="step-after", strokeWidth=2, opacity=0.6)
        .encode(x=x, y=y, color=alt.Color(datum=FRONT, **keyed))
    )
    shape = alt.Shape(
        "kind:N",
        scale=alt.Scale(domain=list(SHAPES), range=list(SHAPES.values())),
        legend=None,
    )
    points = base.mark_point(filled=True, opacity=1, size=px(90, 50)).encode(
        color=alt.Color("kind:N", **keyed),
        shape=shape,
        tooltip=[
            alt.Tooltip("label:N", title="model"),
            alt.Tooltip("loss:Q", title="dev loss", format=".4f"),
            alt.Tooltip("cost:Q", title=cost, format=",.5~g"),
            alt.Tooltip("note:N", title="recipe, seed"),
        ],
    )
    named = base.transform_filter("datum.front || datum.own")
    size = px(12, 0)
    labels = [
        named.transform_filter(alt.datum.slot == slot)
        .mark_text(aria=False, align=align, dx=dx, dy=dy, fontSize=size)
        .encode(text="label:N")
        for slot, (align, dx, dy) in enumerate(_SLOTS)
    ]
    return finished(alt.layer(line, points, *labels).properties(height=340))
