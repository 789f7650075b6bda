"""Frames of the bigram net as it learns: its rows, and how far they are from the counts. Trains nothing."""

from collections.abc import Sequence

import pandas as pd
import torch
from torch import Tensor

from makemore.data.vocabulary import Vocabulary


def bars(W: Tensor, row: int, vocabulary: Vocabulary) -> pd.DataFrame:
    """One row of logits on its way through the softmax, and the one-hot letter that plucks it.

    Columns: letter, one_hot, logit, exp, probability.
    """
    one_hot = torch.eye(len(W), dtype=torch.float64)[row]
    logits = one_hot @ W.double()  # (vocab,) @ (vocab, vocab): the row, and nothing of the others
    return pd.DataFrame(
        {
            "letter": vocabulary.letters,
            "one_hot": one_hot.tolist(),
            "logit": logits.tolist(),
            "exp": logits.exp().tolist(),
            "probability": logits.softmax(dim=0).tolist(),
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


def distances(
    tables: Sequence[Tensor], steps: Sequence[int], probabilities: Tensor
) -> pd.DataFrame:
    """How far the softmax of each table is from the counted probabilities.

    Columns: step, largest (difference of any cell), mean (over the cells).
    """
    gaps = [(W.double().softmax(dim=1) - probabilities).abs() for W in tables]
    return pd.DataFrame(
        {
            "step": list(steps),
            "largest": [float(gap.max()) for gap in gaps],
            "mean": [float(gap.mean()) for gap in gaps],
        }
    )


def moved(before: Tensor, after: Tensor, vocabulary: Vocabulary) -> pd.DataFrame:
    """How far each letter's row of weights has moved. Columns: letter, value."""
    lengths = (after - before).norm(dim=1)
    return pd.DataFrame({"letter": vocabulary.letters, "value": lengths.tolist()})


def weights(counts: Tensor, vocabulary: Vocabulary) -> pd.DataFrame:
    """For how many examples each row of weights answers. Columns: letter, value."""
    return pd.DataFrame({"letter": vocabulary.letters, "value": counts.sum(dim=1).tolist()})


def without(counts: Tensor, row: int) -> Tensor:
    """Counts in which one letter never occurs: neither before nor after any other."""
    left = counts.clone()
    left[row], left[:, row] = 0, 0
    return left


def curve(losses: Sequence[float]) -> pd.DataFrame:
    """The loss before each step and after the last. Columns: step, loss."""
    return pd.DataFrame({"step": range(len(losses)), "loss": losses})
