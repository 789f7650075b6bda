"""Saturation maps of two starts on one batch, and one neuron of both. Knows the recordings, not the page."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

import streamlit as st

from makemore.charts.base.chart import Chart
from makemore.charts.layers.flat_map import flat_map
from makemore.charts.layers.histograms import contrast_histogram
from makemore.charts.layers.neuron_weights import letter_sums, weight_bars
from makemore.charts.layers.tanh_points import tanh_points
from makemore.diagnostics.layers import histograms, neurons
from makemore.diagnostics.layers.saturation_image import (
    SaturationImage,
    neuron_weights,
    saturation_image,
)
from makemore.experiments.recorded_starts import STARTS, Start
from makemore.layers import Tanh
from makemore.lessons.initialisation import starts
from makemore.lessons.initialisation.starts import HIDDEN, WORDS, Inside
from makemore.ui.kit import links
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.moment_slider import choose_moment
from makemore.ui.kit.place_chart import Mark, place_chart
from makemore.ui.kit.stage import Stage

SIZES = (32, 100, 300, 1_000, 5_000)
THRESHOLDS = (0.9, 0.95, 0.97, 0.98, 0.99)
WIDTHS = {"200": "200", "500": "500"}
NEURON = "flat_neuron"
Below = Literal["neuron", "sums", "outputs"]
BELOW: Mapping[Below, str] = {
    "neuron": "One neuron",
    "sums": "Pre-activations",
    "outputs": "Activations",
}
REACH = 20.0  # of the axis of pre-activations
KEPT = 16  # charts for all visitors
DRAWN = ("sums", "weights", "gradients")
POINTS = 60
LISTED = 12  # dead neurons that are named


def show_saturation(about: ChosenList, name: str, stage: Stage) -> None:
    """Both maps for one moment, and below them the neuron that was chosen in either."""
    with stage.controls:
        pair = _choose_pair()
        found = starts.recordings(about, pair)
        moment, shares, told = st.container(), st.container(), st.container()
        size, threshold, hidden, neuron = _choose_view()
        below = choose("Below the maps", BELOW, key="flat_below", in_link="below")
    recorded = len(found) == len(pair) and hidden == HIDDEN
    with moment:
        moments = starts.recorded_moments(about) if recorded else [0]
        step = choose_moment(moments, key="flat_moment", first=0)
    looks = {
        start: starts.inside(about, start, step, size, found.get(start), hidden=hidden)
        for start in pair
    }
    images = {start: image_of(look, threshold) for start, look in looks.items()}
    with stage.picture:
        for start, column in zip(pair, st.columns(2, gap="small"), strict=True):
            with column:
                chart = draw_map(looks[start], threshold, WORDS[start], neuron)
                place_chart(
                    chart, key=f"flat_map_{pair.index(start)}", fill="half", on_select=_take
                )
        left, right = pair
        panels = WORDS[left], WORDS[right]
        if below == "neuron":
            chart = _on_curve(looks[left], looks[right], panels, neuron)
        else:
            chart = _histogram(looks[left], looks[right], panels, below)
        place_chart(chart, key=f"flat_{below}", fill="half")
    with shares:
        _show_shares(images, step, threshold)
    with told:
        starts.tell_waiting(found, pair)
    with stage.controls:
        _tell_dead(images)
    with stage.below:
        _show_neuron(about, looks, neuron)
        _tell_end(about)


@lru_cache(maxsize=KEPT)
def image_of(look: Inside, threshold: float) -> SaturationImage:
    """Where the tanh of its pre-activations is flat, the flattest neurons first."""
    return saturation_image(look.pre.tanh(), Tanh(), threshold=threshold)


@lru_cache(maxsize=KEPT)
def draw_map(look: Inside, threshold: float, net: str, chosen: int | None, when: str = "") -> Chart:
    """Its map, kept for whoever looks at the same."""
    image = image_of(look, threshold)
    return flat_map(image.pixels, image.neurons, net=net, when=when, chosen=chosen)


def _choose_pair() -> tuple[Start, Start]:
    left, right = st.columns(2)
    with left:
        first = _choose_start("Left", STARTS, "naive", "left")
    others = tuple(start for start in STARTS if start != first)
    with right:
        usual: Start = "kaiming" if first != "kaiming" else "naive"
        second = _choose_start("Right", others, usual, "right")
    return first, second


def _choose_start(label: str, options: tuple[Start, ...], first: Start, name: str) -> Start:
    key = f"flat_{name}"
    links.bound(name, key=key, options=options, first=first, say=lambda s: s.replace(" ", "-"))
    chosen: Start = st.selectbox(
        label, options, format_func=lambda start: WORDS[start], key=key, help=starts.MEANT
    )
    return chosen


def _choose_view() -> tuple[int, float, int, int]:
    """Examples, threshold, hidden units, neuron."""
    left, right = st.columns(2)
    with left:
        size = int(_choose_among("Examples", SIZES, "flat_size", "examples", 100))
        help = f"The recorded trainings have {HIDDEN}; wider nets are shown as they are drawn."
        hidden = int(choose("Hidden units", WIDTHS, key="flat_hidden", in_link="hidden", help=help))
    with right:
        threshold = _choose_among("Flat beyond ±", THRESHOLDS, "flat_threshold", "threshold", 0.99)
        neuron = _choose_neuron(hidden)
    return size, threshold, hidden, neuron


def _choose_among(
    label: str, options: tuple[float, ...], key: str, name: str, first: float
) -> float:
    links.bound(name, key=key, options=options, first=first)
    chosen: float = st.select_slider(label, options, format_func=lambda n: f"{n:,}", key=key)
    return chosen


def _choose_neuron(hidden: int) -> int:
    key = NEURON
    links.bound("neuron", key=key, options=range(hidden), first=99)
    help = "One of the hidden units. Or choose a column of a map."
    return int(st.number_input("Neuron", min_value=0, max_value=hidden - 1, key=key, help=help))


def _take(column: Mark) -> None:
    st.session_state[NEURON] = int(column["neuron"])


def _show_shares(images: dict[Start, SaturationImage], step: int, threshold: float) -> None:
    for (start, image), column in zip(images.items(), st.columns(2), strict=True):
        help = f"Activations beyond ±{threshold:g} in this batch, after step {step:,}."
        column.metric(f"{WORDS[start]}: flat", f"{image.pixels.mean():.1%}", help=help)


def _tell_dead(images: dict[Start, SaturationImage]) -> None:
    dead = "; ".join(f"{WORDS[start]}: {_list(image.dead)}" for start, image in images.items())
    st.caption(f"White: flat. Dead neurons, white for every example here: {dead}.")


def _list(dead: list[int]) -> str:
    if not dead:
        return "none"
    more = f" and {len(dead) - LISTED} more" if len(dead) > LISTED else ""
    return f"{len(dead)} ({', '.join(map(str, dead[:LISTED]))}{more})"


@lru_cache(maxsize=KEPT)
def _histogram(left: Inside, right: Inside, panels: tuple[str, str], below: Below) -> Chart:
    """All numbers that go into the tanh of both, or all that come out."""
    pres = dict(zip(panels, (left.pre, right.pre), strict=True))
    if below == "sums":
        bins = histograms.histograms(pres, low=-REACH, high=REACH)
        return contrast_histogram(bins, quantity="pre-activation", panels=panels)
    posts = {panel: pre.tanh() for panel, pre in pres.items()}
    bins = histograms.histograms(posts, low=-1, high=1)
    return contrast_histogram(bins, quantity="activation = tanh of it", panels=panels)


@lru_cache(maxsize=KEPT)
def _on_curve(left: Inside, right: Inside, panels: tuple[str, str], neuron: int) -> Chart:
    pres = (left.pre[:POINTS, neuron], right.pre[:POINTS, neuron])
    points = neurons.on_curve(dict(zip(panels, pres, strict=True)), Tanh())
    reach = max(float(points["pre"].abs().max()) * 1.05, 2.0)
    return tanh_points(points, neuron=neuron, reach=reach, panels=panels)


def _show_neuron(about: ChosenList, looks: dict[Start, Inside], neuron: int) -> None:
    st.subheader(f"Neuron {neuron}: its weights and the gradients that reach them", anchor=False)
    letters = "".join(about.vocabulary.letters)
    columns = zip(st.columns(2, gap="large"), looks.items(), strict=True)
    for place, (column, (start, look)) in enumerate(columns):
        slope = float((1 - look.pre[:, neuron].tanh() ** 2).mean())
        size = float(look.gradient[:, neuron].norm())
        with column:
            st.markdown(
                f"**{WORDS[start]}**: mean of 1 − h² {slope:.3f}; the gradient of its "
                f"{len(look.weight)} weights has length {size:.2g}"
            )
            for chart, what in zip(_weights(look, neuron, letters), DRAWN, strict=True):
                place_chart(chart, key=f"flat_{what}_{place}")


@lru_cache(maxsize=KEPT)
def _weights(look: Inside, neuron: int, letters: str) -> tuple[Chart, Chart, Chart]:
    own, sums = neuron_weights(look.weight, look.table, neuron, letters, look.gradient)
    return (
        letter_sums(sums, neuron=neuron),
        weight_bars(own, neuron=neuron),
        weight_bars(own, neuron=neuron, shown="gradient"),
    )


def _tell_end(about: ChosenList) -> None:
    st.subheader("At the start and at the end", anchor=False)
    where = "of the course's names " if about.own else ""
    st.markdown(
        "At the start, saturation holds a net up: where h is near ±1, 1 − h² is near 0, and the "
        "gradient that passes is multiplied by it. A neuron that is flat for every example gets hardly "
        f"any and hardly moves. At the end it is no fault: the shipped MLP {where}ends with 77% of its "
        "activations beyond ±0.99 at a dev loss of 2.091, the naive one with 66% at 2.164."
    )
