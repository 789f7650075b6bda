"""Draws models side by side: their losses, and one name as each of them sees it. Loads no model."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, guess, guess_name, key, px, source
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


def name_scores(scores: pd.DataFrame, *, letters: int) -> Chart:
    """The probability that each model gave to each letter of a name, beside the line of guessing.

    scores: `model, position, letter, probability, nll`, models in the order of the course;
    `letters` is the size of the vocabulary.
    """
    models = list(dict.fromkeys(scores["model"]))
    drawn = scores.assign(slot=[f"{row.position}·{row.letter}" for row in scores.itertuples()])
    means = scores.groupby("model", sort=False)["nll"].mean()
    text = "Bars: probability of each letter by model. Mean loss: " + ", ".join(
        f"{model} {loss:.2f}" for model, loss in means.items()
    )
    datasets = {"scores": drawn, "guess": guess(letters)}
    return Chart(_scores_spec(tuple(models), letters), datasets, text)


@lru_cache(maxsize=16)
def _scores_spec(models: tuple[str, ...], letters: int) -> Spec:
    shades = palette.ladder(len(models)) if len(models) > 1 else (palette.BLUE,)
    names = dict(zip(models, shades, strict=True))
    names[guess_name(letters)] = palette.MUTED
    base = alt.Chart(source("scores"))
    axis = alt.Axis(
        labelAngle=0, labelExpr="split(datum.label, '·')[1]", labelFontSize=14, labelOverlap=False
    )
    bars = base.mark_bar().encode(
        x=alt.X("slot:N", sort=None, title="letter of the name, the dot being its end", axis=axis),
        xOffset=alt.XOffset("model:N", sort=list(models)),
        y=alt.Y(
            "probability:Q",
            title="probability (square-root scale)",
            scale=alt.Scale(type="sqrt", domainMin=0),
            axis=alt.Axis(format="~%", tickCount=5),
        ),
        color=alt.Color("model:N", **key(names)),
        tooltip=[
            alt.Tooltip("model:N", title="model"),
            alt.Tooltip("letter:N", title="letter"),
            alt.Tooltip("probability:Q", title="probability", format=".2%"),
            alt.Tooltip("nll:Q", title="−ln probability, nats", format=".3f"),
        ],
    )
    line = (
        alt.Chart(source("guess"))
        .mark_rule(strokeDash=[4, 3], strokeWidth=1.5)
        .encode(y="value:Q", color=alt.Color(datum=guess_name(letters), **key(names)))
    )
    return finished(alt.layer(bars, line).properties(height=240))
