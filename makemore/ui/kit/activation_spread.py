"""How the activations of a net spread at one moment of its training. Knows no page and no job."""

import math

from makemore.charts.layers.histograms import layer_histograms
from makemore.diagnostics.layers import histograms
from makemore.ui.kit.moment_slider import Moments
from makemore.ui.kit.place_chart import place_chart


def show_spread(seen: Moments, *, key: str) -> None:
    """One outline for each layer that bends; the share axis is the same for all moments."""
    if not seen.intervals:
        return
    shares = {name: seen.now(name) for name in seen.intervals}
    bins = histograms.stored_histograms(shares, seen.intervals)
    most = max(float(seen.pictures[name].max()) for name in shares)
    chart = layer_histograms(bins, quantity="activation", share_max=math.ceil(most * 10) / 10)
    place_chart(chart, key=f"{key}_spread", fill="half")
