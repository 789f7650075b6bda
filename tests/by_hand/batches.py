"""Random batches and nets of any size for the tests of the hand-written backward pass."""

import torch
from torch import Tensor

from makemore.by_hand.backprop import draw_net, forward
from makemore.by_hand.gradient_entries import Values


def drawn(
    *, batch: int = 32, hidden: int = 64, seed: int = 1, dtype: torch.dtype = torch.float64
) -> tuple[Values, Tensor, Tensor]:
    """A net, and ids of a batch: X (batch, 3) and Y (batch,)."""
    generator = torch.Generator().manual_seed(seed)
    X = torch.randint(0, 27, (batch, 3), generator=generator)
    Y = torch.randint(0, 27, (batch,), generator=generator)
    return draw_net(seed, hidden=hidden, dtype=dtype), X, Y


def values_of(net: Values, X: Tensor, Y: Tensor) -> Values:
    return forward(net, X, Y)
