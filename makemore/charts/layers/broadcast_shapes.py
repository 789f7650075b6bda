"""Draws that what is broadcast forward is summed backward, as two shapes and two arrows. Knows no model."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, px, source

Shape = tuple[int, ...]  # rows, columns
_LEAST = 0.12


def broadcast_shapes(name: str, made: str, own: Shape, other: Shape, *, copied: bool) -> Chart:
    """`own` is the shape of the value `name`, `other` of what is `made` of it.

    copied: forward it is copied to the other shape; else it is summed to it.
    """
    forth, back = ("copy", "add up") if copied else ("add up", "copy")
    tallest, widest = max(own[0], other[0]), max(own[1], other[1])

    def box(shape: Shape, left: float) -> dict[str, float | str]:
        wide = max(shape[1] / widest, _LEAST) * 2.6
        high = max(shape[0] / tallest, _LEAST) * 1.5
        return {"left": left, "right": left + wide, "top": 0.85 - high / 2, "low": 0.85 + high / 2}

    boxes = [
        {**box(own, 0.2), "name": name, "shape": f"{own[0]} × {own[1]}", "at": 0.2},
        {**box(other, 7.2), "name": made, "shape": f"{other[0]} × {other[1]}", "at": 7.2},
    ]
    arrows = [
        {"x": 3.3, "x2": 6.8, "tip": 6.8, "y": 0.6, "angle": 90, "text": f"forward: {forth}"},
        {"x": 3.3, "x2": 6.8, "tip": 3.3, "y": 1.2, "angle": 270, "text": f"backward: {back}"},
    ]
    text = (
        f"{name}, {own[0]} × {own[1]}, and {made}, {other[0]} × {other[1]}. Forward: {forth}. "
        f"Backward: {back}."
    )
    datasets = {"boxes": pd.DataFrame(boxes), "arrows": pd.DataFrame(arrows)}
    return Chart(_spec(), datasets, text)


@lru_cache(maxsize=1)
def _spec() -> Spec:
    wide = alt.Scale(domain=[0, 10], nice=False)
    tall = alt.Scale(domain=[-0.5, 2], reverse=True, nice=False, zero=False)

    def at(x: str, y: str) -> dict[str, alt.X | alt.Y]:
        return {
            "x": alt.X(f"{x}:Q", scale=wide, axis=None),
            "y": alt.Y(f"{y}:Q", scale=tall, axis=None),
        }

    boxes = alt.Chart(source("boxes"))
    arrows = alt.Chart(source("arrows"))
    rects = boxes.mark_rect(
        fill=palette.BLUE.css, fillOpacity=0.3, stroke=palette.BLUE.css, cornerRadius=2
    ).encode(**at("left", "top"), x2="right:Q", y2="low:Q")
    names = boxes.mark_text(align="left", dy=-18, fontWeight=600, fontSize=px(13, 12))
    shapes = boxes.mark_text(align="left", dy=-5, fill=palette.MUTED.css, fontSize=px(12, 11))
    lines = arrows.mark_rule(stroke=palette.MUTED.css, strokeWidth=1.5).encode(
        **at("x", "y"), x2="x2:Q"
    )
    tips = arrows.mark_point(
        shape="triangle", filled=True, size=70, fill=palette.MUTED.css, opacity=1
    ).encode(
        **at("tip", "y"),
        angle=alt.Angle("angle:Q", scale=alt.Scale(domain=[0, 360], range=[0, 360])),
    )
    words = arrows.mark_text(align="left", dy=-9, fontSize=px(13, 11)).encode(
        **at("x", "y"), text="text:N"
    )
    layers = [
        rects,
        names.encode(**at("left", "top"), text="name:N"),
        shapes.encode(**at("left", "top"), text="shape:N"),
        lines,
        tips,
        words,
    ]
    return finished(alt.layer(*layers).properties(height=150))
