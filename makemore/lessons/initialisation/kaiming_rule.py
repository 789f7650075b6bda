"""The rule that keeps a spread, measured, and what a gain makes of ten layers. Knows no recording."""

from functools import partial

import pandas as pd
import streamlit as st

from makemore.charts.layers.layer_spreads import layer_shares, layer_spreads
from makemore.diagnostics.layers import kaiming
from makemore.experiments.recorded_starts import Start
from makemore.lessons.initialisation import starts
from makemore.lessons.initialisation.starts import HIDDEN
from makemore.ui.kit import links
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.kit.stage import Stage

GAINS = (0.5, 0.8, 1.0, 1.3, 5 / 3, 2.0, 3.0, 5.0)
MOST_LAYERS = 10
SIZE = 1_000
FADED = 0.5  # of the first layer's standard deviation
LOUD = 0.2  # share of saturated activations
MEASURED: dict[Start, str] = {"naive": "naive", "by hand": "by hand", "kaiming": "Kaiming"}


def show_kaiming_rule(about: ChosenList, name: str, stage: Stage) -> None:
    """Activations and gradients through so many tanh layers, and the rule on three starts."""
    with stage.controls:
        answered = _ask_gain_one()
        gain, depth = _choose_gain() if answered else (5 / 3, MOST_LAYERS)
    layers = about.kept(("gain", gain, depth), lambda: kaiming.through_layers(gain, depth))
    with stage.picture:
        place_chart(layer_spreads(layers), key="gain_spreads", fill="half")
        place_chart(layer_shares(layers), key="gain_shares", fill="half")
    with stage.controls:
        if answered:
            st.markdown(verdict(layers))
            _tell_rule(about)


def write_gain(gain: float) -> str:
    """5/3 as the fraction that it is."""
    return "5/3" if gain == 5 / 3 else f"{gain:g}"


def verdict(layers: pd.DataFrame) -> str:
    """What has become of the activations by the last layer."""
    first, last = (float(layers["std"].iloc[place]) for place in (0, -1))
    flat = float(layers["flat"].iloc[-1])
    if last < FADED * first:
        return f"**Dying**: the standard deviation falls from {first:.2f} to {last:.2g}, layer by layer."
    if flat > LOUD:
        return f"**Saturating**: {flat:.0%} of the last layer is beyond ±0.99."
    return f"**Living**: the last layer spreads {last:.2f}, and {flat:.0%} of it is saturated."


def _choose_gain() -> tuple[float, int]:
    links.bound(
        "gain",
        key="gain",
        options=GAINS,
        first=1.0,
        say=lambda g: write_gain(g).replace("/", "-"),
    )
    help = "Each matrix is gain · N(0, 1) / √fan-in; for tanh 5/3 is usual."
    gain: float = st.select_slider("Gain", GAINS, format_func=write_gain, key="gain", help=help)
    links.bound("layers", key="gain_depth", options=range(1, MOST_LAYERS + 1), first=MOST_LAYERS)
    depth: int = st.slider("Tanh layers", min_value=1, max_value=MOST_LAYERS, key="gain_depth")
    return gain, depth


def _ask_gain_one() -> bool:
    layers = kaiming.through_layers(1.0, MOST_LAYERS)
    first, last = float(layers["std"].iloc[0]), float(layers["std"].iloc[-1])
    answer = "they shrink"
    return ask_to_predict(
        "drawn are ten tanh layers whose matrices have a gain of 5/3. With gain 1 a matrix keeps the "
        "standard deviation of what goes in. What becomes of the activations then, layer by layer?",
        {
            "they stay as they are": "The matrices would see to that, but each tanh squeezes a little, ten "
            "times.",
            answer: f"Each tanh squeezes, so the standard deviation falls from {first:.2f} to {last:.2f}. "
            "A gain above 1 makes up for it, 5/3 for tanh.",
            "they saturate": "For that the sums would have to grow, which takes a larger gain.",
        },
        answer=answer,
        key="gain_one",
    )


def _tell_rule(about: ChosenList) -> None:
    """std(x) · std(w) · √fan-in beside what is measured."""
    words = ("std(x)", "std(w)", "√fan-in", "product", "measured")
    rows = [{"std of x·w": word} for word in words]
    for start, short in MEASURED.items():
        found = about.kept(("rule", start), partial(measured, about, start))
        values = (found.x, found.w, found.fan_in**0.5, found.formula, found.y)
        for row, value in zip(rows, values, strict=True):
            row[short] = f"{value:.2f}"
    place_table(rows)
    st.caption(
        "The rule for the hidden layer of three starts. For independent numbers of mean 0, std(x·w) = "
        "std(x) · std(w) · √fan-in, so std(w) = gain / √fan-in keeps a spread: Kaiming initialisation."
    )


def measured(about: ChosenList, start: Start) -> kaiming.Spreads:
    """The rule on the hidden layer of a start."""
    look = starts.inside(about, start, 0, SIZE, None, hidden=HIDDEN)
    x = look.table[starts.batch(about, SIZE).contexts].flatten(1)
    return kaiming.spreads(x, look.weight)
