"""What no net can know: contexts with several right answers, and the loss that they leave. Trains nothing."""

import pandas as pd
from torch import Tensor

from makemore.data.examples import Examples, Tally
from makemore.data.vocabulary import Vocabulary


def conditional_entropy(tally: Tally) -> float:
    """H(next letter | context) of the counted examples, in nats: the lowest loss that there can be on them.

    Any model gives a context one distribution; the mean NLL is lowest where that is the shares of the
    letters which follow it (Gibbs' inequality).
    """
    counts = tally.counts.double()
    shares = counts / tally.weights[tally.rows]
    return float(-(counts * shares.log()).sum() / counts.sum())


def ambiguous_contexts(tally: Tally, vocabulary: Vocabulary) -> pd.DataFrame:
    """The contexts that several letters follow, the costliest first.

    Columns: context, answers (letters, the commonest first), examples, and `nats`: what the context adds
    to the floor, which is the sum of this column.
    """
    rows = []
    total = int(tally.counts.sum())
    for place in range(len(tally.contexts)):
        mine = tally.rows == place
        counts, targets = tally.counts[mine], tally.targets[mine]
        if len(counts) > 1:
            order = counts.argsort(descending=True, stable=True)
            letters = " ".join(vocabulary.letters[int(targets[i])] for i in order)
            context = vocabulary.decode(tally.contexts[place].tolist())
            rows.append((context, letters, int(counts.sum()), _cost(counts) / total))
    frame = pd.DataFrame(rows, columns=["context", "answers", "examples", "nats"])
    return frame.sort_values("nats", ascending=False, kind="stable", ignore_index=True)


def _cost(counts: Tensor) -> float:
    """What these answers of one context cost together at least, in nats."""
    each = counts.double()
    return float(-(each * (each / each.sum()).log()).sum())


def first_examples(examples: Examples, number: int) -> Examples:
    """The first so many of them."""
    return Examples(examples.contexts[:number].clone(), examples.targets[:number].clone())
