"""Two models on the same names: the difference in loss, and how far names alone let it stray. Runs no model."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt
import pandas as pd

MOST_BINS, FEWEST_BINS = 60, 6
REACH = 99.0  # percent of the differences that the bins cover; the rest stands in the outer ones

Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Paired:
    """Means are NLL a letter over all letters, in nats. difference: the second less the first.

    error: its standard error over names. lower: the share of names on which the second loses less.
    """

    first: float
    second: float
    difference: float
    error: float
    lower: float
    names: int


def paired(first: Values, second: Values, letters: Values) -> Paired:
    """Two models' NLL of each name as a whole, and its letters, the end included.

    The difference is a ratio, the nats of all names over the letters of all names, so its standard
    error is that of a ratio of sums over names drawn anew: √(n/(n−1) · Σ(dᵢ − d·lᵢ)²) / Σlᵢ. Source:
    Cochran 1977, Sampling Techniques, 6.3. Raises ValueError for fewer than two names.
    """
    number = len(letters)
    if number < 2:
        raise ValueError(f"a standard error needs at least two names, not {number}")
    gaps, total = second - first, float(letters.sum())
    difference = float(gaps.sum()) / total
    left = gaps - difference * letters
    return Paired(
        first=float(first.sum()) / total,
        second=float(second.sum()) / total,
        difference=difference,
        error=sqrt(number / (number - 1) * float((left**2).sum())) / total,
        lower=float((gaps < 0).mean()),
        names=number,
    )


def gap_histogram(first: Values, second: Values, letters: Values) -> pd.DataFrame:
    """How the means of each name differ. Columns: left, right (nats a letter), names, side (lower | higher).

    The bins are even around zero, which is an edge of two; fewer names have fewer and wider ones.
    """
    gaps = (second - first) / letters
    reach = max(float(np.percentile(np.abs(gaps), REACH)), 1e-9)
    bins = min(MOST_BINS, max(FEWEST_BINS, 2 * round(sqrt(len(gaps)))))
    edges = np.linspace(-reach, reach, bins + 1)
    counts, _ = np.histogram(np.clip(gaps, -reach, reach), edges)
    middle = (edges[:-1] + edges[1:]) / 2
    return pd.DataFrame(
        {
            "left": edges[:-1],
            "right": edges[1:],
            "names": counts,
            "side": np.where(middle < 0, "lower", "higher"),
        }
    )
