"""Five activations on the same pre-activations: where each is flat, and what that costs. Knows the starts."""

from collections.abc import Mapping
from typing import Literal

import pandas as pd
import streamlit as st
from torch import Tensor

from makemore.charts.base.chart import Chart
from makemore.charts.layers.activation_curves import activation_curve, shares_by_scale
from makemore.diagnostics.layers import flat_regions, histograms
from makemore.diagnostics.layers.flat_regions import ACTIVATIONS
from makemore.lessons.initialisation import starts
from makemore.lessons.initialisation.starts import HIDDEN
from makemore.ui.kit import links
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.stage import Stage

Field = Literal["dead", "flat", "passed"]
FIELDS: Mapping[Field, str] = {
    "dead": "Dead",
    "flat": "Flat",
    "passed": "Slope",
}
AXES: Mapping[Field, str] = {
    "dead": "dead neurons",
    "flat": "flat outputs",
    "passed": "mean slope",
}
SCALES = (0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0)
SIZE = 32
FAR = 6.0
TOPS = {"tanh": 1.3, "sigmoid": 1.3}  # of the vertical axis; the others go on rising
TOP = 4.0


def show_other_activations(about: ChosenList, name: str, stage: Stage) -> None:
    """One activation over what goes into it, and all five against scale."""
    with stage.controls:
        bend = choose(
            "Activation",
            {n: n for n in ACTIVATIONS},
            key="bend",
            in_link="activation",
            first="ReLU",
        )
        links.bound("scale", key="bend_scale", options=SCALES, first=5.0)
        help = "Multiplies the pre-activations of the naive start, as a larger W1 would."
        scale: float = st.select_slider(
            "Scale", SCALES, format_func=lambda s: f"× {s:g}", key="bend_scale", help=help
        )
        field = choose("Compared", FIELDS, key="bend_field", in_link="compared")
    shares = about.kept("flat by scale", lambda: flat_regions.flat_by_scale(_pre(about), SCALES))
    with stage.picture:
        place_chart(_curve(about, bend, scale), key="bend_curve", fill="half")
        chart = shares_by_scale(shares, field=field, title=AXES[field], shown=scale)
        place_chart(chart, key="bend_shares", fill="half")
    with stage.controls:
        _tell(shares, scale)


def _pre(about: ChosenList) -> Tensor:
    return starts.inside(about, "naive", 0, SIZE, None, hidden=HIDDEN).pre


def _curve(about: ChosenList, bend: str, scale: float) -> Chart:
    curve = flat_regions.curves({bend: ACTIVATIONS[bend]}, low=-FAR, high=FAR)
    bins = histograms.histograms({"pre": _pre(about) * scale}, low=-FAR, high=FAR, bins=60)
    return activation_curve(curve, bins, name=bend, top=TOPS.get(bend, TOP))


def _tell(shares: pd.DataFrame, scale: float) -> None:
    at = shares[shares["scale"] == scale]
    rows = [
        {
            "activation": row.activation,
            "flat": f"{row.flat:.0%}",
            "dead": f"{row.dead:.1%}",
            "mean slope": f"{row.passed:.2f}",
        }
        for row in at.itertuples()
    ]
    place_table(rows)
    st.caption(
        f"The same pre-activations of the naive start, {SIZE} examples, {HIDDEN} neurons. Shaded: the "
        "slope is below that of a tanh at ±0.99. Dead: flat for all of these examples. A leaky ReLU "
        "has a slope of 0.01 below zero, which counts as flat but lets a neuron come back. All five "
        "are bricks in “Build a net”."
    )
