"""How the activations of a net spread at one moment of its training. Knows no page and no job."""

import math

import streamlit as st

from makemore.charts.neurons import layer_histograms
from makemore.diagnostics import neurons
from makemore.ui.moments import Moments
from makemore.ui.place import place


def at_moment(seen: Moments, *, key: str) -> None:
    """One outline a tanh layer; the share axis is the same for all moments."""
    # From the first layer to the last: a file keeps its tensors in an order of its own.
    layers = sorted((name for name in seen.pictures if name.startswith("tanh")), key=by_number)
    if not layers:
        return
    bins = neurons.stored_histograms({name: seen.now(name) for name in layers})
    most = max(float(seen.pictures[name].max()) for name in layers)
    st.markdown(f"**Activations at step {seen.step:,}**")
    chart = layer_histograms(bins, quantity="activation", share_max=math.ceil(most * 10) / 10)
    place(chart, key=f"{key}_spread")


def by_number(layer: str) -> tuple[int, str]:
    """tanh2 before tanh10."""
    return len(layer), layer
