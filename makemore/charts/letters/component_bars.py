"""Draws how much of the variance each principal component keeps. Knows nothing of what was decomposed."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, source

DRAWN = 2  # components that a plane has


def component_bars(components: pd.DataFrame) -> Chart:
    """A bar a component, strongest first; the two that are drawn in the plane stand out.

    components: `component (from 1), share (of the variance), so_far (added up)`.
    """
    plane = components["share"].iloc[:DRAWN].sum()
    text = (
        f"Bars: the share of the variance along each of {len(components)} principal components. The "
        f"first two keep {plane:.1%}."
    )
    drawn = components.assign(drawn=components["component"] <= DRAWN)
    return Chart(_spec(len(components)), {"components": drawn}, text)


@lru_cache(maxsize=8)
def _spec(count: int) -> Spec:
    bars = (
        alt.Chart(source("components"))
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            x=alt.X("component:O", title="principal component", axis=alt.Axis(labelAngle=0)),
            y=alt.Y(
                "share:Q",
                title="share of variance",
                axis=alt.Axis(format="~%", tickCount=4, gridOpacity=0.5),
            ),
            fill=alt.condition(
                "datum.drawn", alt.value(palette.BLUE.css), alt.value(palette.MUTED.css)
            ),
            opacity=alt.condition("datum.drawn", alt.value(1), alt.value(0.45)),
            tooltip=[
                alt.Tooltip("component:O", title="component"),
                alt.Tooltip("share:Q", title="share of the variance", format=".1%"),
                alt.Tooltip("so_far:Q", title="with those before it", format=".1%"),
            ],
        )
    )
    return finished(bars.properties(height=110))
