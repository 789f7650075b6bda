"""Draws letters as points of a plane. Knows nothing of how they got there."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts import palette
from makemore.charts.chart import Chart, Spec, finished, source


def embedding_scatter(
    points: pd.DataFrame,
    *,
    x_title: str = "first embedding dimension",
    y_title: str = "second embedding dimension",
) -> Chart:
    """Each letter at its place; colour and shape say vowel, consonant or dot (selection `letter`).

    points: `letter, kind (vowel | consonant | dot), x, y`.
    """
    text = f"Scatter of {len(points)} letters in two dimensions; vowels, consonants and the dot differ in shape."
    return Chart(_spec(x_title, y_title), {"points": points}, text, selections=("letter",))


@lru_cache(maxsize=8)
def _spec(x_title: str, y_title: str) -> Spec:
    pick = alt.selection_point(name="letter", fields=["letter"], empty=False)
    kinds = list(palette.KINDS)
    colour = alt.Scale(domain=kinds, range=[c.css for c in palette.KINDS.values()])
    shapes = alt.Scale(domain=kinds, range=list(palette.KIND_SHAPES.values()))
    quiet = alt.Axis(tickCount=6, gridOpacity=0.5)
    base = alt.Chart(source("points")).encode(
        x=alt.X("x:Q", title=x_title, scale=alt.Scale(padding=18, zero=False), axis=quiet),
        y=alt.Y("y:Q", title=y_title, scale=alt.Scale(padding=18, zero=False), axis=quiet),
        tooltip=[
            alt.Tooltip("letter:N", title="letter"),
            alt.Tooltip("kind:N", title="kind"),
            alt.Tooltip("x:Q", title=x_title, format=".3f"),
            alt.Tooltip("y:Q", title=y_title, format=".3f"),
        ],
    )
    marks = base.mark_point(size=480, fillOpacity=0.14, strokeWidth=1.2).encode(
        stroke=alt.Stroke("kind:N", scale=colour, title=None),
        fill=alt.Fill("kind:N", scale=colour, title=None),
        shape=alt.Shape("kind:N", scale=shapes, title=None),
    )
    ring = base.mark_point(size=900, strokeWidth=2.5, shape="circle").encode(
        stroke=alt.value(palette.ACCENT.css),
        fill=alt.value("transparent"),
        opacity=alt.condition(pick, alt.value(1), alt.value(0)),
    )
    letters = base.mark_text(fontSize=14, fontWeight=600, baseline="middle").encode(text="letter:N")
    return finished(alt.layer(ring, marks.add_params(pick), letters).properties(height=460))
