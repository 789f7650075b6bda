"""Frames of what a bigram's probabilities lead to: a name's loss, a walk, sums, smoothing. Trains nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf, log

import pandas as pd
import torch
from torch import Tensor

from makemore.by_hand import bigram_descent
from makemore.data.vocabulary import DOT, Vocabulary

LONGEST_WALK = 40
KS = (0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000, 100_000, 1_000_000)


def smoothed(counts: Tensor, k: float) -> Tensor:
    """(vocab, vocab) probabilities after adding k to every count; a row without any is uniform."""
    weights = counts.double() + k
    total = weights.sum(dim=1, keepdim=True)
    return torch.where(total > 0, weights / total, 1 / len(counts))


def divided_wrongly(counts: Tensor) -> Tensor:
    """The slip: without keepdim the sums become a row, and column j is divided by the sum of row j."""
    return counts.double() / counts.double().sum(dim=1).clamp(min=1)


def sums(matrix: Tensor, vocabulary: Vocabulary) -> pd.DataFrame:
    """What each row and each column adds up to. Columns: letter, which (row | column), total."""
    totals = {"row": matrix.sum(dim=1).tolist(), "column": matrix.sum(dim=0).tolist()}
    rows = [
        (letter, which, total)
        for which, values in totals.items()
        for letter, total in zip(vocabulary.letters, values, strict=True)
    ]
    return pd.DataFrame(rows, columns=["letter", "which", "total"])


def name_path(name: str, counts: Tensor, k: float, vocabulary: Vocabulary) -> pd.DataFrame:
    """A name pair by pair. Columns: position (from 1), first, second, pair, count, row (count of the
    first letter), probability, nll, running (sum of nll), mean (of nll so far)."""
    ids = [0, *vocabulary.encode(name), 0]
    table, rows, running = smoothed(counts, k), [], 0.0
    for position, (a, b) in enumerate(pairwise(ids), 1):
        p = float(table[a, b])
        nll = -log(p) if p > 0 else inf
        running += nll
        first, second = vocabulary.letters[a], vocabulary.letters[b]
        whole = int(counts[a].sum())
        cell = (position, first, second, first + second, int(counts[a, b]), whole)
        rows.append((*cell, p, nll, running, running / position))
    columns = "position first second pair count row probability nll running mean"
    return pd.DataFrame(rows, columns=columns.split())


def smoothing(
    counts: Tensor, name: str, vocabulary: Vocabulary, ks: Sequence[float]
) -> pd.DataFrame:
    """The loss of the whole list and of one name for each k. Columns: k, place, series, loss.

    `place` counts the ks, so that 0 has room on the axis; losses that are infinite are left out.
    """
    ids = torch.tensor([0, *vocabulary.encode(name), 0])
    rows = []
    for place, k in enumerate(ks):
        logp = smoothed(counts, k).log()
        rows.append((k, place, "the whole list", bigram_descent.nll(logp, counts)))
        rows.append((k, place, "this name", float(-logp[ids[:-1], ids[1:]].mean())))
    frame = pd.DataFrame(rows, columns=["k", "place", "series", "loss"])
    return frame[frame["loss"] < inf].reset_index(drop=True)


@dataclass(frozen=True)
class Draw:
    """One step of a walk: in the row of `given`, the number `point` fell to `letter`'s [low, high)."""

    given: str
    point: float
    low: float
    high: float
    letter: str


def walk(probabilities: Tensor, seed: int, vocabulary: Vocabulary) -> tuple[Draw, ...]:
    """From the dot, draw after draw, until the dot comes again or 40 letters are made."""
    generator = torch.Generator().manual_seed(seed)
    ends = probabilities.double().cumsum(dim=1)
    row, draws = 0, []
    for _ in range(LONGEST_WALK):
        point = float(torch.rand((), generator=generator, dtype=torch.float64))
        column = int(torch.searchsorted(ends[row], point * ends[row, -1], right=True))
        low = float(ends[row, column - 1]) if column else 0.0
        given, letter = vocabulary.letters[row], vocabulary.letters[column]
        draws.append(Draw(given, point, low, float(ends[row, column]), letter))
        if letter == DOT:
            break
        row = column
    return tuple(draws)


def cumulated(row: Tensor, vocabulary: Vocabulary) -> pd.DataFrame:
    """A distribution laid end to end. Columns: letter, low, high, middle, probability."""
    high = row.double().cumsum(dim=0)
    low = high - row.double()
    return pd.DataFrame(
        {
            "letter": vocabulary.letters,
            "low": low.tolist(),
            "high": high.tolist(),
            "middle": ((low + high) / 2).tolist(),
            "probability": row.double().tolist(),
        }
    )


def containing(names: Sequence[str], pair: str, wanted: int = 12) -> tuple[list[str], int]:
    """Some names that hold the pair, spread over the list, and how many do."""
    found = [name for name in names if pair in f"{DOT}{name}{DOT}"]
    unique = list(dict.fromkeys(found))
    return unique[:: max(1, len(unique) // wanted)][:wanted], len(found)


def rarest(counts: Tensor, vocabulary: Vocabulary) -> str:
    """The letter that occurs least, of those that occur."""
    often = counts[1:].sum(dim=1)
    place = torch.where(often > 0, often, often.max() + 1).argmin()
    return vocabulary.characters[int(place)]
