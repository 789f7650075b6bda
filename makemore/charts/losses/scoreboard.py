"""Draws the losses of models side by side. Loads no model."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, key, px, source
from makemore.charts.base.duration import duration


def scoreboard(models: pd.DataFrame) -> Chart:
    """Our dev NLL as a bar, the reported one as a tick, one row a model, in the order of the frame.

    models: `model, label, dev, reported, parameters, seconds, recipe, seed`; a `reported` may be missing.
    """
    drawn = models.assign(
        note=[
            f"{label}  ·  {parameters:,} numbers  ·  {duration(seconds)}"
            for label, parameters, seconds in zip(
                models["label"], models["parameters"], models["seconds"], strict=True
            )
        ]
    )
    best = models.iloc[int(models["dev"].to_numpy().argmin())]
    text = (
        f"Bars: dev loss of {len(models)} models. Lowest: {best['label']} with {best['dev']:.3f}."
    )
    return Chart(_scoreboard_spec(len(models)), {"models": drawn}, text)


@lru_cache(maxsize=8)
def _scoreboard_spec(rows: int) -> Spec:
    base = alt.Chart(source("models")).encode(
        y=alt.Y("model:N", sort=None, title=None, axis=None), tooltip=_scoreboard_tooltip()
    )
    axis = alt.Axis(tickCount=5, format=".1f", grid=True)
    nll = alt.X("dev:Q", title="dev loss, nats per character (lower is better)", axis=axis)
    names = {f"{which} loss": colour for which, colour in palette.SOURCES.items()}
    bars = base.mark_bar(height=16, yOffset=9, cornerRadiusEnd=2).encode(
        x=nll, color=alt.Color(datum="measured loss", **key(names, narrow=2))
    )
    ticks = base.mark_tick(thickness=3, size=26, yOffset=9).encode(
        x="reported:Q", color=alt.Color(datum="reported loss", **key(names, narrow=2))
    )
    note = base.mark_text(align="left", dy=-12, fontSize=px(13, 11)).encode(
        x=alt.datum(0), text="note:N"
    )
    number = base.mark_text(align="left", dx=6, dy=10, fontSize=12, fontWeight=600).encode(
        x=alt.datum(0), text=alt.Text("dev:Q", format=".3f"), fill=alt.value(palette.PAPER.css)
    )
    layers = alt.layer(bars, ticks, note, number)
    return finished(layers.properties(height=52 * rows))


def _scoreboard_tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("label:N", title="model"),
        alt.Tooltip("dev:Q", title="dev loss, measured here", format=".4f"),
        alt.Tooltip("reported:Q", title="dev loss, reported", format=".2f"),
        alt.Tooltip("parameters:Q", title="learned numbers", format=","),
        alt.Tooltip("seconds:Q", title="training time, s", format=",.1f"),
        alt.Tooltip("recipe:N", title="recipe"),
        alt.Tooltip("seed:N", title="seed"),
    ]
