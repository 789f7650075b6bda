"""Averages the raw losses of a training in blocks, which makes its curve readable. Trains nothing."""

import pandas as pd
import torch
from torch import Tensor

MOST_POINTS = 2_000  # of a curve; more are a band of ink, and slow to draw


def block_means(raw: Tensor, block: int, *, most: int = MOST_POINTS) -> pd.DataFrame:
    """The mean loss of each whole block of so many neighbouring batches, at the step in its middle.

    Columns: step, loss. Where there are more blocks than `most`, every second, third, ... one is left: a
    curve with gaps and not with other means.
    """
    whole = len(raw) // block * block
    means = raw[:whole].double().view(-1, block).mean(dim=1)
    every = max(-(-len(means) // most), 1)
    steps = (torch.arange(len(means)) * block + (block - 1) / 2)[::every]
    return pd.DataFrame({"step": steps.tolist(), "loss": means[::every].tolist()})


def spread(raw: Tensor, block: int) -> float:
    """How far neighbouring block means jump: the standard deviation of one, as their differences tell it.

    By neighbours, so that the fall of the curve itself does not count; NaN with fewer than three blocks.
    """
    whole = len(raw) // block * block
    means = raw[:whole].double().view(-1, block).mean(dim=1)
    return float(means.diff().std() / 2**0.5) if len(means) > 2 else float("nan")


def fall_at(raw: Tensor, step: int, block: int) -> tuple[float, float]:
    """The mean loss of the `block` batches before this step, and of those from it on."""
    before, after = raw[max(step - block, 0) : step], raw[step : step + block]
    return float(before.double().mean()), float(after.double().mean())
