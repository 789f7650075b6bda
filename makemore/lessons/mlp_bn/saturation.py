"""Saturation maps of the naive and the repaired start, and one neuron of both. Knows the two starts."""

from functools import lru_cache, partial

import streamlit as st

from makemore.charts.base.chart import Chart
from makemore.charts.layers.saturation_map import saturation_map
from makemore.charts.layers.tanh_points import tanh_points
from makemore.diagnostics.layers import neurons
from makemore.inference.capture import Snapshot
from makemore.layers import SATURATED
from makemore.ui.kit.choose import choose
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.sources import two_starts
from makemore.ui.sources.two_starts import PANELS, WHENS, WORDS, Panel, When

SHOWN = 100  # rows of a map: few enough to be told apart
POINTS = 60  # of them on the curve of one neuron
NEURON = "neuron"
KEPT = 256  # charts for all visitors


def show_maps() -> None:
    """Both maps side by side for one moment, and below them the neuron that was chosen in either."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        when = choose("Moment", WHENS, key="when")
        bend, _ = two_starts.bend()
        most = two_starts.look_at("naive", when).activations[bend].shape[-1] - 1
        chosen = st.number_input(
            "Neuron", 0, most, most // 2, key=NEURON, width=140, help="Or choose a column of a map."
        )
    for panel, column in zip(PANELS, st.columns(2, gap="medium"), strict=True):
        with column:
            share = two_starts.saturated_share(panel, when)
            st.metric(
                f"{panel.capitalize()} start: saturated",
                f"{share:.1%}",
                help="Of all train examples.",
            )
            chart = _draw_map(two_starts.look_at(panel, when), int(chosen))
            place_chart(chart, key=f"map_{panel}", on_select=partial(_take, f"map_{panel}"))
    st.caption(
        f"White: an activation beyond ±{SATURATED}. The same {SHOWN} examples and the same "
        "seed on both sides; only the scale of the first weights and biases differs."
    )
    _show_neuron(int(chosen), when)


@lru_cache(maxsize=KEPT)
def _draw_map(look: Snapshot, chosen: int) -> Chart:
    name, activation = two_starts.bend()
    mask, frame = neurons.saturation(look.activations[name][:SHOWN], activation)
    return saturation_map(mask, frame, chosen=chosen)


def _take(key: str) -> None:
    """A click on a column of a map chooses that neuron for everything on the page."""
    marks = st.session_state[key].selection.get("neuron", [])
    if marks:
        st.session_state[NEURON] = int(marks[0]["neuron"])


def _show_neuron(neuron: int, when: When) -> None:
    """Its examples on the tanh curve, and how much of a gradient gets through on average."""
    chart, slopes = _draw_on_curve(
        tuple(two_starts.look_at(panel, when) for panel in PANELS), neuron
    )
    st.markdown(f"**Neuron {neuron} on its curve**")
    place_chart(chart, key="one_neuron")
    st.caption(
        "A gradient on its way back is multiplied by the slope of the curve, 1 − activation². Mean "
        f"slope of this neuron: naive {slopes['naive']:.2f}, repaired {slopes['repaired']:.2f}."
    )


@lru_cache(maxsize=KEPT)
def _draw_on_curve(looks: tuple[Snapshot, ...], neuron: int) -> tuple[Chart, dict[Panel, float]]:
    """The chart, and the mean slope of both starts."""
    name, activation = two_starts.bend()
    before = looks[0].before(name)
    points = neurons.responses(
        dict(zip(PANELS, looks, strict=True)), neuron, before=before, activation=activation
    )
    reach = max(float(look.activations[before].abs().max()) for look in looks)
    drawn = points.groupby("panel", sort=False).head(POINTS)
    means = points.groupby("panel")["slope"].mean()
    slopes = {panel: float(means[panel]) for panel in PANELS}
    return tanh_points(drawn, neuron=neuron, reach=reach, panels=WORDS), slopes
