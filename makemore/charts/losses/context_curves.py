"""Draws the loss over the context length, one curve a way of giving nets their size. Knows no model."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, px, source

COLOURS = (palette.OCHRE, palette.TEAL)
DASHES = ([5, 3], [1, 0])


def context_curves(runs: pd.DataFrame, *, series: tuple[str, str]) -> Chart:
    """Every training a dot, the means of each series a line; beside each mean how many parameters.

    runs: `series, letters, channels, parameters, seed, dev`; where both series have the same net it
    stands in both.
    """
    by = ["series", "letters", "channels", "parameters"]
    means = runs.groupby(by, sort=False, as_index=False).agg(dev=("dev", "mean"))
    best = means.groupby("letters")["dev"].transform("min")
    first = ~means.duplicated(["letters", "parameters"])  # a net that stands in both is named once
    means["note"] = means["parameters"].map("{:,}".format).where(first, "")
    means["above"] = means["dev"] > best
    told = [
        f"{name}: "
        + ", ".join(
            f"{row['letters']} letters {row['dev']:.4f}"
            for row in means[means["series"] == name].to_dict("records")
        )
        for name in series
    ]
    text = f"Dev loss over the context length. {'; '.join(told)}."
    return Chart(_spec(series), {"runs": runs, "means": means}, text)


@lru_cache(maxsize=4)
def _spec(series: tuple[str, str]) -> Spec:
    x = alt.X(
        "letters:O",
        title="context length, letters",
        axis=alt.Axis(labelAngle=0, grid=True, labelFontSize=13),
        scale=alt.Scale(padding=0.4),
    )
    y = alt.Y(
        "dev:Q",
        title="dev loss, nats per character (lower is better)",
        scale=alt.Scale(zero=False, padding=16),
        axis=alt.Axis(format=".2f", tickCount=6),
    )
    colour = alt.Color("series:N", **key(dict(zip(series, COLOURS, strict=True)), symbol="stroke"))
    dash = alt.condition(alt.datum.series == series[0], *map(alt.value, DASHES))
    tooltip = [
        alt.Tooltip("letters:O", title="letters"),
        alt.Tooltip("channels:Q", title="hidden channels"),
        alt.Tooltip("parameters:Q", title="parameters", format=","),
        alt.Tooltip("dev:Q", title="dev loss", format=".4f"),
    ]
    means, runs = alt.Chart(source("means")), alt.Chart(source("runs"))
    lines = means.mark_line(strokeWidth=2).encode(x=x, y=y, color=colour, strokeDash=dash)
    dots = runs.mark_circle(size=60, opacity=0.7).encode(
        x=x, y=y, color=colour, tooltip=[*tooltip, alt.Tooltip("seed:N", title="seed")]
    )
    layers = [lines, dots]
    for above in (True, False):  # each where no line passes
        sign = 1 if above else -1
        notes = means.mark_text(
            align="left" if above else "right", dx=8 * sign, dy=-12 * sign, fontSize=px(13, 10)
        ).transform_filter(f"datum.above === {str(above).lower()}")
        layers.append(notes.encode(x=x, y=y, text="note:N", color=colour, tooltip=tooltip))
    return finished(alt.layer(*layers).properties(height=320))
