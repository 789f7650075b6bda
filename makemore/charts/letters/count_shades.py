"""Says how dark a count or a probability is drawn, and draws the scale of it. Knows no matrix.

The scale is a chart of its own: what is shown then changes the data of the matrix and never its
spec, so the browser repaints it in place.
"""

from functools import lru_cache
from typing import Literal

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from makemore.charts.base import palette
from makemore.charts.base.chart import Chart, Spec, finished, source

Numbers = npt.NDArray[np.float64]
Show = Literal["count", "probability", "smoothed"]
Shade = Literal["log", "linear"]

TITLES: dict[Show, str] = {
    "count": "times the pair occurs",
    "probability": "probability of the next letter",
    "smoothed": "probability with k added to counts",
}


def strength(value: Numbers, show: Show, shade: Shade) -> Numbers:
    """Where on the colour scale a cell lies, 0 to 1; decides the colour of its text.

    Probabilities share one scale, up to certainty; counts end at the largest.
    """
    top = max(float(value.max()), 1.0) if show == "count" else 1.0
    if shade == "linear":
        return value / top
    # Below this the scale turns linear, so that zero has a colour.
    constant = 1.0 if show == "count" else 0.002
    return np.asarray(np.log1p(value / constant) / np.log1p(top / constant))


def shade_legend(top: float, *, show: Show = "count", shade: Shade = "log") -> Chart:
    """The colour scale of the heatmap with its numbers; `top` is the largest value that is shown."""
    ticks = {"count": [0, 10, 100, 1000, 10_000, 100_000], "probability": [0, 0.01, 0.1, 0.5, 1.0]}
    if shade == "linear":
        ticks = {"count": [0, *_round_steps(top)], "probability": [0, 0.25, 0.5, 0.75, 1.0]}
    values = np.array(ticks["count" if show == "count" else "probability"])
    values = values[values <= max(top, 1.0)]
    places = strength(np.array([*values, top if show == "count" else 1.0]), show, shade)[:-1]
    labels = [f"{v:,.0f}" if show == "count" else f"{v:.0%}" for v in values]
    edges = np.linspace(0, 1, 41)
    bands = pd.DataFrame({"left": edges[:-1], "right": edges[1:], "strength": edges[1:]})
    name = f"{TITLES[show]}, {shade} shade" if shade == "linear" else f"{TITLES[show]}, log shade"
    title = pd.DataFrame({"left": [0.0], "title": [name]})
    datasets = {"bands": bands, "ticks": pd.DataFrame({"left": places, "label": labels})}
    return Chart(
        _legend_spec(), {**datasets, "title": title}, f"Colour scale: {name}, {', '.join(labels)}."
    )


def _round_steps(top: float) -> list[float]:
    step = 10 ** np.floor(np.log10(max(top, 1)))
    return [float(i * step) for i in range(1, int(top / step) + 1)] if top / step >= 2 else [step]


@lru_cache(maxsize=1)
def _legend_spec() -> Spec:
    x = alt.X("left:Q", title=None, axis=None, scale=alt.Scale(domain=[-0.02, 1.04], nice=False))
    quiet = alt.value(palette.MUTED.css)
    bands = (
        alt.Chart(source("bands")).mark_rect(y=18, y2=26).encode(x=x, x2="right:Q", fill=_fill())
    )
    base = alt.Chart(source("ticks"))
    labels = base.mark_text(y=37, fontSize=10.5).encode(x=x, text="label:N", fill=quiet)
    ends = alt.Chart(source("title")).mark_text(y=6, align="left", fontSize=11, fontWeight=600)
    layers = alt.layer(bands, labels, ends.encode(x=x, text="title:N", fill=quiet))
    return finished(layers.properties(height=44)) | {
        "padding": {"left": 0, "right": 0, "top": 0, "bottom": 0}
    }


def _fill() -> alt.Fill:
    scale = alt.Scale(domain=[0, 1], range="heatmap", type="linear")
    return alt.Fill("strength:Q", scale=scale, legend=None)
