"""Frames of histograms: tensors binned here, and shares that were stored. Runs no model."""

from collections.abc import Mapping

import pandas as pd
import torch
from torch import Tensor

from makemore.layers import Interval


def histograms(
    values: Mapping[str, Tensor], *, low: float, high: float, bins: int = 60, by: str = "panel"
) -> pd.DataFrame:
    """A histogram of each tensor over [low, high]; what lies outside counts in the outermost bin.

    Columns: `by` (the key), left, right, share (of all values).
    """
    edges = torch.linspace(low, high, bins + 1).tolist()
    frames = []
    for name, tensor in values.items():
        counts = torch.histc(tensor.float().clamp(low, high), bins, low, high)
        share = (counts / max(tensor.numel(), 1)).tolist()
        frames.append(
            pd.DataFrame({by: name, "left": edges[:-1], "right": edges[1:], "share": share})
        )
    return pd.concat(frames, ignore_index=True)


def stored_histograms(
    shares: Mapping[str, Tensor], intervals: Mapping[str, Interval]
) -> pd.DataFrame:
    """Histograms that were stored as shares (bins,), one a layer, each over the layer's own interval.

    Columns: layer (the key), left, right, share (of all values).
    """
    frames = []
    for layer, share in shares.items():
        edges = torch.linspace(*intervals[layer], len(share) + 1).tolist()
        columns = {"left": edges[:-1], "right": edges[1:], "share": share.tolist()}
        frames.append(pd.DataFrame({"layer": layer, **columns}))
    return pd.concat(frames, ignore_index=True)
