"""Frames of a layer's activations: which neurons are saturated, how the values spread. Runs no model."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from torch import Tensor

from makemore.capture import Snapshot

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


def stored_histograms(shares: Mapping[str, Tensor]) -> pd.DataFrame:
    """Histograms over [-1, 1] that were stored as shares (bins,), one a layer.

    Columns: layer (the key), left, right, share (of all values).
    """
    frames = []
    for layer, share in shares.items():
        edges = torch.linspace(-1, 1, len(share) + 1).tolist()
        columns = {"left": edges[:-1], "right": edges[1:], "share": share.tolist()}
        frames.append(pd.DataFrame({"layer": layer, **columns}))
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


def responses(snapshots: Mapping[str, Snapshot], neuron: int) -> pd.DataFrame:
    """One neuron of the layers `hidden` and `tanh`, example by example.

    Columns: panel (the key), pre (before the tanh), post (after it), slope (1 - post²: the share of
    the gradient that the tanh passes back).
    """
    frames = []
    for panel, snapshot in snapshots.items():
        pre = snapshot.activations["hidden"][:, neuron].double()
        post = pre.tanh()
        columns = {"pre": pre.tolist(), "post": post.tolist(), "slope": (1 - post**2).tolist()}
        frames.append(pd.DataFrame({"panel": panel, **columns}))
    return pd.concat(frames, ignore_index=True)


def normalised(batch: Tensor, eps: float = 0.0) -> Tensor:
    """Each column (feature) of (batch, features) less its mean, over its standard deviation."""
    return (batch - batch.mean(dim=0)) / (batch.var(dim=0) + eps).sqrt()


def bands(values: Tensor, order: Tensor | None = None) -> pd.DataFrame:
    """Mean and spread of each neuron over the examples of (examples, neurons), perhaps reordered.

    Columns: place (from 0), neuron, mean, std, low (mean - std), high (mean + std).
    """
    order = torch.arange(values.shape[1]) if order is None else order
    mean, std = values.mean(dim=0)[order], values.std(dim=0)[order]
    return pd.DataFrame(
        {
            "place": range(len(order)),
            "neuron": order.tolist(),
            "mean": mean.tolist(),
            "std": std.tolist(),
            "low": (mean - std).tolist(),
            "high": (mean + std).tolist(),
        }
    )
