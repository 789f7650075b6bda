"""Counts longer and longer contexts, and what the counts are worth on names not counted. Knows no model.

An n-gram model is a table with a row for every context and a column for every letter that may follow.
The rows multiply with each letter of context; the names that fill them stay as many.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from torch import Tensor

from makemore.data.examples import Dataset

DISCOUNT = 0.75
LONGEST = 8  # letters of context
DENSE = 20_000_000  # keys up to here are numbered by a table of them

Ids = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Order:
    """The counts of contexts of so many `letters`.

    rows: how many contexts there could be; seen: how many distinct ones stand in train; once: how many
    of these a single time. floor: the entropy of the next letter given its context within train, in nats:
    what no prediction from so many letters can go below there. dev: the NLL that the interpolated
    counts of train reach on dev, in nats, and `unseen` the share of dev examples whose context train lacks.
    """

    letters: int
    rows: int
    seen: int
    once: int
    floor: float
    dev: float
    unseen: float


def orders(
    dataset: Dataset, *, longest: int = LONGEST, discount: float = DISCOUNT
) -> tuple[Order, ...]:
    """Contexts of 1, 2, … `longest` letters, counted in train and held against dev.

    Absolute discounting, interpolated over all orders: of each count of a context `discount` is taken
    away, and what that frees is handed out as the model of one letter less would; without any letter
    every one is as likely. Source: Ney, Essen and Kneser 1994; Chen and Goodman 1999, section 2.6.
    """
    train, dev = dataset.examples("train", longest), dataset.examples("dev", longest)
    contexts = np.concatenate([train.contexts.numpy(), dev.contexts.numpy()])
    targets = np.concatenate([train.targets.numpy(), dev.targets.numpy()])
    counted, size = len(train), len(dataset.vocabulary)
    place = np.zeros(len(targets), dtype=np.int64)  # the number of each example's context
    likely = np.full(len(targets) - counted, 1 / size)  # of each dev target, one order lower
    found = []
    for letters in range(longest + 1):
        if letters:
            place = _numbered(place * size + contexts[:, longest - letters])
        tally = _Tally.of(place, _numbered(place * size + targets), counted)
        likely = tally.mixed(likely, discount)
        if letters:
            found.append(tally.order(letters, rows=size**letters, likely=likely))
    return tuple(found)


def _numbered(keys: Ids) -> Ids:
    """The same number for equal keys, from 0 and without gaps."""
    largest = int(keys.max())
    if largest > DENSE:
        numbers: Ids = np.unique(keys, return_inverse=True)[1]
        return numbers
    there = np.zeros(
        largest + 1, dtype=np.int64
    )  # to mark and count is ten times as fast as to sort
    there[keys] = 1
    return there.cumsum()[keys] - 1


@dataclass(frozen=True)
class _Tally:
    """rows: how often train has each context; cells: each context with its target; kinds: how many
    distinct targets follow each context. context, cell: those of the dev examples; row_of: of each cell."""

    rows: Ids
    cells: Ids
    kinds: Ids
    context: Ids
    cell: Ids
    row_of: Ids

    @classmethod
    def of(cls, place: Ids, pair: Ids, counted: int) -> "_Tally":
        """The numbers of each example's context, and of its context with its target; train comes first."""
        rows = np.bincount(place[:counted], minlength=place.max() + 1)
        cells = np.bincount(pair[:counted], minlength=pair.max() + 1)
        row_of = np.zeros(len(cells), dtype=np.int64)
        row_of[pair] = place
        kinds = np.bincount(row_of[cells > 0], minlength=len(rows))
        return cls(rows, cells, kinds, place[counted:], pair[counted:], row_of)

    def mixed(self, lower: Floats, discount: float) -> Floats:
        """The probability of each dev target, given that in a context of one letter less."""
        total = self.rows[self.context]
        kept = np.maximum(self.cells[self.cell] - discount, 0)
        freed = discount * self.kinds[self.context]
        seen = total > 0
        mixed: Floats = np.where(seen, (kept + freed * lower) / np.maximum(total, 1), lower)
        return mixed

    def order(self, letters: int, *, rows: int, likely: Floats) -> Order:
        """What is told of it, given the probability of each dev target."""
        return Order(
            letters=letters,
            rows=rows,
            seen=int((self.rows > 0).sum()),
            once=int((self.rows == 1).sum()),
            floor=self.entropy(),
            dev=float(-np.log(likely).mean()),
            unseen=float((self.rows[self.context] == 0).mean()),
        )

    def entropy(self) -> float:
        """Of the next letter given the context, within train, in nats a character."""
        there = self.cells > 0
        counts = self.cells[there]
        shares = counts / self.rows[self.row_of[there]]
        return float(-(counts * np.log(shares)).sum() / counts.sum())


def times_seen(counted: Tensor, contexts: Tensor) -> list[int]:
    """How often each of some contexts (n, letters) stands among the counted ones (m, letters)."""
    found = []
    for context in contexts:
        left = counted
        for place in reversed(range(len(context))):  # those of the last letter are few already
            left = left[left[:, place] == context[place]]
        found.append(len(left))
    return found
