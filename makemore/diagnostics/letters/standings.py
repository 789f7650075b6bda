"""Where a name stands among all of a list by its mean NLL. Runs no model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

BINS = 48
LEAST, MOST = 0.5, 99.5  # percent: what lies further out is drawn in the last bins

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Standings:
    """What every distinct name of a list costs a model, in nats; `places` says where a name stands.

    totals: (names,) NLL of each name as a whole.
    """

    places: Mapping[str, int]
    totals: Values

    @cached_property
    def means(self) -> Values:
        """(names,): the NLL a letter, the end of the name counted as one."""
        lengths = np.fromiter(map(len, self.places), dtype=np.float64, count=len(self.places))
        return self.totals / (lengths + 1)

    @property
    def listed(self) -> float:
        """The probability that a name drawn from the model stands in the list: theirs, added up."""
        return float(np.exp(-self.totals).sum())

    @cached_property
    def _ordered(self) -> Values:
        return np.sort(self.means)

    def rank(self, name: str, mean: float) -> int:
        """1 for the least surprising: one more than there are names of the list with a lower mean.

        Of a name of the list the mean is the one that was worked out with the others; `mean` is that
        of any other name.
        """
        return int(np.searchsorted(self._ordered, self.mean_of(name, mean), side="left")) + 1

    def mean_of(self, name: str, otherwise: float) -> float:
        """The mean NLL of a name of the list, else `otherwise`."""
        place = self.places.get(name)
        return otherwise if place is None else float(self.means[place])

    def around(self, rank: int, near: int) -> list[tuple[int, str, float]]:
        """(rank, name, mean) of those on so many places before and after this rank, first to last."""
        first = max(rank - 1 - near, 0)
        order = self._order[first : rank + near]
        return [
            (first + i + 1, self._names[at], float(self.means[at])) for i, at in enumerate(order)
        ]

    @cached_property
    def _order(self) -> npt.NDArray[np.int64]:
        return np.argsort(self.means, kind="stable")

    @cached_property
    def _names(self) -> Sequence[str]:
        return list(self.places)


def histograms(by_model: Mapping[str, Standings]) -> pd.DataFrame:
    """How the names of the list are spread, on bins that all models share.

    Columns: model, row (from 0), left, right (nats), names, height (share of the model's fullest bin).
    What lies beyond the middle 99 % of any model is counted in the outer bins.
    """
    if not by_model:
        return pd.DataFrame(columns=["model", "row", "left", "right", "names", "height"])
    reach = [np.percentile(each.means, (LEAST, MOST)) for each in by_model.values()]
    low, high = min(a for a, _ in reach), max(b for _, b in reach)
    edges = np.linspace(low, max(high, low + 1e-6), BINS + 1)
    parts = []
    for row, (model, each) in enumerate(by_model.items()):
        counts, _ = np.histogram(np.clip(each.means, edges[0], edges[-1]), edges)
        parts.append(
            pd.DataFrame(
                {
                    "model": model,
                    "row": row,
                    "left": edges[:-1],
                    "right": edges[1:],
                    "names": counts,
                    "height": counts / max(counts.max(), 1),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
