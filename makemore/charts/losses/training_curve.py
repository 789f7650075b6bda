"""Draws a training as it goes on: its loss, perhaps beside that of another. Knows no job."""

import math
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, short_axis, source

# What a series is called in the legend, and its colour.
CURVES = {
    "raw": ("one batch", palette.RUNS["batch"]),
    "mean": ("batch mean", palette.RUNS["mean"]),
    "train": ("train", palette.SPLITS["train"]),
    "dev": ("dev", palette.SPLITS["dev"]),
}
OTHER = {
    "mean": ("other run", palette.RUNS["other"]),
    "dev": ("other dev", palette.RUNS["other"]),
}
NO_CURVE = pd.DataFrame({"step": [], "loss": [], "series": []})
HEIGHT = 260
FEW = 6  # points; fewer, as of a run that has just begun or diverged at once, span no axis
EXPLODED = 10  # nats; from here on the loss axis is a logarithmic one
COLUMNS = "width < 300 ? 2 : width < 450 ? 3 : width < 700 ? 4 : 6"  # of the legend
POWERS = [1, 10, 100, 1_000, 10_000]
# Shares of the uniform baseline that the axis then spans, about as a training does.
ROOM = (0.6, 1.03)
Flag = tuple[int, float, str]  # step, loss, and what was found there


def training_curve(
    curve: pd.DataFrame,
    *,
    letters: int,
    steps: int,
    shown: int | None = None,
    log_steps: bool = False,
    other: pd.DataFrame = NO_CURVE,
    flag: Flag | None = None,
) -> Chart:
    """Loss over steps: raw batches faint, their mean strong, train and dev dashed and as points.

    curve, other: `step, loss, series (raw | mean | train | dev)`; of the other run only mean and dev
    are drawn, on the same axes. The axis reaches to `steps` from the start, so that the curve grows
    into it; `shown` is the moment that the learner looks at. Marks ln(letters), the uniform baseline,
    which stays in sight on a logarithmic axis when a loss has exploded. `flag` marks where something
    is wrong.
    """
    first, uniform = int(log_steps), math.log(letters)
    last = max(steps, first + 1)
    rows = [("span", first, uniform), ("span", last, uniform), ("named", last, uniform)]
    if shown is not None:
        rows.append(("shown", max(shown, first), uniform))
    if len(curve) + len(other) < FEW:
        rows.extend(("room", first, uniform * share) for share in ROOM)
    datasets = {
        "curve": curve[curve["step"] >= first] if first else curve,
        "marks": pd.DataFrame(rows, columns=["kind", "step", "loss"]),
    }
    if len(other):
        drawn = other["series"].isin(list(OTHER)) & (other["step"] >= first)
        datasets["other"] = other[drawn]
    if flag is not None:
        datasets["flags"] = pd.DataFrame(
            [(max(flag[0], first), *flag[1:])], columns=["step", "loss", "note"]
        )
    two = bool(len(other))
    log_loss = any(bool((each["loss"] > EXPLODED).any()) for each in (curve, other))
    said = _said(curve, letters, steps, two) + (f" Marked: {flag[2]}." if flag else "")
    return Chart(_spec(letters, log_steps, two, log_loss, flag is not None), datasets, said)


def _said(curve: pd.DataFrame, letters: int, steps: int, two: bool) -> str:
    text = (
        f"Loss over {steps:,} training steps, from the uniform baseline, {math.log(letters):.2f}."
    )
    dev = curve[curve["series"] == "dev"]
    if len(dev):
        newest = dev.iloc[-1]
        text += f" After step {newest['step']:,.0f} the dev loss is {newest['loss']:.3f}."
    return text + (" Two runs on the same axes." if two else "")


@lru_cache(maxsize=16)
def _spec(letters: int, log_steps: bool, two: bool, log_loss: bool, flagged: bool) -> Spec:
    names = {**dict(CURVES.values()), **(dict(OTHER.values()) if two else {})}
    keyed, y, axis = key(names, symbol="stroke"), _loss(log_loss), short_axis()
    axis["tickMinStep"] = 1
    keyed["legend"].columns = alt.ExprRef(COLUMNS)
    x = alt.X(
        "step:Q",
        title="training step (log scale)" if log_steps else "training step",
        scale=alt.Scale(type="log" if log_steps else "linear", nice=False),
        axis=axis,
    )
    drawn = [*(_other(x, y, keyed) if two else []), *_this(x, y, keyed, faint=not log_loss)]
    layers = [*drawn, *_baseline(x, y, letters, above=log_loss), *_axis(x, y)]
    layers += _flag(x, y) if flagged else []
    return finished(alt.layer(*layers).properties(height=HEIGHT))


