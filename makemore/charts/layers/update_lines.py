"""Draws how far updates move each matrix, beside its size, over a training. Knows no model."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, short_axis, source
from makemore.charts.base.palette import Colour

HEIGHT = 260
GOAL, SLOW = -3.0, -4.0
ROOM = (-4.5, -2.0)  # that the axis spans at least
FIRST, LAST = palette.ORANGE, palette.VIOLET


def update_lines(
    updates: pd.DataFrame,
    *,
    steps: int,
    shown: int,
    wrong: str = "",
    note: str = "",
    span: tuple[float, float] = ROOM,
) -> Chart:
    """log10 of update over data, a line a matrix, with the line at -3.

    updates: `step, parameter, log10_ratio`, matrices alone, in the order of the layers. `shown` is the
    moment that the learner looks at. wrong: the matrix in which something was found, note: what that is;
    a note without a matrix is of all of them. span: what the axis reaches over at least.
    """
    names = tuple(dict.fromkeys(updates["parameter"]))
    last = updates[updates["step"] == updates["step"].max()]
    rows = [("span", 1, span[0]), ("span", max(steps, 2), span[1]), ("goal", 1, GOAL)]
    rows.append(("shown", max(shown, 1), GOAL))
    if note and not wrong:
        rows.append(("slow", max(steps, 2), SLOW))
    marks = pd.DataFrame(rows, columns=["kind", "step", "log10_ratio"])
    marks["note"] = note
    marked = updates[updates["parameter"] == wrong].assign(note=note)
    text = f"Update over data of {len(names)} matrices over {steps:,} steps, log10. " + ", ".join(
        f"{row.parameter} {row.log10_ratio:.1f}".replace("-", "−")
        for row in last.itertuples(index=False)
    )
    found = f". Marked: {wrong or 'all'}, {note}." if note else "."
    frames = {"updates": updates, "marks": marks, "marked": marked, "tip": marked.tail(1)}
    return Chart(_spec(names, bool(note and not wrong)), frames, text + found)


def _colours(names: tuple[str, ...]) -> dict[str, Colour]:
    """Hidden matrices from faint to strong; where letters enter and leave in colours of their own."""
    if len(names) < 3:
        return dict(zip(names, (FIRST, LAST), strict=False))
    hidden = dict(zip(names[1:-1], palette.ladder(len(names) - 2), strict=True))
    return {names[0]: FIRST, **hidden, names[-1]: LAST}


@lru_cache(maxsize=32)
def _spec(names: tuple[str, ...], slow: bool) -> Spec:
    x = alt.X(
        "step:Q",
        title="training step (log scale)",
        scale=alt.Scale(type="log", nice=False),
        axis=short_axis(),
    )
    y = alt.Y(
        "log10_ratio:Q",
        title="log10 of update : data",
        scale=alt.Scale(zero=False, nice=False, padding=6),
        axis=alt.Axis(tickCount=6, tickMinStep=1),
    )
    lines = (
        alt.Chart(source("updates"))
        .mark_line(strokeWidth=2, point=alt.OverlayMarkDef(size=14, filled=True))
        .encode(
            x=x,
            y=y,
            color=alt.Color("parameter:N", **key(_colours(names), symbol="stroke", narrow=3)),
            tooltip=[
                alt.Tooltip("parameter:N"),
                alt.Tooltip("step:Q", format=","),
                alt.Tooltip("log10_ratio:Q", title="log10 of update : data", format=".2f"),
            ],
        )
    )
    base = alt.Chart(source("marks"))
    span = base.transform_filter("datum.kind === 'span'").mark_point(opacity=0).encode(x=x, y=y)
    goal = base.transform_filter("datum.kind === 'goal'")
    layers = [
        span,
        goal.mark_rule(strokeDash=[4, 3]).encode(y=y),
        lines,
        goal.mark_text(align="left", baseline="bottom", dx=6, dy=-3, text="−3: a thousandth")
        .encode(x=x, y=y, fill=alt.value(palette.MUTED.css)),
        base.transform_filter("datum.kind === 'shown'").mark_rule(strokeWidth=1.5)
        .encode(x=x, stroke=alt.value(palette.ACCENT.css)),
        *_warnings(x, y, base, slow=slow),
    ]  # fmt: skip
    return finished(alt.layer(*layers).properties(height=HEIGHT))


def _warnings(x: alt.X, y: alt.Y, base: alt.Chart, *, slow: bool) -> list[alt.Chart]:
    """The line that all stay below, or the line of the matrix that is marked."""
    sick = alt.value(palette.WARNING.css)
    if slow:
        below = base.transform_filter("datum.kind === 'slow'")
        text = below.mark_text(align="right", baseline="bottom", dx=-6, dy=-3, fontWeight="bold")
        halo = {"stroke": alt.value(palette.PAPER.css), "strokeWidth": alt.value(5)}
        said = text.encode(x=x, y=y, text="note:N", fill=sick)
        return [
            below.mark_rule(strokeWidth=2).encode(y=y, stroke=sick),
            said.encode(**halo),  # so that the words can be read on top of lines
            said,
        ]
    line = alt.Chart(source("marked")).mark_line(strokeWidth=4, opacity=0.6)
    tip = alt.Chart(source("tip")).mark_text(
        align="right", baseline="top", dx=-6, dy=8, fontWeight="bold"
    )
    return [
        line.encode(x=x, y=y, stroke=sick),
        tip.encode(x=x, y=y, text="note:N", fill=sick),
    ]
