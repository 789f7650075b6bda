"""Activations side by side: their curves, where they are flat, and how many neurons that costs. Runs no model."""

from collections.abc import Mapping, Sequence

import pandas as pd
import torch
from torch import Tensor

from makemore.layers import ELU, Activation, LeakyReLU, ReLU, Sigmoid, Tanh

ACTIVATIONS: Mapping[str, Activation] = {
    "tanh": Tanh(),
    "sigmoid": Sigmoid(),
    "ReLU": ReLU(),
    "leaky ReLU": LeakyReLU(),
    "ELU": ELU(),
}


def curves(
    activations: Mapping[str, Activation] = ACTIVATIONS,
    *,
    low: float = -6,
    high: float = 6,
    points: int = 241,
) -> pd.DataFrame:
    """Each activation over one axis. Columns: activation, x, y, slope, flat (whether the slope is next to 0)."""
    x = torch.linspace(low, high, points, dtype=torch.float64)
    frames = []
    for name, activation in activations.items():
        y = activation(x)
        columns = {"x": x, "y": y, "slope": activation.slope(y), "flat": activation.saturated(y)}
        frames.append(
            pd.DataFrame({"activation": name, **{k: v.tolist() for k, v in columns.items()}})
        )
    return pd.concat(frames, ignore_index=True)


def flat_by_scale(
    pre: Tensor,
    scales: Sequence[float],
    activations: Mapping[str, Activation] = ACTIVATIONS,
) -> pd.DataFrame:
    """The same pre-activations (examples, neurons), scaled, through each activation.

    Columns: activation, scale, flat (share of all outputs), dead (share of neurons that are flat for
    every example), passed (mean slope: the share of a gradient that gets through).
    """
    rows = []
    for name, activation in activations.items():
        for scale in scales:
            outputs = activation(pre * scale)
            flat = activation.saturated(outputs)
            rows.append(
                {
                    "activation": name,
                    "scale": scale,
                    "flat": float(flat.float().mean()),
                    "dead": float(flat.all(dim=0).float().mean()),
                    "passed": float(activation.slope(outputs).mean()),
                }
            )
    return pd.DataFrame(rows)
