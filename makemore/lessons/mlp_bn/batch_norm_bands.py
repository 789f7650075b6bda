"""One batch before and after batch norm, neuron by neuron. Knows the nets, not the page."""

import copy
from typing import Literal

import streamlit as st
from torch import Tensor

from makemore.charts.layers.neuron_bands import bands
from makemore.checkpoints.store import Checkpoint
from makemore.diagnostics.layers import neurons
from makemore.inference.capture import Snapshot, layers_of, snapshot
from makemore.layers import BatchNorm1d
from makemore.ui.kit.choose import choose
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.sources import two_starts
from makemore.ui.sources.kept import kept_per_checkpoint
from makemore.ui.sources.two_starts import fixed_batch

View = Literal["naive", "trained", "moved"]

VIEWS: dict[View, str] = {
    "naive": "Naive start",
    "trained": "Trained",
    "moved": "Trained, with γ and β",
}

SIZE = 32  # the lecture's batch
QUIET = 0.1  # a spread after normalising that is far from 1
SILENCED = (
    "have no bar: training shrank their weights so far that ε, which keeps the division from "
    "dividing by zero, outweighs what is left of them."
)


@kept_per_checkpoint(most=4)
def one_batch(checkpoint: Checkpoint) -> Snapshot:
    """A batch as training sees it: normalised by its own mean and variance."""
    net = copy.deepcopy(checkpoint.model).train()
    examples = fixed_batch(net.block_size, SIZE)
    return snapshot(net, examples.contexts, examples.targets)


def show_before_after(checkpoint: Checkpoint) -> None:
    """Every neuron's mean and spread over one batch, before and after the layer."""
    view = choose("Net", VIEWS, key="norm_view", help="γ scales and β shifts; both are learned.")
    before, after = _stages(checkpoint, view)
    order = before.mean(dim=0).argsort()
    frames = {"before": neurons.bands(before, order), "after": neurons.bands(after, order)}
    limit = max(float(frame[["low", "high"]].abs().max().max()) for frame in frames.values())
    for panel, frame in frames.items():
        st.markdown(
            f"**{panel.capitalize()}:** means from {_figure(frame['mean'].min())} to "
            f"{_figure(frame['mean'].max())}, spread {_figure(frame['std'].mean())} on average"
        )
        place_chart(bands(frame, panel=panel, limit=limit), key=f"bands_{panel}")
    quiet = int((frames["after"]["std"] < QUIET).sum())
    st.caption(
        f"One batch of {SIZE} examples; each bar runs from a neuron's mean less one standard "
        "deviation to its mean plus one. Normalising makes every bar the same, whether the numbers "
        "before were too large or too small; γ and β let training move and stretch each again."
        + (f" {quiet} neurons {SILENCED}" if quiet else "")
    )


def _figure(value: float) -> str:
    """Two digits, and no sign on a zero."""
    return f"{round(float(value), 2) + 0.0:.2f}".replace("-", "−")


def _stages(checkpoint: Checkpoint, view: View) -> tuple[Tensor, Tensor]:
    """(examples, neurons) before and after."""
    if view == "naive":
        start = two_starts.look_at("naive", "start")
        before = start.activations[start.before(two_starts.bend()[0])][:SIZE]
        return before, neurons.normalised(before)
    look = one_batch(checkpoint)
    ((name, layer),) = layers_of(checkpoint.model, BatchNorm1d).items()
    before = look.activations[look.before(name)]
    if view == "moved":
        return before, look.activations[name]
    return before, neurons.normalised(before, layer.eps)
