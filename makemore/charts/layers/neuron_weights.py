"""Draws the weights of one neuron, and what each letter adds to its sum. Knows no model."""

from functools import lru_cache

import altair as alt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, px, source


def letter_sums(sums: pd.DataFrame, *, neuron: int) -> Chart:
    """What a letter at a position adds to the neuron's sum: letters across, positions down.

    sums: `letter, position (from 1), adds`.
    """
    letters, positions = (tuple(dict.fromkeys(sums[name])) for name in ("letter", "position"))
    strongest = sums.iloc[int(sums["adds"].abs().to_numpy().argmax())]
    text = (
        f"Neuron {neuron}: what each letter at each position adds to its pre-activation. The strongest is "
        f"{strongest['letter']} at position {strongest['position']}, {strongest['adds']:+.2f}."
    )
    return Chart(_sums_spec(letters, positions), {"sums": sums}, text)


@lru_cache(maxsize=8)
def _sums_spec(letters: tuple[str, ...], positions: tuple[int, ...]) -> Spec:
    cells = (
        alt.Chart(source("sums"))
        .mark_rect()
        .encode(
            x=alt.X("letter:N", sort=list(letters), title="letter", axis=alt.Axis(labelAngle=0)),
            y=alt.Y("position:O", title="position", sort=list(positions)),
            color=alt.Color(
                "adds:Q",
                scale=alt.Scale(range="diverging", domainMid=0),
                title="adds",
                legend=alt.Legend(gradientLength=px(160, 110)),
            ),
            tooltip=[
                alt.Tooltip("letter:N"),
                alt.Tooltip("position:O"),
                alt.Tooltip("adds:Q", format="+.3f"),
            ],
        )
    )
    return finished(cells.properties(height=34 * len(positions)))


def weight_bars(weights: pd.DataFrame, *, neuron: int, shown: str = "weight") -> Chart:
    """Its weights, or the gradients that reach them, in the order of position and dimension.

    weights: `position (from 1), dimension (from 1)` and the column that is `shown`.
    """
    drawn = weights.assign(
        place=range(len(weights)), value=weights[shown], position=weights["position"].astype(str)
    )
    largest = float(drawn["value"].abs().max())
    text = f"Neuron {neuron}: its {len(drawn)} {shown}s; the largest is {largest:.2g}."
    positions = tuple(dict.fromkeys(drawn["position"]))
    return Chart(_bars_spec(positions, shown), {"weights": drawn}, text)


@lru_cache(maxsize=16)
def _bars_spec(positions: tuple[str, ...], shown: str) -> Spec:
    colours = palette.ladder(len(positions))
    bars = (
        alt.Chart(source("weights"))
        .mark_bar()
        .encode(
            x=alt.X(
                "place:O", title="position and dimension", axis=alt.Axis(labels=False, ticks=False)
            ),
            y=alt.Y("value:Q", title=shown, axis=alt.Axis(tickCount=5, format="~g")),
            fill=alt.Fill(
                "position:N",
                scale=alt.Scale(domain=list(positions), range=[c.css for c in colours]),
                title="position",
            ),
            tooltip=[
                alt.Tooltip("position:N"),
                alt.Tooltip("dimension:Q"),
                alt.Tooltip("value:Q", title=shown, format=".4g"),
            ],
        )
    )
    return finished(bars.properties(height=170))
