"""The whole training loop on gradients written by hand. Knows no autograd, no optimizer, no event."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import perf_counter

import torch
from torch import Tensor

from makemore.by_hand.backprop import PARAMETERS, backward, forward
from makemore.by_hand.fused_backprop import fused_backward, fused_forward
from makemore.by_hand.gradient_entries import Values
from makemore.data.examples import Examples

BATCH = 32
RATE = 0.1

# The loss of a batch, and the gradients by the parameters.
Slope = Callable[[Mapping[str, Tensor], Tensor, Tensor], tuple[float, Values]]


@dataclass(frozen=True)
class Trained:
    """What a training came to: the loss of each batch before its step, the net, seconds it took.

    `refused`: what torch said of a gradient that it could not take, and the training ended there.
    """

    losses: tuple[float, ...]
    net: Values
    seconds: float
    refused: str = ""


def hand_step(net: Mapping[str, Tensor], X: Tensor, Y: Tensor) -> tuple[float, Values]:
    """Through all 27 entries."""
    return changed_step({})(net, X, Y)


def fused_step(net: Mapping[str, Tensor], X: Tensor, Y: Tensor) -> tuple[float, Values]:
    """In the few large steps."""
    values = fused_forward(net, X, Y)
    return float(values["loss"]), fused_backward(values, X, Y)


def changed_step(changed: Mapping[str, str]) -> Slope:
    """Through all entries, with other code for the gradients of some: what a slip does to a training."""

    def step(net: Mapping[str, Tensor], X: Tensor, Y: Tensor) -> tuple[float, Values]:
        values = forward(net, X, Y)
        gradients = backward(values, X, Y, changed)
        return float(values["loss"]), {name: gradients[name] for name in PARAMETERS}

    return step


def train(
    net: Mapping[str, Tensor],
    examples: Examples,
    *,
    steps: int,
    seed: int,
    slope: Slope = hand_step,
    rate: float = RATE,
    batch: int = BATCH,
) -> Trained:
    """So many steps of plain descent; `net` itself stays. The same seed draws the same batches."""
    net = {name: tensor.detach().clone() for name, tensor in net.items()}
    generator = torch.Generator().manual_seed(seed)
    losses: list[float] = []
    refused = ""
    began = perf_counter()
    for _ in range(steps):
        chosen = torch.randint(0, len(examples), (batch,), generator=generator)
        try:
            loss, gradients = slope(net, examples.contexts[chosen], examples.targets[chosen])
            losses.append(loss)
            for name, gradient in gradients.items():
                net[name] -= rate * gradient  # in place: a gradient of a larger shape is refused
        except RuntimeError as error:
            refused = str(error).partition("\n")[0]
            break
    return Trained(tuple(losses), net, perf_counter() - began, refused)


def printed_alike(one: tuple[float, ...], other: tuple[float, ...], digits: int = 4) -> int:
    """How many losses from the first on are the same when printed with so many digits."""
    for step, (a, b) in enumerate(zip(one, other, strict=True)):
        if f"{a:.{digits}f}" != f"{b:.{digits}f}":
            return step
    return len(one)
