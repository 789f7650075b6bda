"""How far the gradient of a mini-batch is from that of all examples. Draws nothing and changes no weight."""

from collections.abc import Sequence

import pandas as pd
import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from makemore.data.examples import Examples, Tally
from makemore.models import LanguageModel

SIZES = (1, 8, 32, 256)
DRAWS = 40  # batches of each size


def full_gradient(model: LanguageModel, tally: Tally) -> Tensor:
    """(parameters,) of the mean loss over all examples; each distinct context goes through once."""
    logp = model(tally.contexts).log_softmax(dim=1)
    loss = -(logp[tally.rows, tally.targets] * tally.counts).sum() / tally.counts.sum()
    return _flat(loss, model)


def batch_gradient(model: LanguageModel, contexts: Tensor, targets: Tensor) -> Tensor:
    """(parameters,) of the mean loss over these examples."""
    return _flat(F.cross_entropy(model(contexts), targets), model)


def _flat(loss: Tensor, model: LanguageModel) -> Tensor:
    found = torch.autograd.grad(loss, list(model.parameters()))
    return torch.cat([gradient.flatten() for gradient in found])


def angle(one: Tensor, other: Tensor) -> float:
    """Between two vectors, in degrees; 90 where one of them is zero, as it then points nowhere."""
    lengths = float(one.double().norm() * other.double().norm())
    if not lengths:
        return 90.0
    cosine = float(one.double() @ other.double()) / lengths
    return float(torch.tensor(cosine).clamp(-1, 1).acos().rad2deg())


def batch_gradients(
    model: LanguageModel,
    examples: Examples,
    *,
    seed: int,
    sizes: Sequence[int] = SIZES,
    draws: int = DRAWS,
) -> pd.DataFrame:
    """For so many random batches of each size, and last for all examples at once (size 0).

    Columns: size, draw, angle in degrees to the gradient of all, and `noise`: the length of the
    difference from that gradient, as a multiple of its length. The model must be in evaluation mode.
    """
    whole = full_gradient(model, examples.tally)
    length = float(whole.norm()) or 1.0
    generator = Generator().manual_seed(seed)
    rows = []
    for size in sizes:
        for draw in range(draws):
            chosen = torch.randint(0, len(examples), (size,), generator=generator)
            found = batch_gradient(model, examples.contexts[chosen], examples.targets[chosen])
            noise = float((found - whole).norm()) / length
            rows.append((size, draw, angle(found, whole), noise))
    rows.append((0, 0, 0.0, 0.0))
    return pd.DataFrame(rows, columns=["size", "draw", "angle", "noise"])
