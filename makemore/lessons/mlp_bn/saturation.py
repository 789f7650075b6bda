"""Saturation maps of the naive and the repaired start, and one neuron of both. Knows the two starts."""

from functools import lru_cache

import streamlit as st

from makemore.charts.base.chart import Chart
from makemore.charts.layers.saturation_map import saturation_map
from makemore.charts.layers.tanh_points import tanh_points
from makemore.diagnostics.layers import neurons
from makemore.inference.capture import Snapshot
from makemore.layers import FLAT, SATURATED, Activation
from makemore.lessons.mlp_bn.starts_of_list import starts_of
from makemore.ui.kit import links
from makemore.ui.kit.choose import choose
from makemore.ui.kit.choose_checkpoint import choose_checkpoint, has_one
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import Mark, place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.sources import two_starts
from makemore.ui.sources.two_starts import PANELS, WHENS, WORDS, Panel, Starts, When

SHOWN = 100  # rows of a map: few enough to be told apart
POINTS = 60  # of them on the curve of one neuron
NEURON = "neuron"
KEPT = 256  # charts for all visitors
Bend = tuple[str, Activation]  # the activation layer by its name
# Label, checkpoint: the two starts, and a training that ends more saturated than either began.
ENDS = (
    ("naive start, lecture's loop", "mlp_naive"),
    ("repaired start, lecture's loop", "mlp_lecture"),
    ("repaired start, recipe best", "mlp"),
)


def show_maps(about: ChosenList, name: str, stage: Stage) -> None:
    """Both maps side by side for one moment, and below them the neuron that was chosen in either."""
    starts = starts_of(about)
    with stage.controls:
        when = choose("Moment", WHENS, key="when", in_link="when")
        neuron = _choose_neuron(starts, when)
        _show_shares(starts, when)
    with stage.picture:
        for panel, column in zip(PANELS, st.columns(2, gap="small"), strict=True):
            with column:
                chart = _draw_map(
                    starts.look_at(panel, when), starts.bend(), f"{panel} start", neuron
                )
                place_chart(chart, key=f"map_{panel}", fill="half", on_select=_take)
        looks = tuple(starts.look_at(panel, when) for panel in PANELS)
        chart, slopes = _draw_on_curve(looks, starts.bend(), neuron)
        place_chart(chart, key="one_neuron", fill="half")
    with stage.controls:
        st.caption(
            f"White: an activation beyond ±{SATURATED}. Both maps show the same {SHOWN} examples and "
            "seed; only the scale of the first weights and biases differs. Below, neuron "
            f"{neuron}: the mean slope of its tanh, 1 − activation², is {slopes['naive']:.2f} naive and "
            f"{slopes['repaired']:.2f} repaired; a gradient on its way back is multiplied by it."
        )
    with stage.below:
        _show_ends(about)


def _choose_neuron(starts: Starts, when: When) -> int:
    bend, _ = starts.bend()
    most = starts.look_at("naive", when).activations[bend].shape[-1] - 1
    help = "One of the hidden units. Or choose a column of a map."
    links.bound("neuron", key=NEURON, options=range(most + 1), first=most // 2)
    return int(st.number_input("Neuron", min_value=0, max_value=most, key=NEURON, help=help))


def _show_shares(starts: Starts, when: When) -> None:
    for panel, column in zip(PANELS, st.columns(2), strict=True):
        share = starts.saturated_share(panel, when)
        help = f"On the flat ends of tanh, beyond ±{SATURATED}; of the activations for all train examples."
        column.metric(f"{panel.capitalize()}: saturated", f"{share:.1%}", help=help)


@lru_cache(maxsize=KEPT)
def _draw_map(look: Snapshot, bend: Bend, net: str, chosen: int | None) -> Chart:
    name, activation = bend
    mask, frame = neurons.saturation(look.activations[name][:SHOWN], activation)
    return saturation_map(mask, frame, net=net, chosen=chosen)


def _take(column: Mark) -> None:
    """A click on a column of a map chooses that neuron for everything on the page."""
    st.session_state[NEURON] = int(column["neuron"])


@lru_cache(maxsize=KEPT)
def _draw_on_curve(
    looks: tuple[Snapshot, ...], bend: Bend, neuron: int
) -> tuple[Chart, dict[Panel, float]]:
    """The examples of a neuron on its tanh, and the mean slope of both starts."""
    name, activation = bend
    before = looks[0].before(name)
    points = neurons.responses(
        dict(zip(PANELS, looks, strict=True)), neuron, before=before, activation=activation
    )
    reach = max(float(look.activations[before][:POINTS].abs().max()) for look in looks)
    drawn = points.groupby("panel", sort=False).head(POINTS)
    means = points.groupby("panel")["slope"].mean()
    slopes = {panel: float(means[panel]) for panel in PANELS}
    return tanh_points(drawn, neuron=neuron, reach=reach, panels=WORDS), slopes


def _show_ends(about: ChosenList) -> None:
    """A net may end more saturated than the naive one begins, and better than both."""
    st.subheader("Saturated at the end", anchor=False)
    table, picture = st.columns([2, 3], gap="large")
    with table:
        place_table([_row(about, *each) for each in _ends(about)])
        if not about.own:
            _tell_ends()
    with picture:
        best = choose_checkpoint(
            has_one(Activation, "layer that saturates", "layers that saturate"),
            key="saturated_net",
            first="mlp",
            about=about,
            label="Trained net",
            in_link="checkpoint",
        )
        look = two_starts.look_inside(best, about.dataset, "end")
        bend = two_starts.bend_of(best)
        place_chart(
            _draw_map(
                look,
                bend,
                f"trained {best.metadata.model}, recipe {best.metadata.recipe['name']}",
                None,
            ),
            key="map_best",
        )


def _ends(about: ChosenList) -> tuple[tuple[str, str], ...]:
    """Label, checkpoint; on an own list both are trained by one recipe."""
    if not about.own:
        return ENDS
    return tuple((f"{panel} start, recipe fast", name) for panel, name in PANELS.items())


def _tell_ends() -> None:
    st.caption(
        f"Saturated activations pass back less than {FLAT:.0%} of a gradient, which holds up a net "
        "that has not learned yet. It says nothing about the end: the net with the lowest dev loss "
        "of the three ends with the most of them."
    )


def _row(about: ChosenList, label: str, key: str) -> dict[str, str]:
    checkpoint = about.checkpoint(key)
    first, last = (two_starts.saturated_share_of(checkpoint, about.dataset, when) for when in WHENS)
    dev = checkpoint.metadata.losses["dev"]
    return {
        "training": label,
        "saturated before": f"{first:.0%}",
        "after": f"{last:.0%}",
        "dev loss": f"{dev:.3f}",
    }
