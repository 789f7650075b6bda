"""Numbers about the tensors of a model, and how far those of two models lie apart. Runs no model."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Spread:
    """A tensor in numbers; `std` divides by n - 1 and is 0 for a single number."""

    shape: tuple[int, ...]
    numbers: int
    mean: float
    std: float
    low: float
    high: float


@dataclass(frozen=True)
class Distance:
    """Two tensors of one name.

    distance: the norm of their difference; relative: over the norm of the first, None where that is
    0. cosine: of the angle between them, None where either is 0.
    """

    distance: float
    relative: float | None
    cosine: float | None


def named_tensors(model: nn.Module) -> dict[str, Tensor]:
    """Parameters and what is kept beside them, by layer: `hidden.weight`, in the order of the layers."""
    return {
        name.removeprefix("layers."): tensor.detach() for name, tensor in model.state_dict().items()
    }


def spread(tensor: Tensor) -> Spread:
    """The tensor in numbers."""
    values = tensor.detach().double().flatten()
    return Spread(
        shape=tuple(tensor.shape),
        numbers=values.numel(),
        mean=float(values.mean()),
        std=float(values.std()) if values.numel() > 1 else 0.0,
        low=float(values.min()),
        high=float(values.max()),
    )


def distances(one: Mapping[str, Tensor], other: Mapping[str, Tensor]) -> dict[str, Distance | None]:
    """By name, in the order of the first; None for a tensor that only one has, or of another shape."""
    names = [*one, *(name for name in other if name not in one)]
    return {name: _distance(one.get(name), other.get(name)) for name in names}


def _distance(one: Tensor | None, other: Tensor | None) -> Distance | None:
    if one is None or other is None or one.shape != other.shape:
        return None
    a, b = one.double().flatten(), other.double().flatten()
    away, long, length = (a - b).norm(), a.norm(), b.norm()
    return Distance(
        distance=float(away),
        relative=float(away / long) if long else None,
        cosine=float(torch.dot(a, b) / (long * length)) if long and length else None,
    )