def _baseline(x: alt.X, y: alt.Y, letters: int, *, above: bool) -> list[alt.Chart]:
    """The uniform baseline, named on its line: a legend is for what moves."""
    base = alt.Chart(source("marks")).transform_filter("datum.kind === 'named'")
    name = base.mark_text(
        align="right", baseline="bottom" if above else "top", dx=-6, dy=-3 if above else 4,
        text=f"uniform baseline: ln {letters} = {math.log(letters):.2f}", fill=palette.MUTED.css,
    )  # fmt: skip
    rule = base.mark_rule(strokeDash=[4, 3])
    return [rule.encode(y=y), name.encode(x=x, y=y)]


def _axis(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """What gives the axes their span, which is not seen, and the rule at the moment looked at."""
    base = alt.Chart(source("marks"))
    span = base.transform_filter("datum.kind === 'span'").mark_rule(opacity=0)
    shown = base.transform_filter("datum.kind === 'shown'").mark_rule(strokeWidth=1.5)
    room = base.transform_filter("datum.kind === 'room'").mark_point(opacity=0)
    rule = shown.encode(x=x, stroke=alt.value(palette.ACCENT.css))
    return [span.encode(x=x), room.encode(x=x, y=y), rule]


def _flag(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """A ring around the point, and what was found in words."""
    base, sick = alt.Chart(source("flags")), palette.WARNING.css
    ring = base.mark_point(size=170, strokeWidth=2.5, filled=False, opacity=1)
    right = "scale('x', datum.step) > width / 2"
    side = alt.ExprRef(f"{right} ? 'right' : 'left'")
    note = base.mark_text(
        align=side, baseline="middle", fontWeight="bold",
        dx=alt.ExprRef(f"{right} ? -14 : 14"),
        text=alt.ExprRef("width < 400 ? split(datum.note, ': ')[1] : datum.note"),
    )  # fmt: skip
    return [
        ring.encode(x=x, y=y, stroke=alt.value(sick)),
        note.encode(x=x, y=y, fill=alt.value(sick)),
    ]


def _loss(log: bool) -> alt.Y:
    if log:
        scale, axis = alt.Scale(type="log"), alt.Axis(values=POWERS, format=",")
        return alt.Y("loss:Q", title="loss, nats (log scale)", scale=scale, axis=axis)
    scale, axis = alt.Scale(zero=False), alt.Axis(tickCount=5)
    return alt.Y("loss:Q", title="loss, nats per character", scale=scale, axis=axis)


def _this(x: alt.X, y: alt.Y, keyed: dict[str, Any], *, faint: bool) -> list[alt.Chart]:
    base = alt.Chart(source("curve")).encode(x=x, y=y)

    def only(series: str) -> alt.Chart:
        chosen = base.transform_filter(f"datum.series === '{series}'")
        drawn: alt.Chart = chosen.encode(color=alt.Color(datum=CURVES[series][0], **keyed))
        return drawn

    dash = palette.SPLIT_DASHES["train"]
    return [
        only("raw").mark_line(strokeWidth=1, opacity=0.3 if faint else 0.8),
        only("train").mark_line(strokeDash=dash, strokeWidth=2),
        only("mean").mark_line(strokeWidth=2),
        only("dev")
        .mark_line(strokeWidth=1.5, point=_points("circle", CURVES))
        .encode(tooltip=_tooltip("dev loss")),
    ]


def _other(x: alt.X, y: alt.Y, keyed: dict[str, Any]) -> list[alt.Chart]:
    """The other run below this one: dashed and with squares, so that colour is not all."""
    base = alt.Chart(source("other")).encode(x=x, y=y)
    mean = base.transform_filter("datum.series === 'mean'").mark_line(strokeDash=[6, 3])
    dev = base.transform_filter("datum.series === 'dev'").mark_line(
        strokeWidth=1.5, point=_points("square", OTHER)
    )
    return [
        mean.encode(color=alt.Color(datum=OTHER["mean"][0], **keyed)),
        dev.encode(
            color=alt.Color(datum=OTHER["dev"][0], **keyed), tooltip=_tooltip("other dev loss")
        ),
    ]


def _points(shape: str, curves: dict[str, tuple[str, palette.Colour]]) -> alt.OverlayMarkDef:
    return alt.OverlayMarkDef(filled=True, size=30, shape=shape, fill=curves["dev"][1].css)


def _tooltip(title: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("step:Q", format=","),
        alt.Tooltip("loss:Q", title=title, format=".4f"),
    ]
