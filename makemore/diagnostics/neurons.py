"""Frames of a layer's activations: which neurons are saturated, how the values spread. Runs no model."""

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from torch import Tensor

SATURATED = 0.99  # of a tanh: its slope there is under 0.02


def saturation(tanh: Tensor) -> tuple[npt.NDArray[np.bool_], pd.DataFrame]:
    """Where a tanh output (examples, neurons) lies beyond ±0.99, and each neuron in numbers.

    The frame has one row a neuron. Columns: neuron, saturated (share of the examples), mean, std.
    """
    mask = tanh.abs() > SATURATED
    frame = pd.DataFrame(
        {
            "neuron": range(tanh.shape[1]),
            "saturated": mask.float().mean(dim=0).tolist(),
            "mean": tanh.mean(dim=0).tolist(),
            "std": tanh.std(dim=0).tolist(),
        }
    )
    return mask.numpy(), frame


def histograms(
    values: dict[str, Tensor], *, low: float, high: float, bins: int = 60, by: str = "panel"
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


def channels(means: Tensor) -> pd.DataFrame:
    """Running means (positions, channels), or (channels,) for a single row for all positions.

    Columns: position, channel, value.
    """
    rows = means if means.dim() == 2 else means[None]
    labels = [str(i + 1) for i in range(len(rows))] if len(rows) > 1 else ["all"]
    return pd.DataFrame(
        {
            "position": [label for label in labels for _ in range(rows.shape[1])],
            "channel": list(range(rows.shape[1])) * len(rows),
            "value": rows.flatten().tolist(),
        }
    )
