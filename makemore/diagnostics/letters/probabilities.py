"""Frames of what a bigram's probabilities lead to: a name's loss, sums, smoothing. Trains nothing."""

from collections.abc import Sequence
from itertools import pairwise
from math import inf, log

import pandas as pd
import torch
from torch import Tensor

from makemore.by_hand import bigram_descent
from makemore.by_hand.counted_pairs import smoothed
from makemore.data.vocabulary import Vocabulary


def sums(matrix: Tensor, vocabulary: Vocabulary) -> pd.DataFrame:
    """What each row and each column adds up to. Columns: letter, which (row | column), total."""
    totals = {"row": matrix.sum(dim=1).tolist(), "column": matrix.sum(dim=0).tolist()}
    rows = [
        {"letter": letter, "which": which, "total": total}
        for which, values in totals.items()
        for letter, total in zip(vocabulary.letters, values, strict=True)
    ]
    return pd.DataFrame(rows)


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
        rows.append(
            {
                "position": position,
                "first": first,
                "second": second,
                "pair": first + second,
                "count": int(counts[a, b]),
                "row": int(counts[a].sum()),
                "probability": p,
                "nll": nll,
                "running": running,
                "mean": running / position,
            }
        )
    return pd.DataFrame(rows)


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
        losses = {
            "the whole list": bigram_descent.nll(logp, counts),
            "this name": float(-logp[ids[:-1], ids[1:]].mean()),
        }
        for series, loss in losses.items():
            rows.append({"k": k, "place": place, "series": series, "loss": loss})
    frame = pd.DataFrame(rows)
    return frame[frame["loss"] < inf].reset_index(drop=True)


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
