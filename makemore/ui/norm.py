"""One batch before and after batch norm, neuron by neuron. Knows one checkpoint, not the page."""

import copy

import streamlit as st

from makemore.capture import Snapshot, snapshot
from makemore.charts.repair import bands
from makemore.checkpoints import Checkpoint
from makemore.diagnostics import neurons
from makemore.ui import load
from makemore.ui.choose import choose
from makemore.ui.place import place
from makemore.ui.starts import batch

SIZE = 32  # the lecture's batch


def one_batch(checkpoint: Checkpoint) -> Snapshot:
    """A batch as training sees it: normalised by its own mean and variance."""
    return _one_batch(checkpoint.name, checkpoint.metadata.tensors_sha256)


@st.cache_resource(show_spinner=False, max_entries=4)
def _one_batch(name: str, tensors_sha256: str) -> Snapshot:
    net = copy.deepcopy(load.checkpoint(name).model).train()
    examples = batch(net.block_size, SIZE)
    return snapshot(net, examples.contexts, examples.targets)


def before_after(checkpoint: Checkpoint) -> None:
    """Every neuron's mean and spread over one batch, before and after the layer."""
    look = one_batch(checkpoint)
    stages = {"normalised": "Normalised", "moved": "Then times γ, plus β"}
    stage = choose("After", stages, key="norm_stage")
    before = look.activations["hidden"]
    eps = checkpoint.model.config.to_json()["eps"]
    after = look.activations["norm"] if stage == "moved" else neurons.normalised(before, eps)
    order = before.mean(dim=0).argsort()
    first, second = neurons.bands(before, order), neurons.bands(after, order)
    limit = max(abs(first["low"].min()), first["high"].max(), second["high"].max())
    for panel, frame in (("before", first), ("after", second)):
        st.markdown(f"**{panel.capitalize()}**")
        place(bands(frame, panel=panel, limit=float(limit)), key=f"bands_{panel}")
    st.caption(
        f"One batch of {SIZE} examples; each bar runs from a neuron's mean less one standard "
        "deviation to its mean plus one. Normalising makes every bar the same, γ and β let training "
        "move and stretch each again where that helps."
    )
