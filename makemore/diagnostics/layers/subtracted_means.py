"""Over which axes of (batch, positions, features) a norm averages, and what that takes away and leaves."""

from collections.abc import Mapping
from typing import Literal

import pandas as pd
import torch
from torch import Tensor

Norm = Literal["ours", "bug", "torch"]
# Torch takes axis 1 for the channels. Of x transposed its axes are ours.
AXES: Mapping[Norm, tuple[int, ...]] = {"ours": (0, 1), "bug": (0,), "torch": (0, 2)}
ALL = "all"


def subtracted_means(x: Tensor, norm: Norm) -> Tensor:
    """(positions, features): the mean that is taken away at each place of x (batch, positions, features)."""
    return x.mean(AXES[norm], keepdim=True).expand(1, *x.shape[1:])[0]


def normalised_over(x: Tensor, norm: Norm, eps: float = 1e-5) -> Tensor:
    """x less its means over these axes, over its standard deviations over them (unbiased)."""
    axes = AXES[norm]
    return (x - x.mean(axes, keepdim=True)) / (x.var(axes, keepdim=True) + eps).sqrt()


def rows_of(places: Tensor, *, total: bool = False) -> pd.DataFrame:
    """(positions, features) as a frame, with their mean over the positions as one row more if asked for.

    Columns: position (from 1, or "all"), channel (from 0), value.
    """
    labels = [str(position + 1) for position in range(len(places))]
    if total:
        places, labels = torch.cat([places, places.mean(0, keepdim=True)]), [*labels, ALL]
    return pd.DataFrame(
        {
            "position": [label for label in labels for _ in range(places.shape[1])],
            "channel": list(range(places.shape[1])) * len(labels),
            "value": places.flatten().tolist(),
        }
    )


def largest_feature_mean(y: Tensor) -> float:
    """Of all features of (batch, positions, features) the mean that is farthest from 0, its size."""
    return float(y.mean((0, 1)).abs().max())
