"""Frames of letter pairs: the counted matrix, and learned rows beside counted ones. Trains nothing."""

import pandas as pd
from torch import Tensor

from makemore.data.vocabulary import Vocabulary


def cells(counts: Tensor, probabilities: Tensor, vocabulary: Vocabulary) -> pd.DataFrame:
    """One row a cell of the (vocab, vocab) matrices, row by row.

    Columns: first, second, pair, count, probability.
    """
    firsts, seconds = _index(vocabulary)
    return pd.DataFrame(
        {
            "first": firsts,
            "second": seconds,
            "pair": [a + b for a, b in zip(firsts, seconds, strict=True)],
            "count": counts.flatten().tolist(),
            "probability": probabilities.flatten().double().tolist(),
        }
    )


def distribution(probabilities: Tensor, vocabulary: Vocabulary) -> pd.DataFrame:
    """One row a letter of a (vocab,) distribution. Columns: letter, probability."""
    return pd.DataFrame(
        {"letter": vocabulary.letters, "probability": probabilities.double().tolist()}
    )


def compared(counted: Tensor, learned: Tensor, vocabulary: Vocabulary) -> pd.DataFrame:
    """Two (vocab,) distributions letter by letter. Columns: letter, counted, learned."""
    return pd.DataFrame(
        {
            "letter": vocabulary.letters,
            "counted": counted.double().tolist(),
            "learned": learned.double().tolist(),
        }
    )


def agreement(counts: Tensor, logits: Tensor, vocabulary: Vocabulary) -> pd.DataFrame:
    """Log counts against logits for every pair that occurs, each less the mean of its row.

    The mean is taken over the pairs of the row that occur: softmax leaves a constant a row free,
    and the log of a count of zero does not exist. Columns: pair, count, counted, learned.
    """
    seen = counts > 0
    number = seen.sum(dim=1, keepdim=True).clamp(min=1)
    log_counts = counts.double().clamp(min=1).log()  # rows of unseen pairs drop out below

    def centred(values: Tensor) -> Tensor:
        return values - (values * seen).sum(dim=1, keepdim=True) / number

    firsts, seconds = _index(vocabulary)
    frame = pd.DataFrame(
        {
            "pair": [a + b for a, b in zip(firsts, seconds, strict=True)],
            "count": counts.flatten().tolist(),
            "counted": centred(log_counts).flatten().tolist(),
            "learned": centred(logits.double()).flatten().tolist(),
        }
    )
    return frame[frame["count"] > 0].reset_index(drop=True)


def _index(vocabulary: Vocabulary) -> tuple[list[str], list[str]]:
    letters = vocabulary.letters
    return [a for a in letters for _ in letters], [b for _ in letters for b in letters]
