"""Holds gradients written by hand against autograd: exact, approximate, largest difference. Knows no page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from makemore.by_hand.backprop import ENTRIES, PARAMETERS, forward
from makemore.by_hand.gradient_entries import Values

Verdict = Literal["exact", "approximate", "wrong", "wrong shape", "refused"]


@dataclass(frozen=True)
class Check:
    """One gradient against autograd's. `largest` difference: NaN where the shapes differ."""

    name: str
    verdict: Verdict
    largest: float

    @property
    def passed(self) -> bool:
        """To rounding."""
        return self.verdict in ("exact", "approximate")


def autograd(net: Mapping[str, Tensor], X: Tensor, Y: Tensor) -> tuple[Values, Values]:
    """Every value, and the loss's gradient by it as torch finds it."""
    leaves = {name: tensor.detach().requires_grad_() for name, tensor in net.items()}
    values = forward(leaves, X, Y)
    found = torch.autograd.grad(values["loss"], list(values.values()))
    detached = {name: value.detach() for name, value in values.items()}
    return detached, dict(zip(values, found, strict=True))


def autograd_step(net: Mapping[str, Tensor], X: Tensor, Y: Tensor) -> tuple[float, Values]:
    """The loss and the gradients by the parameters alone, as torch finds them."""
    leaves = {name: net[name].detach().requires_grad_() for name in PARAMETERS}
    loss = forward(leaves, X, Y)["loss"]
    found = torch.autograd.grad(loss, list(leaves.values()))
    return float(loss.detach()), dict(zip(leaves, found, strict=True))


def check(name: str, own: Tensor | None, theirs: Tensor) -> Check:
    """Compare; None stands for a gradient that was never reached.

    Approximate is what torch.allclose takes for the same, with the rounding of the largest entry
    besides: where terms cancel, as in the gradient of b1, what is left is rounding alone.
    """
    if own is None:
        return Check(name, "refused", float("nan"))
    if own.shape != theirs.shape:  # comparing would broadcast and might even agree
        return Check(name, "wrong shape", float("nan"))
    largest = float((own - theirs).abs().max())
    if torch.equal(own, theirs):
        return Check(name, "exact", largest)
    slack = 5e-8 if own.dtype == torch.float32 else 1e-12
    close = torch.allclose(own, theirs, rtol=1e-5, atol=slack + 1e-5 * float(theirs.abs().max()))
    return Check(name, "approximate" if close else "wrong", largest)


def check_all(own: Mapping[str, Tensor], theirs: Mapping[str, Tensor]) -> dict[str, Check]:
    """One check a value, in the order of the backward pass."""
    return {name: check(name, own.get(name), theirs[name]) for name in reversed(ENTRIES)}
