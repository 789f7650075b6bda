"""The two-layer net with batch norm, forward in 27 small steps and backward by hand. Knows no autograd.

    entries_of_layers.py      C, emb, embcat, W1, b1, hprebn; W2, b2
    entries_of_batch_norm.py  bnmeani ... bnraw, bngain, bnbias, hpreact, h
    entries_of_loss.py        logits, logit_maxes ... logprobs, loss

Names and steps are those of the lecture (Karpathy, Neural Networks: Zero to Hero, makemore part 4).
"""

from collections.abc import Iterator, Mapping
from math import sqrt
from typing import Any

import torch
from torch import Tensor

from makemore.by_hand import entries_of_batch_norm, entries_of_layers, entries_of_loss
from makemore.by_hand.gradient_entries import Entry, Values, gradient_names, run

PARAMETERS = ("C", "W1", "b1", "bngain", "bnbias", "W2", "b2")
LECTURE_SEED = 2147483647

# In the order of the forward pass: each comes after all that it is made of.
ENTRIES: dict[str, Entry] = {
    entry.name: entry
    for entry in (
        *entries_of_layers.EMBEDDING,
        *entries_of_batch_norm.ENTRIES,
        *entries_of_layers.OUTPUT,
        *entries_of_loss.ENTRIES,
    )
}


def draw_net(
    seed: int = LECTURE_SEED,
    *,
    letters: int = 27,
    embedding: int = 10,
    block: int = 3,
    hidden: int = 64,
    dtype: torch.dtype = torch.float32,
) -> Values:
    """The parameters by name, drawn as in the lecture; float64 gets the same numbers.

    Gain and bias are drawn around 1 and 0, and no bias is 0, so that no wrong gradient hides
    behind a factor of 1 or a sum of 0.
    """
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> Tensor:
        return torch.randn(shape, generator=generator).to(dtype)

    inside = block * embedding
    return {
        "C": normal(letters, embedding),
        "W1": normal(inside, hidden) * (5 / 3) / sqrt(inside),
        "b1": normal(hidden) * 0.1,
        "W2": normal(hidden, letters) * 0.1,
        "b2": normal(letters) * 0.1,
        "bngain": normal(1, hidden) * 0.1 + 1.0,
        "bnbias": normal(1, hidden) * 0.1,
    }


def forward(net: Mapping[str, Tensor], X: Tensor, Y: Tensor) -> Values:
    """Every value by name, in the order of ENTRIES; X (batch, block) and Y (batch,) are ids."""
    names: dict[str, Any] = {"X": X, "Y": Y, "n": len(Y)}
    values: Values = {}
    for name, entry in ENTRIES.items():
        values[name] = run(entry.code, names) if entry.code else net[name]
        names[name] = values[name]
    return values


def backward(
    values: Values, X: Tensor, Y: Tensor, changed: Mapping[str, str] | None = None
) -> Values:
    """The gradient of the loss by every value, from the loss to C; see walk_back."""
    return dict(walk_back(values, X, Y, changed))


def walk_back(
    values: Values, X: Tensor, Y: Tensor, changed: Mapping[str, str] | None = None
) -> Iterator[tuple[str, Tensor]]:
    """One name after the other with its gradient, from the loss to C.

    `changed`: other code for the gradients of some names, to see what a slip does.
    Raises RuntimeError where torch refuses the shapes, which a right gradient never does.
    """
    names: dict[str, Any] = {**values, "X": X, "Y": Y, "n": len(Y)}
    for name in reversed(ENTRIES):
        code = (changed or {}).get(name) or ENTRIES[name].gradient_code
        names[f"d{name}"] = run(code, names)
        yield name, names[f"d{name}"]


def path_gradients(name: str, values: Values, gradients: Values, X: Tensor, Y: Tensor) -> Values:
    """What comes back to a value on each of its paths, by what the path leads through; they add up."""
    names = {**values, **gradient_names(gradients), "X": X, "Y": Y, "n": len(Y)}
    return {path.through: run(path.code, names) for path in ENTRIES[name].paths}


def local_derivatives(name: str, values: Values, X: Tensor, Y: Tensor) -> Values:
    """The local derivative of each path, by what the path leads through."""
    names = {**values, "X": X, "Y": Y, "n": len(Y)}
    return {path.through: run(path.local, names) for path in ENTRIES[name].paths}
