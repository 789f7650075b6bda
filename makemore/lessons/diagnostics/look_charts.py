"""The four diagnostic charts of one moment, what was found marked in them. Knows no page and no job."""

from collections.abc import Sequence
from functools import lru_cache
from math import log10
from typing import Literal

import pandas as pd

from makemore.charts.base.chart import Chart
from makemore.charts.layers.layer_rows import layer_rows
from makemore.charts.layers.update_lines import ROOM, update_lines
from makemore.diagnostics.layers.diagnose import Finding, diagnose
from makemore.diagnostics.layers.gradient_histograms import (
    gradient_histograms,
    weight_gradient_histograms,
)
from makemore.diagnostics.layers.histograms import stored_histograms
from makemore.diagnostics.layers.updates_over_time import updates_over_time
from makemore.inference.readings import Reading, gradient_interval
from makemore.lessons.diagnostics.finding_words import marks_in, number
from makemore.ui.kit.moment_slider import Moments

Kind = Literal["activations", "gradients", "weights", "updates"]
KINDS: dict[Kind, str] = {
    "activations": "Activations",
    "gradients": "Gradients",
    "weights": "Weight gradients",
    "updates": "Updates",
}
QUANTITIES = {
    "activations": "activations",
    "gradients": "gradients of the loss by them",
    "weights": "gradients of the loss by weights",
}
KEPT = 256  # charts for all visitors
Marks = tuple[tuple[str, str], ...]


@lru_cache(maxsize=KEPT)
def findings_of(readings: tuple[Reading, ...]) -> tuple[Finding, ...]:
    """What is wrong with the training that these looks are of."""
    return tuple(diagnose(readings))


def draw_look(
    kind: Kind, moments: Moments, findings: Sequence[Finding], *, beside: Moments | None = None
) -> Chart:
    """One of the charts. `beside` is what its axes are shared with."""
    both = (moments, beside) if beside is not None and beside.steps else (moments,)
    if kind == "updates":
        low, high = _span(both)
        steps = max(each.steps[-1] for each in both)
        return _draw_updates(moments, marks_in(findings, "updates"), low, high, steps)
    chart = {"activations": "activations", "gradients": "gradients"}.get(kind)
    marks = marks_in(findings, chart) if chart else ()  # type: ignore[arg-type]
    return _draw_rows(kind, moments, marks, max(_limit(kind, each) for each in both))


@lru_cache(maxsize=KEPT)
def _draw_rows(kind: Kind, moments: Moments, marks: Marks, limit: float) -> Chart:
    bins, rows = _frames(kind, moments)
    rows["wrong"] = [dict(marks).get(name, "") for name in rows["layer"]]
    for frame in (bins, rows):
        frame["layer"] = [short(name) for name in frame["layer"]]
    return layer_rows(bins, rows, quantity=QUANTITIES[kind], limit=limit)


def _frames(kind: Kind, moments: Moments) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The histograms of a moment, and what is said of each."""
    look = moments.reading
    if kind == "activations":
        bins = stored_histograms(
            {name: moments.now(name) for name in moments.intervals}, moments.intervals
        )
        said = [
            (
                name,
                *(
                    _said_of_layer(look, name)
                    if look
                    else _said_of_bins(bins[bins["layer"] == name])
                ),
            )
            for name in moments.intervals
        ]
    elif look is None:
        raise ValueError("no gradients were kept at this moment")
    elif kind == "gradients":
        bins = gradient_histograms(look)
        numbers = {name: look.layers[name] for name in look.gradients}
        said = [
            (name, *_said_of_gradient(each.gradient_mean, each.gradient_std))
            for name, each in numbers.items()
        ]
    else:
        bins = weight_gradient_histograms(look).rename(columns={"parameter": "layer"})
        said = [(name, *_said_of_weights(look, name)) for name in look.weight_gradients]
    return bins, pd.DataFrame(said, columns=["layer", "more", "short"])


def _said_of_layer(look: Reading, name: str) -> tuple[str, str]:
    """The mean, and the rest."""
    each = look.layers[name]
    flat = f", {each.flat:.0%} flat" if each.flat_ends else ""
    return f"mean {number(round(each.mean, 2) + 0.0)}", f"std {each.std:.2g}{flat}"


def _said_of_bins(bins: pd.DataFrame) -> tuple[str, str]:
    """The same as near as a histogram tells."""
    middle = (bins["left"] + bins["right"]) / 2
    mean = float((middle * bins["share"]).sum())
    std = float((((middle - mean) ** 2) * bins["share"]).sum()) ** 0.5
    return f"mean ≈ {number(round(mean, 2) + 0.0)}", f"std ≈ {std:.2f}"


def _said_of_gradient(mean: float, std: float) -> tuple[str, str]:
    return f"mean {_brief(mean)}", f"std {_brief(std)}"


def _said_of_weights(look: Reading, name: str) -> tuple[str, str]:
    each = look.parameters[name]
    mean, std = _said_of_gradient(each.gradient_mean, each.gradient_std)
    if not each.std:
        return mean, std
    return std, f"grad:data {_brief(each.gradient_std / each.std)}"


def _brief(value: float) -> str:
    return (
        f"{value:.1e}".replace("e-0", "e−")
        .replace("e-", "e−")
        .replace("e+0", "e")
        .replace("-", "−")
    )


def short(name: str) -> str:
    """A parameter as its chart calls it: `layers.linear1.weight` is linear1."""
    return name.removeprefix("layers.").removesuffix(".weight")


def _limit(kind: Kind, moments: Moments) -> float:
    """How far an axis has to reach; a round number, so that it stays as one scrubs."""
    if kind == "activations":
        return max((abs(end) for ends in moments.intervals.values() for end in ends), default=1.0)
    look = moments.reading
    if look is None:
        return 1e-9
    numbers = look.layers if kind == "gradients" else look.parameters
    known = look.gradients if kind == "gradients" else look.weight_gradients
    spans = [
        gradient_interval(numbers[name].gradient_mean, numbers[name].gradient_std)[1]
        for name in known
    ]
    return _rounded_up(max(spans, default=1.0))


def _rounded_up(value: float) -> float:
    """The next number of one digit, or 1.5 times a power of ten."""
    power = 10.0 ** int(log10(value) // 1)
    return float(
        next(
            step * power
            for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10)
            if step * power >= value * 0.999999
        )
    )


@lru_cache(maxsize=KEPT)
def updates_of(readings: tuple[Reading, ...]) -> pd.DataFrame:
    """Update over data of each matrix, as the chart takes it."""
    found = updates_over_time(readings)
    found = found[found["matrix"]]
    return found.assign(parameter=[short(name) for name in found["parameter"]])


def _span(both: Sequence[Moments]) -> tuple[float, float]:
    """What the axis of updates reaches over."""
    values = [updates_of(each.readings)["log10_ratio"] for each in both]
    low = min([ROOM[0], *(float(each.min()) for each in values if len(each))])
    return low, max([ROOM[1], *(float(each.max()) for each in values if len(each))])


@lru_cache(maxsize=KEPT)
def _draw_updates(moments: Moments, marks: Marks, low: float, high: float, steps: int) -> Chart:
    wrong, note = marks[0] if marks else ("", "")
    return update_lines(
        updates_of(moments.readings),
        steps=steps,
        shown=moments.step,
        wrong=short(wrong),
        note=note,
        span=(low, high),
    )
