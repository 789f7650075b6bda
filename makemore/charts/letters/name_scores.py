"""Draws a name letter by letter as several models see it. Knows nothing of models."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, baseline, baseline_name, finished, key, source


def name_scores(scores: pd.DataFrame, *, letters: int) -> Chart:
    """The probability that each model gave to each letter of a name, beside the uniform baseline.

    scores: `model, position, letter, probability, nll`, models in the order of the course;
    `letters` is the size of the vocabulary.
    """
    models = list(dict.fromkeys(scores["model"]))
    drawn = scores.assign(slot=[f"{row.position}·{row.letter}" for row in scores.itertuples()])
    means = scores.groupby("model", sort=False)["nll"].mean()
    text = "Bars: probability of each letter by model. Mean loss: " + ", ".join(
        f"{model} {loss:.2f}" for model, loss in means.items()
    )
    datasets = {"scores": drawn, "baseline": baseline(letters)}
    return Chart(_scores_spec(tuple(models), letters), datasets, text)


@lru_cache(maxsize=16)
def _scores_spec(models: tuple[str, ...], letters: int) -> Spec:
    shades = palette.ladder(len(models)) if len(models) > 1 else (palette.BLUE,)
    names = dict(zip(models, shades, strict=True))
    names[baseline_name(letters)] = palette.MUTED
    base = alt.Chart(source("scores"))
    axis = alt.Axis(
        labelAngle=0, labelExpr="split(datum.label, '·')[1]", labelFontSize=14, labelOverlap=False
    )
    bars = base.mark_bar().encode(
        x=alt.X("slot:N", sort=None, title="letter of the name (the dot ends it)", axis=axis),
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
        alt.Chart(source("baseline"))
        .mark_rule(strokeDash=[4, 3], strokeWidth=1.5)
        .encode(y="value:Q", color=alt.Color(datum=baseline_name(letters), **key(names)))
    )
    return finished(alt.layer(bars, line).properties(height=240))
