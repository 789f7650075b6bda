"""Draws which neurons are flat for which examples, thousands of them, as one image. Knows nothing of nets."""

from functools import lru_cache

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from makemore.charts.base import palette, png
from makemore.charts.base.chart import Chart, Spec, finished, source
from makemore.charts.layers.histograms import HEIGHT

BLENDED = 400  # examples; with more, a pixel of the screen is a mean of several


def flat_map(
    pixels: npt.NDArray[np.bool_],
    neurons: pd.DataFrame,
    *,
    net: str,
    when: str = "",
    chosen: int | None = None,
) -> Chart:
    """Examples down, neurons across, near white where flat; a column can be chosen (selection `neuron`).

    pixels: (examples, neurons), columns in the order of `neurons`: `place, neuron, flat (share of the
    examples), mean, std, dead`. `net` names it under its map; `when` tells the moment in the
    alternative text alone, as an axis would be drawn anew for each. The `chosen` neuron is framed.
    """
    examples, width = pixels.shape
    image = pd.DataFrame(
        {"url": [png.marked(pixels)], "x": [0], "x2": [width], "y": [0], "y2": [examples]}
    )
    columns = neurons.assign(
        x=neurons["place"], x2=neurons["place"] + 1, chosen=neurons["neuron"] == chosen
    )
    named = f"{net}, {when}" if when else net
    text = (
        f"Saturation map, {named}: {examples:,} examples by {width} neurons, {pixels.mean():.1%} flat; "
        f"{int(neurons['dead'].sum())} neurons for every example."
    )
    datasets = {"image": image, "neurons": columns}
    spec = _spec(examples, width, net)
    return Chart(spec, datasets, text, selections=("neuron",))


@lru_cache(maxsize=64)
def _spec(examples: int, width: int, net: str) -> Spec:
    pick = alt.selection_point(name="neuron", fields=["neuron"], empty=False)
    x = alt.X(
        "x:Q",
        title=f"neurons, flattest first: {net}",
        scale=alt.Scale(domain=[0, width], nice=False),
        axis=alt.Axis(grid=False, tickCount=5),
    )
    y = alt.Y(
        "y:Q",
        title="example",
        scale=alt.Scale(domain=[examples, 0], nice=False),
        axis=alt.Axis(grid=False, tickCount=4, labelExpr="format(datum.value, '~s')"),
    )
    image = (
        alt.Chart(source("image"))
        .mark_image(aspect=False, smooth=examples > BLENDED)
        .encode(x=x, x2="x2:Q", y=y, y2="y2:Q", url="url:N")
    )
    strips = (
        alt.Chart(source("neurons"))
        .mark_rect(fill="transparent", strokeWidth=2)
        .encode(
            x=x,
            x2="x2:Q",
            stroke=alt.condition(
                "datum.chosen", alt.value(palette.ACCENT.css), alt.value("transparent")
            ),
            tooltip=[
                alt.Tooltip("neuron:Q", title="neuron"),
                alt.Tooltip("flat:Q", title="flat for", format=".1%"),
                alt.Tooltip("mean:Q", title="mean activation", format=".2f"),
                alt.Tooltip("std:Q", title="standard deviation", format=".2f"),
            ],
        )
    )
    return finished(alt.layer(image, strips.add_params(pick)).properties(height=HEIGHT))
