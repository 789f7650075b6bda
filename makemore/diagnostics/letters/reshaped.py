"""What temperature and top-k make of logits that are there already. Runs no model."""

from math import exp

import pandas as pd
from torch import Tensor, inf, where

from makemore.data.vocabulary import Vocabulary


def reshape(logits: Tensor, *, temperature: float, most: int) -> Tensor:
    """(vocab,) logits -> (vocab,) probabilities: divided by the temperature, the `most` largest alone.

    Letters that share the last place with others all stay.
    """
    logits = logits.double()
    least = logits.topk(min(most, len(logits))).values[-1]
    kept = where(logits >= least, logits / temperature, -inf)
    return kept.softmax(dim=0)


def perplexity(probabilities: Tensor) -> float:
    """exp of the entropy: among so many equally likely letters the choice would be as open."""
    some = probabilities.double()[probabilities > 0]
    return exp(float(-(some * some.log()).sum()))


def reshaped(
    logits: Tensor, vocabulary: Vocabulary, *, temperature: float, most: int
) -> pd.DataFrame:
    """The next letter as the model says and as it would be drawn. Columns: letter, model, drawn."""
    return pd.DataFrame(
        {
            "letter": vocabulary.letters,
            "model": logits.double().softmax(dim=0).tolist(),
            "drawn": reshape(logits, temperature=temperature, most=most).tolist(),
        }
    )
