"""Draws which neurons are saturated for which examples. Knows nothing of nets."""

from functools import lru_cache

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from makemore.charts.base import palette, png
from makemore.charts.base.chart import Chart, Spec, finished, source
from makemore.charts.layers.histograms import HEIGHT


def saturation_map(
    mask: npt.NDArray[np.bool_], neurons: pd.DataFrame, *, net: str, chosen: int | None = None
) -> Chart:
    """Examples down, neurons across, near white where an activation is saturated (selection `neuron`).

    mask: (examples, neurons). neurons: `neuron, saturated (share of examples), mean, std`. `net` names
    the net under its map.
    Two maps of one shape, side by side, share their axes; the `chosen` neuron is framed.
    """
    examples, width = mask.shape
    image = pd.DataFrame(
        {"url": [png.marked(mask)], "x": [0], "x2": [width], "y": [0], "y2": [examples]}
    )
    columns = neurons.assign(
        x=neurons["neuron"], x2=neurons["neuron"] + 1, chosen=neurons["neuron"] == chosen
    )
    text = (
        f"Saturation map of the {net}, {examples} examples by {width} neurons: {mask.mean():.1%} of the "
        f"activations are saturated; {int(mask.all(axis=0).sum())} neurons for every example."
    )
    datasets = {"image": image, "neurons": columns}
    return Chart(_saturation_spec(examples, width, net), datasets, text, selections=("neuron",))


@lru_cache(maxsize=8)
def _saturation_spec(examples: int, width: int, net: str) -> Spec:
    pick = alt.selection_point(name="neuron", fields=["neuron"], empty=False)
    x = alt.X(
        "x:Q",
        title=f"neuron of the {net}",
        scale=alt.Scale(domain=[0, width], nice=False),
        axis=alt.Axis(grid=False, tickCount=5),
    )
    y = alt.Y(
        "y:Q",
        title="example",
        scale=alt.Scale(domain=[examples, 0], nice=False),
        axis=alt.Axis(grid=False, tickCount=4),
    )
    image = (
        alt.Chart(source("image"))
        .mark_image(aspect=False, smooth=False)
        .encode(x=x, x2="x2:Q", y=y, y2="y2:Q", url="url:N")
    )
    strips = (
        alt.Chart(source("neurons"))
        .mark_rect(fill="transparent", strokeWidth=1.5)
        .encode(
            x=x,
            x2="x2:Q",
            stroke=alt.condition(
                "datum.chosen", alt.value(palette.ACCENT.css), alt.value("transparent")
            ),
            tooltip=[
                alt.Tooltip("neuron:Q", title="neuron"),
                alt.Tooltip("saturated:Q", title="saturated examples", format=".0%"),
                alt.Tooltip("mean:Q", title="mean activation", format=".2f"),
                alt.Tooltip("std:Q", title="standard deviation", format=".2f"),
            ],
        )
    )
    return finished(alt.layer(image, strips.add_params(pick)).properties(height=HEIGHT))
