"""Draws the loss of each model on parts of a split, a row a model. Knows no model."""

from functools import lru_cache
from typing import Any, Literal

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, source

REPEATED, ALL, OTHERS = "also in train", "all dev names", "the others"
_LOOK = {
    REPEATED: (palette.ORANGE, "triangle"),
    ALL: (palette.SPLITS["dev"], "circle"),
    OTHERS: (palette.TEAL, "square"),
}
ROOMY = 40  # pixels a row; below this the label stands beside the marks


def split_dots(losses: pd.DataFrame, *, whole_only: bool = False) -> Chart:
    """Dev loss on the names that stand in train too, on all, and on the others; the gap as a line.

    losses: `row (from 0), model, repeated, all, others`, in nats. With `whole_only` the middle one alone is shown.
    """
    fields = {"all": ALL} if whole_only else {"repeated": REPEATED, "all": ALL, "others": OTHERS}
    drawn = losses.melt(["row", "model"], list(fields), "part", "loss").replace({"part": fields})
    drawn = drawn.assign(figure=[f"{loss:.3f}" for loss in drawn["loss"]])
    shown = losses.iloc[:0] if whole_only else losses
    said = "; ".join(
        f"{row['model']}: "
        + ", ".join(f"{row[field]:.4f} {word}" for field, word in fields.items())
        for row in losses.to_dict("records")
    )
    datasets = {"parts": drawn, "gaps": shown, "models": losses[["row", "model"]]}
    text = f"Dots: dev loss of {len(losses)} models. {said}."
    return Chart(_dots_spec(len(losses)), datasets, text)


@lru_cache(maxsize=16)
def _dots_spec(rows: int) -> Spec:
    row = f"(height / {rows})"
    roomy = f"{row} >= {ROOMY}"
    keyed = key({part: colour for part, (colour, _) in _LOOK.items()}, symbol="circle", narrow=2)
    shapes = alt.Shape(
        "part:N",
        scale=alt.Scale(domain=list(_LOOK), range=[shape for _, shape in _LOOK.values()]),
        legend=None,
    )
    y = alt.Y("row:O", scale=alt.Scale(domain=list(range(rows))), axis=None)
    x: dict[str, Any] = {
        "title": "dev loss, nats per character (lower is better)",
        "scale": alt.Scale(zero=False, padding=26),
        "axis": alt.Axis(format=".2f", tickCount=6),
    }
    middle = alt.ExprRef(f"{roomy} ? 0.18 * {row} : 0.1 * {row}")
    base = alt.Chart(source("parts")).encode(y=y)
    line = (
        alt.Chart(source("gaps"))
        .mark_rule(strokeWidth=2, yOffset=middle)
        .encode(x=alt.X("repeated:Q", **x), x2="others:Q", y=y)
    )
    dots = base.mark_point(
        filled=True, opacity=1, yOffset=middle, size=alt.ExprRef(f"clamp(2.2 * {row}, 30, 90)")
    ).encode(
        x=alt.X("loss:Q", **x),
        color=alt.Color("part:N", **keyed),
        shape=shapes,
        tooltip=[
            alt.Tooltip("model:N", title="model"),
            alt.Tooltip("part:N", title="names"),
            alt.Tooltip("loss:Q", title="dev loss", format=".4f"),
        ],
    )
    size = alt.ExprRef(f"{roomy} && width >= 520 ? min(12, 0.2 * {row}) : 0")

    def figure(part: str, align: Literal["left", "center", "right"], dx: int, dy: int) -> alt.Chart:
        mark = base.transform_filter(alt.datum.part == part).mark_text(
            aria=False, align=align, dx=dx, dy=alt.ExprRef(f"0.18 * {row} + {dy}"), fontSize=size
        )
        drawn: alt.Chart = mark.encode(x=alt.X("loss:Q", **x), text="figure:N")
        return drawn

    # Where two marks are near, so would their figures be: one to the left, one above, one to the right.
    figures = [
        figure(REPEATED, "right", -9, 1),
        figure(ALL, "center", 0, -13),
        figure(OTHERS, "left", 9, 1),
    ]
    label = (
        alt.Chart(source("models"))
        .mark_text(
            aria=False,
            align="left",
            dy=alt.ExprRef(f"{roomy} ? -0.3 * {row} : -0.24 * {row}"),
            fontSize=alt.ExprRef(f"{roomy} ? (width < 520 ? 11 : 13) : min(11, 0.4 * {row})"),
        )
        .encode(x=alt.value(0), y=y, text="model:N")
    )
    return finished(alt.layer(line, dots, *figures, label).properties(height=52 * rows))
