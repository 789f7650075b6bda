"""What the rest of a batch does to one example of it: train mode against eval mode. Trains nothing."""

import copy

import pandas as pd
import torch
from torch import Generator, Tensor

from makemore.inference import evaluation
from makemore.models import LanguageModel


def probabilities_among(
    model: LanguageModel,
    context: Tensor,
    target: int,
    others: Tensor,
    *,
    size: int,
    batches: int,
    seed: int = 0,
) -> pd.DataFrame:
    """The probability of an example's target in train mode, each time among others in a batch of `size`.

    context (block,), others (examples, block), of which size - 1 are drawn for each batch. Columns:
    batch (from 1), probability. Raises ValueError for a size below 2: one example has no variance.
    """
    if size < 2:
        raise ValueError("one example has no variance; take two or more")
    twin = copy.deepcopy(model).train()  # whose running statistics may move
    generator = Generator().manual_seed(seed)
    found = []
    with torch.inference_mode():
        for _ in range(batches):
            drawn = torch.randint(0, len(others), (size - 1,), generator=generator)
            logits = twin(torch.cat([context[None], others[drawn]]))
            found.append(float(logits[0].softmax(dim=0)[target]))
    return pd.DataFrame({"batch": range(1, batches + 1), "probability": found})


def probability_alone(model: LanguageModel, context: Tensor, target: int) -> float:
    """The same in eval mode, where the running statistics serve and no other example counts."""
    with evaluation.eval_mode(model), torch.inference_mode():
        return float(model(context[None])[0].softmax(dim=0)[target])
