"""Frames of the tensors of a net: a histogram of each, and its numbers. Runs no model."""

from collections.abc import Mapping

import pandas as pd
import torch
from torch import Tensor

from makemore.inference.tensor_numbers import Distance, spread

BINS = 60


def weight_histograms(tensors: Mapping[str, Tensor], bins: int = BINS) -> pd.DataFrame:
    """A histogram of each tensor from its smallest number to its largest.

    Columns: tensor, left, right, share (of its numbers), height (share over the largest of the
    tensor), place (where the middle of the bin lies between smallest and largest, 0 to 1).
    """
    frames = []
    for name, tensor in tensors.items():
        values = tensor.detach().double().flatten()
        low, high = float(values.min()), float(values.max())
        if low == high:  # as of a bias that has not been trained
            low, high = low - 0.5, high + 0.5
        counts = torch.histogram(values, bins, range=(low, high)).hist
        edges = torch.linspace(low, high, bins + 1, dtype=torch.float64).tolist()
        frames.append(
            pd.DataFrame(
                {
                    "tensor": name,
                    "left": edges[:-1],
                    "right": edges[1:],
                    "share": (counts / values.numel()).tolist(),
                    "height": (counts / counts.max()).tolist(),
                    "place": [(i + 0.5) / bins for i in range(bins)],
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def tensor_table(tensors: Mapping[str, Tensor]) -> pd.DataFrame:
    """One row a tensor. Columns: tensor, shape, numbers, mean, std, low, high."""
    rows = []
    for name, tensor in tensors.items():
        found = spread(tensor)
        rows.append(
            {
                "tensor": name,
                "shape": " × ".join(map(str, found.shape)) or "1",
                "numbers": found.numbers,
                "mean": found.mean,
                "std": found.std,
                "low": found.low,
                "high": found.high,
            }
        )
    return pd.DataFrame(rows)


def distance_table(found: Mapping[str, Distance | None]) -> pd.DataFrame:
    """One row a tensor that two nets have in one shape. Columns: tensor, distance, relative, cosine."""
    rows = [
        {"tensor": name, **vars(distance)}
        for name, distance in found.items()
        if distance is not None
    ]
    return pd.DataFrame(rows, columns=["tensor", "distance", "relative", "cosine"])
