"""Frames of a layer's neurons: their means and standard deviations. Runs no model."""

from collections.abc import Mapping

import pandas as pd
import torch
from torch import Tensor

from makemore.layers import Activation


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
