"""Draws letters as points of a plane. Knows nothing of how they got there."""

import math
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import altair as alt
import numpy as np
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, source
from makemore.charts.letters.label_places import push_apart

Limits = tuple[float, float, float, float]  # left, right, bottom, top

HEIGHT = 440
_MARGIN = 1.12  # of the span, so that the marks at the edge are whole
_RING = 1.8  # of the area of a badge
_NO_TRAIL = pd.DataFrame({"order": [], "x": [], "y": []})


class _Size(NamedTuple):
    """A plot for which labels are moved apart; they fit any that is as large or larger."""

    width: float
    height: float
    badge: float  # square pixels
    letter: float


_SIZES = (
    _Size(300, 330, badge=300, letter=12),  # a phone, or half of the stage
    _Size(600, 420, badge=480, letter=14),
    _Size(950, 650, badge=840, letter=19),  # a large screen
)


def embedding_scatter(
    points: pd.DataFrame,
    *,
    limits: Limits | None = None,
    chosen: str | None = None,
    near: Collection[str] = (),
    trail: pd.DataFrame = _NO_TRAIL,
    titles: tuple[str, str] = ("first embedding dimension", "second embedding dimension"),
) -> Chart:
    """Each letter at its place; colour and shape say vowel, consonant or dot (selection `letter`).

    points: `letter, kind (vowel | consonant | dot), x, y` and perhaps `weight`, by which the area of a
    letter's badge is multiplied. Where points crowd, letters are moved aside
    so that each can be read, and a thin line leads back to the true place. The `chosen` letter is
    ringed, lines lead to those that are `near` it, and its `trail` (`order, x, y`) says where it has
    been. Charts with the same `limits` share their axes; one unit is equally long across and up.
    """
    # Nothing that changes from moment to moment: a new text would have the chart drawn from scratch.
    text = (
        f"Scatter of {len(points)} letters in two dimensions; vowels, consonants and the dot differ "
        "in shape."
    )
    limits = limits or _around(points)
    drawn = _beside(points, limits).assign(chosen=points["letter"] == chosen)
    if "weight" not in drawn:
        drawn["weight"] = 1.0
    datasets = {"points": drawn, "near": _links(points, chosen, near), "trail": trail}
    spec = _spec(*(round(each, 2) for each in limits), titles)
    return Chart(spec, datasets, text, selections=("letter",))


def _around(points: pd.DataFrame) -> Limits:
    x, y = points["x"], points["y"]
    return float(x.min()), float(x.max()), float(y.min()), float(y.max())


def _beside(points: pd.DataFrame, limits: Limits) -> pd.DataFrame:
    """With the pixels by which each letter stands aside: dx0, dy0 in a plot of the first size, and so on."""
    drawn = points
    for i, size in enumerate(_SIZES):
        scale = 1 / (_tightest(limits, size.width, size.height) * _MARGIN)
        across, up = (points[axis].to_numpy(dtype=float) * scale for axis in ("x", "y"))
        dx, dy = _places(tuple(across), tuple(-up), 2 * math.sqrt(size.badge / math.pi))
        drawn = drawn.assign(**{f"dx{i}": dx, f"dy{i}": dy})
    return drawn


@lru_cache(maxsize=512)
def _places(
    x: tuple[float, ...], y: tuple[float, ...], size: float
) -> tuple[list[float], list[float]]:
    """As `push_apart`, to a tenth of a pixel; kept, since they are the same whichever letter is chosen."""
    dx, dy = push_apart(np.array(x), np.array(y), size)
    return dx.round(1).tolist(), dy.round(1).tolist()


def _tightest(limits: Limits, width: float, height: float) -> float:
    """Units a pixel: whichever direction is the tighter one decides for both."""
    left, right, bottom, top = limits
    return max((right - left) / width, (top - bottom) / height, 1e-9)


def _links(points: pd.DataFrame, chosen: str | None, near: Collection[str]) -> pd.DataFrame:
    """A line from the chosen letter to each that is near it. Columns: x, y, x2, y2."""
    places = dict(zip(points["letter"], zip(points["x"], points["y"], strict=True), strict=True))
    start = next((p for letter, p in places.items() if letter == chosen), None)
    ends = [places[letter] for letter in near if letter in places] if start else []
    return pd.DataFrame([(*start, *end) for end in ends if start], columns=["x", "y", "x2", "y2"])


@lru_cache(maxsize=256)
def _spec(left: float, right: float, bottom: float, top: float, titles: tuple[str, str]) -> Spec:
    """The same chart for all limits, which are values in it: to build one takes as long as a page."""
    limits = {"left": left, "right": right, "bottom": bottom, "top": top}
    spec = _spec_of_any(titles)
    named = [{"name": name, "value": value} for name, value in limits.items()]
    return {**spec, "params": [*named, *spec.get("params", [])]}


