"""Frames of the bigram net as it learns: its rows, and how far they are from the counts. Trains nothing."""

from collections.abc import Sequence

import pandas as pd
import torch
from torch import Tensor

from makemore.by_hand.counted_pairs import smoothed
from makemore.data.vocabulary import DOT, Vocabulary

ELLIPSIS = "…"


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


def nearest_k(probabilities: Tensor, counts: Tensor, ks: Sequence[int]) -> int:
    """The k of `ks` that, added to every count, comes nearest: with the smallest largest difference."""
    gaps = [float((smoothed(counts, k) - probabilities).abs().max()) for k in ks]
    return ks[gaps.index(min(gaps))]


def same_name_chance(one: Tensor, other: Tensor, longest: int) -> float:
    """How probable it is that two tables of (vocab, vocab) probabilities give a name in common.

    Both draw with the same exponential noise: the letter with the largest probability by noise. They
    take letter j together if its noise is the smallest even after that of each k is divided by the
    larger of p_k / p_j and q_k / q_j, so with a chance of 1 / Σ_k max(p_k / p_j, q_k / q_j). A name is
    cut at `longest` letters.
    """
    one, other = one.double(), other.double()
    agree = torch.zeros_like(one)  # (vocab, vocab): both are at the row and go to the column
    for row, (p, q) in enumerate(zip(one, other, strict=True)):
        both = (p > 0) & (q > 0)
        odds = torch.maximum(p / p[both, None], q / q[both, None])  # (letters of both, vocab)
        agree[row, both] = 1 / odds.sum(dim=1)
    ended, at = 0.0, torch.eye(len(one), dtype=torch.float64)[0]
    for _ in range(longest):
        at = at @ agree
        ended += float(at[0])
        at[0] = 0
    return ended + float(at.sum())


def name_tiles(counted: Sequence[str], learned: Sequence[str], shown: int) -> pd.DataFrame:
    """Two lists of names letter by letter, and where a learned one parts from the counted one.

    A name ends with the dot; after `shown` letters an ellipsis stands for the rest. Columns: row
    (from 1), side (counted | learned), place (from 1), letter, parted.
    """
    rows = []
    for row, both in enumerate(zip(counted, learned, strict=True), 1):
        ends = [name + DOT for name in both]
        apart = next((i for i, (a, b) in enumerate(zip(*ends, strict=False)) if a != b), None)
        for side, name in zip(("counted", "learned"), ends, strict=True):
            letters = name if len(name) <= shown + 1 else name[:shown] + ELLIPSIS
            for i, letter in enumerate(letters):
                parted = apart is not None and (i >= apart or letter == ELLIPSIS)
                rows.append((row, side, i + 1, letter, parted))
    return pd.DataFrame(rows, columns=["row", "side", "place", "letter", "parted"])
