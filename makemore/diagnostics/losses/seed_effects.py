"""Frames of trainings that differ in one factor, over several seeds. Trains nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import mean, stdev

import pandas as pd


@dataclass(frozen=True)
class Effect:
    """What changing one factor does to the loss, over pairs of trainings that share their seed.

    difference and error are the mean of the pairwise differences and its standard error; spread is
    the standard deviation between seeds when nothing is changed.
    """

    before: float
    after: float
    difference: float
    error: float
    spread: float
    seeds: int

    @property
    def clear(self) -> bool:
        """Whether it lies beyond what seeds alone do: three standard errors."""
        return abs(self.difference) > 3 * self.error


def effect(before: Sequence[float], after: Sequence[float]) -> Effect:
    """Losses of both, seed by seed. Raises ValueError for fewer than two seeds."""
    if len(before) < 2:
        raise ValueError(f"a spread needs at least two seeds, not {len(before)}")
    gaps = [b - a for a, b in zip(before, after, strict=True)]
    return Effect(
        before=mean(before),
        after=mean(after),
        difference=mean(gaps),
        error=stdev(gaps) / sqrt(len(gaps)),
        spread=stdev(before),
        seeds=len(gaps),
    )


def expected_wander(numbers: int, momentum: float) -> float:
    """The standard deviation of a running mean, as a share of that of its numbers.

    For independent numbers: a batch mean strays by 1/√numbers, and averaging with this momentum
    (the weight of the newest batch) leaves √(momentum / (2 - momentum)) of it.
    """
    return sqrt(momentum / (2 - momentum) / numbers)


def wander(curves: dict[str, list[list[list[float]]]]) -> pd.DataFrame:
    """The mean over seeds of (step, share) curves, by panel. Columns: panel, step, share."""
    moments = [
        (panel, points) for panel, seeds in curves.items() for points in zip(*seeds, strict=True)
    ]
    return pd.DataFrame(
        {
            "panel": [panel for panel, _ in moments],
            "step": [int(points[0][0]) for _, points in moments],
            "share": [mean(share for _, share in points) for _, points in moments],
        }
    )
