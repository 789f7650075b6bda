"""Frames of the bigram net as it learns: how far its rows are from the counts, and by how much they moved. Trains nothing."""

from collections.abc import Sequence

import pandas as pd
import torch
from torch import Tensor

from makemore.vocabulary import Vocabulary


def bars(row: Tensor, vocabulary: Vocabulary) -> pd.DataFrame:
    """The softmax of one row of logits, in its three stages. Columns: letter, logit, exp, probability."""
    row = row.double()
    return pd.DataFrame(
        {
            "letter": vocabulary.letters,
            "logit": row.tolist(),
            "exp": row.exp().tolist(),
            "probability": row.softmax(dim=0).tolist(),
        }
    )


def table(W: Tensor, vocabulary: Vocabulary) -> pd.DataFrame:
    """Every weight of a (vocab, vocab) matrix. Columns: first, second, pair, weight."""
    letters = vocabulary.letters
    return pd.DataFrame(
        {
            "first": [a for a in letters for _ in letters],
            "second": [b for _ in letters for b in letters],
            "pair": [a + b for a in letters for b in letters],
            "weight": W.double().flatten().tolist(),
        }
    )


def distances(tables: Sequence[Tensor], steps: Sequence[int], probabilities: Tensor) -> pd.DataFrame:
    """How far the softmax of each table is from the counted probabilities.

    Columns: step, largest (difference of any cell), mean (over the cells).
    """
    rows = []
    for step, W in zip(steps, tables, strict=True):
        apart = (W.double().softmax(dim=1) - probabilities).abs()
        rows.append((step, float(apart.max()), float(apart.mean())))
    return pd.DataFrame(rows, columns=["step", "largest", "mean"])


def moved(before: Tensor, after: Tensor, vocabulary: Vocabulary) -> pd.DataFrame:
    """How far each letter's row of weights has moved. Columns: letter, distance."""
    lengths = (after - before).norm(dim=1)
    return pd.DataFrame({"letter": vocabulary.letters, "distance": lengths.tolist()})


def without(counts: Tensor, row: int) -> Tensor:
    """Counts in which one letter never occurs: neither before nor after any other."""
    left = counts.clone()
    left[row], left[:, row] = 0, 0
    return left


def one_hot(size: int, place: int) -> Tensor:
    """(size,) zeros with a one at this place."""
    return torch.eye(size)[place]
