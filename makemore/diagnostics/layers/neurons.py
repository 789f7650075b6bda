"""Frames of a layer's neurons: which are saturated, their means and standard deviations. Runs no model."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from torch import Tensor

from makemore.inference.capture import Snapshot
from makemore.layers import Activation


def saturation(
    outputs: Tensor, activation: Activation
) -> tuple[npt.NDArray[np.bool_], pd.DataFrame]:
    """Where an activation's outputs (examples, neurons) are saturated, and each neuron in numbers.

    Where every position of a window has outputs of its own, each counts as an example. The frame has
    one row a neuron. Columns: neuron, saturated (share of the examples), mean, std.
    """
    outputs = outputs.flatten(0, -2)
    mask = activation.saturated(outputs)
    frame = pd.DataFrame(
        {
            "neuron": range(outputs.shape[1]),
            "saturated": mask.float().mean(dim=0).tolist(),
            "mean": outputs.mean(dim=0).tolist(),
            "std": outputs.std(dim=0).tolist(),
        }
    )
    return mask.numpy(), frame


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


def responses(
    snapshots: Mapping[str, Snapshot], neuron: int, *, before: str, activation: Activation
) -> pd.DataFrame:
    """One neuron of the layer `before` and of the activation that it feeds, example by example.

    Columns: panel (the key), pre (before the activation), post (after it), slope (the share of the
    gradient that the activation passes back; of a tanh 1 - post²).
    """
    pres = {
        panel: snapshot.activations[before].flatten(0, -2)[:, neuron]
        for panel, snapshot in snapshots.items()
    }
    return on_curve(pres, activation)


def on_curve(pres: Mapping[str, Tensor], activation: Activation) -> pd.DataFrame:
    """Pre-activations (examples,) of one neuron by panel. Columns: panel, pre, post, slope."""
    frames = []
    for panel, given in pres.items():
        pre = given.double()
        post = activation(pre)
        columns = {"pre": pre, "post": post, "slope": activation.slope(post)}
        frames.append(pd.DataFrame({"panel": panel, **{k: v.tolist() for k, v in columns.items()}}))
    return pd.concat(frames, ignore_index=True)


def normalised(batch: Tensor, eps: float = 0.0) -> Tensor:
    """Each column (feature) of (batch, features) less its mean, over its standard deviation."""
    return (batch - batch.mean(dim=0)) / (batch.var(dim=0) + eps).sqrt()


def bands(values: Tensor, order: Tensor | None = None) -> pd.DataFrame:
    """Mean and standard deviation of each neuron over the examples of (examples, neurons), perhaps reordered.

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
