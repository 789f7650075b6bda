"""Frames of trainings that differ in one factor, over several seeds. Trains nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan, cos, inf, pi, sin, sqrt
from statistics import mean, stdev

import pandas as pd

CLEAR = 0.05


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
    def t(self) -> float:
        """The difference in standard errors."""
        if self.error:
            return self.difference / self.error
        return inf if self.difference > 0 else -inf if self.difference < 0 else 0.0

    @property
    def p(self) -> float:
        """How often seeds alone would give a difference this large, either way, if there were none."""
        return two_sided_p(self.t, self.seeds - 1)

    @property
    def clear(self) -> bool:
        """Whether a t-test of the pairs tells it from what seeds alone do, at 5 %, two-sided."""
        return self.p < CLEAR


def two_sided_p(t: float, degrees: int) -> float:
    """The share of Student's t distribution beyond ±t. Exact for whole degrees of freedom.

    Raises ValueError for less than one. Source: Abramowitz and Stegun 1964, 26.7.3 and 26.7.4.
    """
    if degrees < 1:
        raise ValueError(f"a t-test needs at least one degree of freedom, not {degrees}")
    angle = atan(abs(t) / sqrt(degrees))
    odd = degrees % 2
    term, total = (cos(angle) if odd else 1.0), 0.0
    for k in range(1 + odd, degrees, 2):  # the powers of the cosine, each with its fraction
        total += term
        term *= k / (k + 1) * cos(angle) ** 2
    inside = 2 / pi * (angle + sin(angle) * total) if odd else sin(angle) * total
    return max(1 - inside, 0.0)


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


def verdict(found: Effect) -> str:
    """What may be said of the loss in a word or two."""
    if not found.clear:
        return "too close to call"
    return "lower" if found.difference < 0 else "higher"


def write_p(p: float) -> str:
    """A p-value with the digits that matter; tiny ones as a bound."""
    return "< 0.001" if p < 0.001 else f"{p:.3f}" if p < 0.1 else f"{p:.2f}"
