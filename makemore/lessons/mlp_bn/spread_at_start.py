"""How far the numbers of both starts spread, and the rule that foretells it. Knows the two starts."""

from collections.abc import Mapping

import streamlit as st

from makemore.charts.layers.histograms import contrast_histogram
from makemore.diagnostics.layers import histograms
from makemore.inference.capture import Snapshot
from makemore.lessons.mlp_bn.starts_of_list import starts_of
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.sources.two_starts import PANELS, WHENS, WORDS

RULE = (
    "std: standard deviation. A sum of fan-in products has std(x) · std(w) · √fan-in, and the bias adds to "
    "it; fan-in is the number of inputs of a hidden unit. Kaiming initialisation divides the weights by "
    "√fan-in and multiplies them by a gain, 5/3 for tanh."
)
AFTER = (
    "After training the product foretells less: it holds for weights that were drawn without regard to "
    "the inputs, and these have learned from them."
)


def show_histograms(about: ChosenList, name: str, stage: Stage) -> None:
    """Pre-activations and activations of both nets on the same axes, and the rule behind them."""
    starts = starts_of(about)
    with stage.controls:
        when = choose("Moment", WHENS, key="spread_when", in_link="when")
    looks: dict[str, Snapshot] = {panel: starts.look_at(panel, when) for panel in PANELS}
    bend, activation = starts.bend()
    with stage.picture:
        for layer, quantity, (low, high) in (
            (looks["naive"].before(bend), "pre-activation", (-20.0, 20.0)),
            (bend, "activation = tanh of it", activation.drawn_between),
        ):
            bins = histograms.histograms(
                {panel: look.activations[layer] for panel, look in looks.items()},
                low=low,
                high=high,
            )
            chart = contrast_histogram(bins, quantity=quantity, panels=WORDS)
            place_chart(chart, key=f"histogram_{layer}", fill="half")
    with stage.controls:
        _show_rule(looks, bend)
        st.caption(RULE if when == "start" else AFTER)


def _show_rule(looks: Mapping[str, Snapshot], bend: str) -> None:
    """The standard deviation that the rule foretells beside the one that is measured."""
    words = ("std of inputs x", "std of weights w", "√fan-in", "their product", "measured")
    rows = [{"pre-activation": word} for word in words]
    for panel, look in looks.items():
        sums = look.before(bend)
        x = look.activations[look.before(sums)].std()
        w = look.weights[f"layers.{sums}.weight"]
        root = len(w) ** 0.5
        measured = look.activations[sums].std()
        values = (x, w.std(), root, x * w.std() * root, measured)
        for row, value in zip(rows, values, strict=True):
            row[panel] = f"{float(value):.2f}"
    place_table(rows)
