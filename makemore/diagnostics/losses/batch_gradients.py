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
CHUNK = 16_384  # contexts that go through the net at a time


def full_gradient(model: LanguageModel, tally: Tally) -> Tensor:
    """(parameters,) of the mean loss over all examples; each distinct context goes through once.

    In parts, as the activations of a long list's contexts would fill the memory.
    """
    total = int(tally.counts.sum())
    found: Tensor | None = None
    for start in range(0, len(tally.contexts), CHUNK):
        inside = (tally.rows >= start) & (tally.rows < start + CHUNK)
        rows, targets = tally.rows[inside] - start, tally.targets[inside]
        logp = model(tally.contexts[start : start + CHUNK]).log_softmax(dim=1)
        loss = -(logp[rows, targets] * tally.counts[inside]).sum() / total
        part = _flat(loss, model)
        found = part if found is None else found + part
    assert found is not None  # no list is empty
    return found


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
