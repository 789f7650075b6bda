"""Which names of a list are nearest to others by edit distance. Runs no model."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint32]


@dataclass(frozen=True)
class Nearest:
    """The first name of the list at the smallest distance, and that distance: 0 for a name of the list."""

    name: str
    edits: int


def nearest(drawn: Sequence[str], names: Sequence[str]) -> list[Nearest]:
    """For each: how few letters to put in, leave out or exchange to get a name of the list, and which.

    Source: Levenshtein 1966. Raises ValueError for an empty list.
    """
    if not names:
        raise ValueError("the nearest of no names")
    if not drawn:
        return []
    # (longest, names): one letter of all names at a time lies together; zeros after the end of a name.
    codes = np.ascontiguousarray(np.array(names).view(np.uint32).reshape(len(names), -1).T)
    lengths = np.fromiter(map(len, names), dtype=np.int64, count=len(names))
    found = []
    for each in drawn:
        edits = _distances(each, codes, lengths)
        at = int(edits.argmin())
        found.append(Nearest(names[at], int(edits[at])))
    return found


def _distances(drawn: str, codes: Codes, lengths: npt.NDArray[np.int64]) -> npt.NDArray[np.int16]:
    """(names,): the edit distance to each, by the usual table, cell by cell for all names at once."""
    longest, number = codes.shape
    row = np.repeat(np.arange(longest + 1, dtype=np.int16)[:, None], number, axis=1)
    for done, letter in enumerate(map(ord, drawn), 1):
        below = np.empty_like(row)
        below[0] = done
        for j in range(longest):
            exchanged = row[j] + (codes[j] != letter)
            np.minimum(exchanged, np.minimum(row[j + 1], below[j]) + 1, out=below[j + 1])
        row = below
    ends: npt.NDArray[np.int16] = row[lengths, np.arange(number)]
    return ends
