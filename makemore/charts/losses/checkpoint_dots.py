"""Draws checkpoints by their size and their loss, the learner's own among the shipped. Knows no checkpoint."""

import math
from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import (
    Chart,
    Spec,
    baseline,
    baseline_name,
    finished,
    key,
    px,
    source,
)

COLOURS = {"shipped": palette.BLUE, "of your list": palette.TEAL, "own": palette.ORANGE}
SHAPES = {"shipped": "circle", "of your list": "square", "own": "diamond"}
WIDE, HIGH = 0.5, 0.116  # of a label, in tenfold parameters and as a share of the losses drawn


def checkpoint_dots(checkpoints: pd.DataFrame, *, letters: int, chosen: str | None = None) -> Chart:
    """Dev loss over the number of parameters, each checkpoint with its name (selection `checkpoint`).

    checkpoints: `checkpoint (its key), label, parameters, dev, source (shipped | of your list | own)`; those
    without a dev loss on this list are left out by whoever calls.
    """
    best = checkpoints.iloc[int(checkpoints["dev"].to_numpy().argmin())]
    text = (
        f"Dots: dev loss of {len(checkpoints)} checkpoints over their parameters. Lowest: "
        f"{best['label']}, {best['dev']:.4f}."
    )
    drawn = checkpoints.assign(chosen=checkpoints["checkpoint"] == chosen)
    drawn["told"] = _find_room(drawn, math.log(letters))
    datasets = {"checkpoints": drawn, "baseline": baseline(letters, loss=True)}
    there = {"shipped", "own", *drawn["source"]}
    kinds = tuple(kind for kind in COLOURS if kind in there)
    return Chart(_spec(letters, kinds), datasets, text, selections=("checkpoint",))


def _find_room(drawn: pd.DataFrame, uniform: float) -> list[str]:
    """The label where there is room for one: first of the chosen, then of own ones, then of the lowest."""
    order = drawn.assign(shipped=drawn["source"] == "shipped")
    ranked = order.sort_values(["chosen", "shipped", "dev"], ascending=[False, True, True])
    places = [
        (math.log10(size), float(loss))
        for size, loss in zip(ranked["parameters"], ranked["dev"], strict=True)
    ]
    losses = [*drawn["dev"], uniform]
    high = HIGH * (max(losses) - min(losses))
    taken: list[tuple[float, float]] = []
    told = dict.fromkeys(drawn.index, "")
    for index, label, (x, y) in zip(ranked.index, ranked["label"], places, strict=True):
        labels = any(abs(x - left) < WIDE and abs(y - top) < high for left, top in taken)
        dots = any(0 < left - x < WIDE and abs(y - top) < high / 2 for left, top in places)
        if not labels and (not dots or not taken):
            told[index] = str(label)
            taken.append((x, y))
    return list(told.values())


@lru_cache(maxsize=8)
def _spec(letters: int, kinds: tuple[str, ...]) -> Spec:
    pick = alt.selection_point(name="checkpoint", fields=["checkpoint"], empty=False)
    colours = {kind: COLOURS[kind] for kind in kinds}
    keyed = key(colours, symbol="circle", narrow=len(kinds))
    base = alt.Chart(source("checkpoints")).encode(
        x=alt.X(
            "parameters:Q",
            title="parameters (log scale)",
            scale=alt.Scale(type="log", padding=20, nice=False),
            axis=alt.Axis(format="~s", tickCount=5, grid=False),
        ),
        y=alt.Y(
            "dev:Q",
            title="dev loss, nats",
            scale=alt.Scale(zero=False, padding=14),
            axis=alt.Axis(format=".1f", tickCount=4),
        ),
        tooltip=[
            alt.Tooltip("label:N", title="checkpoint"),
            alt.Tooltip("dev:Q", title="dev loss", format=".4f"),
            alt.Tooltip("parameters:Q", title="parameters", format=","),
        ],
    )
    dots = base.mark_point(filled=True, opacity=0.9, size=110).encode(
        color=alt.Color("source:N", **keyed),
        shape=alt.Shape(
            "source:N",
            scale=alt.Scale(domain=list(kinds), range=[SHAPES[kind] for kind in kinds]),
            legend=keyed["legend"],
        ),
        stroke=alt.condition(
            "datum.chosen", alt.value(palette.ACCENT.css), alt.value("transparent")
        ),
        strokeWidth=alt.value(3),
    )
    names = base.mark_text(align="left", dx=9, fontSize=px(12, 0), limit=170).encode(text="told:N")
    uniform = alt.Chart(source("baseline")).encode(y="value:Q")
    line = uniform.mark_rule(strokeDash=[4, 3])
    note = uniform.mark_text(align="left", dy=-7, fontSize=px(12, 10)).encode(
        x=alt.value(4),
        text=alt.value(baseline_name(letters, loss=True)),
        fill=alt.value(palette.MUTED.css),
    )
    layers = (line, note, names, dots.add_params(pick))
    return finished(alt.layer(*layers).properties(height=300))