@lru_cache(maxsize=16)
def _spec_of_any(titles: tuple[str, str]) -> Spec:
    tightest = _units_a_pixel("width", "height")
    unit = f"{tightest} * {_MARGIN} / 2"
    across = _span("(left + right) / 2", f"{unit} * width")
    up = _span("(bottom + top) / 2", f"{unit} * height")
    quiet = alt.Axis(tickCount=6, gridOpacity=0.5)
    x = alt.X("x:Q", title=titles[0], scale=across, axis=quiet)
    y = alt.Y("y:Q", title=titles[1], scale=up, axis=quiet)
    most = [f"{tightest} <= {_units_a_pixel(size.width, size.height)}" for size in _SIZES]
    letters = _letters(x, y, titles, lambda of: _by_size(most, of))
    return finished(alt.layer(*_lines(x, y), *letters).properties(height=HEIGHT))


def _units_a_pixel(width: object, height: object) -> str:
    """`_tightest` as an expression of the chart."""
    return f"max((right - left) / {width}, (top - bottom) / {height}, 1e-9)"


def _span(middle: str, half: str) -> alt.Scale:
    ends = [alt.ExprRef(f"{middle} {sign} {half}") for sign in "-+"]
    return alt.Scale(domain=ends, nice=False, zero=False)


def _lines(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    accent = alt.value(palette.ACCENT.css)
    trail = alt.Chart(source("trail")).mark_line(strokeWidth=1.5, opacity=0.4, clip=True)
    near = alt.Chart(source("near")).mark_rule(strokeWidth=1.5, strokeDash=[2, 3])
    return [
        trail.encode(x=x, y=y, order="order:Q", stroke=accent),
        near.encode(x=x, y=y, x2="x2:Q", y2="y2:Q", stroke=accent),
    ]


def _by_size(fits: Sequence[str], of: Sequence[object]) -> alt.ExprRef:
    """Of one value for each size, that of the largest which fits, by these tests; else the first."""
    chosen = str(of[0])
    for test, value in list(zip(fits, of, strict=True))[1:]:
        chosen = f"{test} ? {value} : {chosen}"
    return alt.ExprRef(chosen)


def _letters(
    x: alt.X,
    y: alt.Y,
    titles: tuple[str, str],
    by_size: Callable[[Sequence[object]], alt.ExprRef],
) -> list[alt.Chart]:
    """Dots at the true places, and the letters at them or aside."""
    base = alt.Chart(source("points")).encode(x=x, y=y)
    dx, dy = (by_size([f"datum.{way}{i}" for i in range(len(_SIZES))]) for way in ("dx", "dy"))
    badge = by_size([f"{size.badge} * datum.weight" for size in _SIZES])

    def aside(size: alt.ExprRef, **of: Any) -> alt.Chart:
        drawn: alt.Chart = base.mark_point(size=size, xOffset=dx, yOffset=dy, **of)
        return drawn

    leaders = base.mark_rule(strokeWidth=1, x2Offset=dx, y2Offset=dy, aria=False)
    ring = aside(by_size([_RING * size.badge for size in _SIZES]), strokeWidth=2.5, shape="circle")
    text = base.mark_text(
        fontSize=by_size([size.letter for size in _SIZES]),
        fontWeight=600,
        baseline="middle",
        xOffset=dx,
        yOffset=dy,
    )
    return [
        leaders.encode(x2="x:Q", y2="y:Q", stroke=_by_kind(alt.Stroke)),
        base.mark_circle(size=26, opacity=1, aria=False).encode(fill=_by_kind(alt.Fill)),
        ring.encode(stroke=alt.value(palette.ACCENT.css)).transform_filter("datum.chosen"),
        *_badges(aside, badge, titles),
        text.encode(text="letter:N", tooltip=_tooltip(titles)),
    ]


def _badges(
    aside: Callable[..., alt.Chart], size: alt.ExprRef, titles: tuple[str, str]
) -> list[alt.Chart]:
    """What a letter stands on: the page itself, so that no line runs through it, and its colour."""
    shapes = alt.Scale(domain=list(palette.KINDS), range=list(palette.KIND_SHAPES.values()))
    shape = alt.Shape("kind:N", title=None, scale=shapes)
    halo = aside(size, strokeWidth=0, opacity=1, aria=False)
    badge = aside(size, strokeWidth=1.2).encode(
        stroke=_by_kind(alt.Stroke),
        fill=_by_kind(alt.Fill),
        fillOpacity=alt.value(0.14),
        shape=shape,
        tooltip=_tooltip(titles),
    )
    pick = alt.selection_point(name="letter", fields=["letter"], empty=False)
    return [halo.encode(fill=alt.value(palette.PAPER.css), shape=shape), badge.add_params(pick)]


def _by_kind(channel: Callable[..., Any]) -> Any:
    colours = [colour.css for colour in palette.KINDS.values()]
    scale = alt.Scale(domain=list(palette.KINDS), range=colours)
    return channel("kind:N", scale=scale, title=None)


def _tooltip(titles: tuple[str, str]) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("letter:N", title="letter"),
        alt.Tooltip("kind:N", title="kind"),
        alt.Tooltip("x:Q", title=titles[0], format=".3f"),
        alt.Tooltip("y:Q", title=titles[1], format=".3f"),
    ]
