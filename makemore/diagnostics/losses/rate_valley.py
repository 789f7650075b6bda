"""Reads a sweep of learning rates: its smoothed loss, the valley of it, and the rate to take. Trains nothing."""

from dataclasses import dataclass
from math import exp, log

import pandas as pd
import torch
from torch import Tensor

SMOOTHED = 51  # neighbouring batches whose mean loss is one point of the curve
NEAR = 0.1  # nats above the lowest point that still count as the floor of the valley


@dataclass(frozen=True)
class Valley:
    """low, high: the rates between which the smoothed loss is near its lowest; suggested: to take."""

    low: float
    high: float
    suggested: float


def smoothed(losses: Tensor, width: int = SMOOTHED) -> Tensor:
    """(s,): the mean over the `width` batches around each, fewer at both ends."""
    sums = torch.cat([torch.zeros(1, dtype=torch.float64), losses.double().cumsum(0)])
    places = torch.arange(len(losses))
    first = (places - width // 2).clamp(min=0)
    last = (places + width // 2 + 1).clamp(max=len(losses))
    return (sums[last] - sums[first]) / (last - first)


def find_valley(rates: Tensor, losses: Tensor) -> Valley:
    """The stretch around the lowest point in which the smoothed loss stays within NEAR of it.

    Suggested is the middle of that stretch on the axis of the sweep, which is logarithmic, to one digit.
    """
    curve = smoothed(losses)
    lowest = int(curve.argmin())
    far = (curve > curve[lowest] + NEAR).nonzero()[:, 0]
    before, after = far[far < lowest], far[far > lowest]
    low = float(rates[int(before[-1]) + 1 if len(before) else 0])
    high = float(rates[int(after[0]) - 1 if len(after) else -1])
    return Valley(low, high, float(f"{exp((log(low) + log(high)) / 2):.1g}"))


def sweep_frame(rates: Tensor, losses: Tensor) -> pd.DataFrame:
    """Columns: rate, loss of the batch, smoothed."""
    return pd.DataFrame(
        {
            "rate": rates.tolist(),
            "loss": losses.tolist(),
            "smoothed": smoothed(losses).tolist(),
        }
    )
