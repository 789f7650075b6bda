"""Draws train and dev loss over the width of a net, and the gap between them. Knows no model."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, px, source

OWN = "yours"
_SHAPES = {"train": "square", "dev": "circle"}


def size_gaps(runs: pd.DataFrame, own: pd.DataFrame, *, title: str) -> Chart:
    """Every training two marks, the means of each split a line, the gap of each width a rule with its figure.

    runs: `width, split (train or dev), seed, loss`; own: the same of the learner's trainings, drawn larger.
    title: what the width is.
    """
    means = runs.groupby(["width", "split"], as_index=False).agg(loss=("loss", "mean"))
    gaps = means.pivot(index="width", columns="split", values="loss").reset_index()
    gaps["gap"] = gaps["dev"] - gaps["train"]
    gaps["note"] = [f"{gap:.3f}" for gap in gaps["gap"]]
    told = ", ".join(
        f"{int(row['width'])}: train {row['train']:.3f}, dev {row['dev']:.3f}"
        for row in gaps.to_dict("records")
    )
    text = f"Train and dev loss over {title}, means over seeds. {told}."
    if len(own):
        text += f" {len(own) // 2} of your own joined in."
    datasets = {"runs": runs, "means": means, "gaps": gaps, "own": own}
    return Chart(_spec(title, tuple(gaps["width"].astype(int))), datasets, text)


@lru_cache(maxsize=4)
def _spec(title: str, widths: tuple[int, ...]) -> Spec:
    x = alt.X(
        "width:Q",
        title=f"{title} (log scale)",
        scale=alt.Scale(type="log", nice=False, padding=24),
        axis=alt.Axis(values=list(widths), format="~g"),
    )
    y = alt.Y(
        "loss:Q",
        title="loss, nats per character (lower is better)",
        scale=alt.Scale(zero=False, padding=8),
        axis=alt.Axis(format=".2f", tickCount=6),
    )
    splits = {split: palette.SPLITS[split] for split in _SHAPES}
    colour = alt.Color("split:N", **key(splits, symbol="stroke", narrow=2))
    shape = alt.Shape(
        "split:N",
        scale=alt.Scale(domain=list(_SHAPES), range=list(_SHAPES.values())),
        legend=None,
    )
    dash = alt.condition(alt.datum.split == "train", alt.value([4, 3]), alt.value([1, 0]))
    tooltip = [
        alt.Tooltip("width:Q", title=title),
        alt.Tooltip("split:N", title="split"),
        alt.Tooltip("seed:N", title="seed"),
        alt.Tooltip("loss:Q", title="loss", format=".4f"),
    ]
    gaps = alt.Chart(source("gaps"))
    rule = gaps.mark_rule(strokeWidth=2, opacity=0.5).encode(x=x, y=alt.Y("train:Q"), y2="dev:Q")
    note = (
        gaps.transform_calculate(middle="(datum.train + datum.dev) / 2")
        .mark_text(align="left", dx=10, fontSize=px(13, 10))
        .encode(x=x, y=alt.Y("middle:Q"), text="note:N")
    )
    lines = (
        alt.Chart(source("means"))
        .mark_line(strokeWidth=1.5)
        .encode(x=x, y=y, color=colour, strokeDash=dash)
    )
    marks = (
        alt.Chart(source("runs"))
        .mark_point(filled=True, size=60, opacity=0.8)
        .encode(x=x, y=y, color=colour, shape=shape, tooltip=tooltip)
    )
    own = (
        alt.Chart(source("own"))
        .mark_point(filled=True, size=150, opacity=1, strokeWidth=1)
        .encode(x=x, y=y, shape=shape, fill=alt.value(palette.ACCENT.css), tooltip=tooltip)
    )
    return finished(alt.layer(rule, lines, marks, own, note).properties(height=320))
