"""One number of a gradient as the products it is the sum of. Knows entries and values, no page."""

from dataclasses import dataclass

import torch
from torch import Tensor

from makemore.by_hand.backprop import ENTRIES
from makemore.by_hand.gradient_entries import Path, Values, run


@dataclass(frozen=True)
class Term:
    """What comes back from one place: local derivative times incoming gradient.

    `place` is where in the incoming gradient, by row and column from 0.
    """

    through: str
    place: tuple[int, ...]
    local: float
    incoming: float

    @property
    def product(self) -> float:
        return self.local * self.incoming


def terms_of(
    name: str, index: tuple[int, ...], values: Values, gradients: Values, X: Tensor, Y: Tensor
) -> list[Term]:
    """All products whose sum is the gradient of this entry at `index`, path by path.

    Terms whose local derivative is 0 are left out, as a letter that is not the right one.
    """
    names = {**values, "X": X, "Y": Y, "n": len(Y)}
    found: list[Term] = []
    for path in ENTRIES[name].paths:
        local = run(path.local, names)
        found += _path_terms(path, index, values[name], local, gradients[path.through], X)
    return [term for term in found if term.local]


def _path_terms(
    path: Path, index: tuple[int, ...], value: Tensor, local: Tensor, incoming: Tensor, X: Tensor
) -> list[Term]:
    through = path.through
    match path.kind:
        case "incoming @ local":
            row, column = index
            pairs = zip(local[:, column].tolist(), incoming[row].tolist(), strict=True)
            return [Term(through, (row, k), a, b) for k, (a, b) in enumerate(pairs)]
        case "local @ incoming":
            row, column = index
            pairs = zip(local[row].tolist(), incoming[:, column].tolist(), strict=True)
            return [Term(through, (k, column), a, b) for k, (a, b) in enumerate(pairs)]
        case "gathered":
            row, column = index
            places = X.eq(row).nonzero().tolist()
            return [
                Term(through, (i, k, column), 1.0, float(incoming[i, k, column])) for i, k in places
            ]
        case "reshaped":
            flat = incoming.view(value.shape)
            place = (index[0], index[1] * value.shape[2] + index[2])
            return [Term(through, place, 1.0, float(flat[index]))]
        case "times":
            return _times_terms(through, index, value, local, incoming)


def _times_terms(
    through: str, index: tuple[int, ...], value: Tensor, local: Tensor, incoming: Tensor
) -> list[Term]:
    """Every place of the broadcast product that the value at `index` had a hand in."""
    shape = torch.broadcast_shapes(local.shape, incoming.shape, value.shape)
    local, wide = local.expand(shape), incoming.expand(shape)
    own = (0,) * (len(shape) - len(index)) + index
    sizes = (1,) * (len(shape) - value.dim()) + tuple(value.shape)
    ranges = [range(n) if size == 1 else (i,) for i, size, n in zip(own, sizes, shape, strict=True)]
    places = torch.cartesian_prod(*(torch.tensor(list(r)) for r in ranges)).view(-1, len(shape))
    return [
        Term(through, tuple(place), float(local[tuple(place)]), float(wide[tuple(place)]))
        for place in places.tolist()
    ]
