"""Draws letters as points of a plane. Knows nothing of how they got there."""

from collections.abc import Collection
from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, px, source

Limits = tuple[float, float, float, float]  # left, right, bottom, top

HEIGHT = 440
_MARGIN = 1.12  # of the span, so that the marks at the edge are whole
_NO_TRAIL = pd.DataFrame({"order": [], "x": [], "y": []})


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

    points: `letter, kind (vowel | consonant | dot), x, y`. The `chosen` letter is ringed, lines lead
    to those that are `near` it, and its `trail` (`order, x, y`) says where it has been. Charts with
    the same `limits` share their axes; one unit is equally long across and up.
    """
    drawn = points.assign(chosen=points["letter"] == chosen)
    # Nothing that changes from moment to moment: a new text would have the chart drawn from scratch.
    text = (
        f"Scatter of {len(points)} letters in two dimensions; vowels, consonants and the dot differ "
        "in shape."
    )
    limits = limits or _around(points)
    datasets = {"points": drawn, "near": _links(points, chosen, near), "trail": trail}
    spec = _spec(*(round(each, 2) for each in limits), titles)
    return Chart(spec, datasets, text, selections=("letter",))


def _around(points: pd.DataFrame) -> Limits:
    x, y = points["x"], points["y"]
    return float(x.min()), float(x.max()), float(y.min()), float(y.max())


def _links(points: pd.DataFrame, chosen: str | None, near: Collection[str]) -> pd.DataFrame:
    """A line from the chosen letter to each that is near it. Columns: x, y, x2, y2."""
    places = dict(zip(points["letter"], zip(points["x"], points["y"], strict=True), strict=True))
    start = next((p for letter, p in places.items() if letter == chosen), None)
    ends = [places[letter] for letter in near if letter in places] if start else []
    return pd.DataFrame([(*start, *end) for end in ends if start], columns=["x", "y", "x2", "y2"])


@lru_cache(maxsize=16)
def _spec(left: float, right: float, bottom: float, top: float, titles: tuple[str, str]) -> Spec:
    # Units a pixel: whichever direction is the tighter one decides for both.
    unit = f"max({right - left:.2f} / width, {top - bottom:.2f} / height) * {_MARGIN} / 2"
    across = _span((left + right) / 2, f"{unit} * width")
    up = _span((bottom + top) / 2, f"{unit} * height")
    quiet = alt.Axis(tickCount=6, gridOpacity=0.5)
    x = alt.X("x:Q", title=titles[0], scale=across, axis=quiet)
    y = alt.Y("y:Q", title=titles[1], scale=up, axis=quiet)
    return finished(alt.layer(*_lines(x, y), *_letters(x, y, titles)).properties(height=HEIGHT))


def _span(middle: float, half: str) -> alt.Scale:
    ends = [alt.ExprRef(f"{middle:.3f} {sign} {half}") for sign in "-+"]
    return alt.Scale(domain=ends, nice=False, zero=False)


def _lines(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    accent = alt.value(palette.ACCENT.css)
    trail = alt.Chart(source("trail")).mark_line(strokeWidth=1.5, opacity=0.4, clip=True)
    near = alt.Chart(source("near")).mark_rule(strokeWidth=1.5, strokeDash=[2, 3])
    return [
        trail.encode(x=x, y=y, order="order:Q", stroke=accent),
        near.encode(x=x, y=y, x2="x2:Q", y2="y2:Q", stroke=accent),
    ]


def _letters(x: alt.X, y: alt.Y, titles: tuple[str, str]) -> list[alt.Chart]:
    pick = alt.selection_point(name="letter", fields=["letter"], empty=False)
    base = alt.Chart(source("points")).encode(x=x, y=y, tooltip=_tooltip(titles))
    kinds = list(palette.KINDS)
    colours = alt.Scale(domain=kinds, range=[c.css for c in palette.KINDS.values()])
    shapes = alt.Scale(domain=kinds, range=list(palette.KIND_SHAPES.values()))
    marks = base.mark_point(size=px(480, 300), strokeWidth=1.2).encode(
        stroke=alt.Stroke("kind:N", scale=colours, title=None),
        fill=alt.Fill("kind:N", scale=colours, title=None),
        fillOpacity=alt.value(0.14),
        shape=alt.Shape("kind:N", scale=shapes, title=None),
    )
    ring = base.mark_point(size=px(960, 600), strokeWidth=2.5, shape="circle").encode(
        stroke=alt.value(palette.ACCENT.css), fill=alt.value(palette.PAPER.css)
    )
    text = base.mark_text(fontSize=px(14, 12), fontWeight=600, baseline="middle")
    return [
        ring.transform_filter("datum.chosen"),
        marks.add_params(pick),
        text.encode(text="letter:N"),
    ]


def _tooltip(titles: tuple[str, str]) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("letter:N", title="letter"),
        alt.Tooltip("kind:N", title="kind"),
        alt.Tooltip("x:Q", title=titles[0], format=".3f"),
        alt.Tooltip("y:Q", title=titles[1], format=".3f"),
    ]
