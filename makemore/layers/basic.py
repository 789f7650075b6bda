"""Linear, Embedding, FlattenConsecutive: each forward is the lecture's formula. Draws no weights.

Parameters start at zero; a model says in one place how it draws them.
Source: "Building makemore" parts 3 and 5 (A. Karpathy).
"""

import torch
from torch import Tensor, nn


class Linear(nn.Module):
    """y = x @ W + b on the last axis: (..., fan_in) -> (..., fan_out), whatever stands before it."""

    def __init__(self, fan_in: int, fan_out: int, *, bias: bool = True) -> None:
        super().__init__()
        self.fan_in, self.fan_out = fan_in, fan_out
        self.weight = nn.Parameter(torch.zeros(fan_in, fan_out))
        self.bias = nn.Parameter(torch.zeros(fan_out)) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        y = x @ self.weight
        return y if self.bias is None else y + self.bias

    def extra_repr(self) -> str:
        return f"{self.fan_in}, {self.fan_out}, bias={self.bias is not None}"


def bias_of(layer: Linear) -> Tensor:
    """The bias of a layer that has one. Raises ValueError for one that has not."""
    if layer.bias is None:
        raise ValueError("this layer was built without a bias")
    return layer.bias


class Embedding(nn.Module):
    """A table with one row an id: ids (...) -> rows (..., embedding)."""

    def __init__(self, vocab_size: int, embedding: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(vocab_size, embedding))

    def forward(self, ids: Tensor) -> Tensor:
        return self.weight[ids]

    def extra_repr(self) -> str:
        return f"{self.weight.shape[0]}, {self.weight.shape[1]}"


class FlattenConsecutive(nn.Module):
    """Join `n` neighbours: (batch, positions, features) -> (batch, positions/n, n·features).

    When a single position remains its axis is dropped. Raises ValueError when n does not divide.
    """

    def __init__(self, n: int) -> None:
        super().__init__()
        self.n = n

    def forward(self, x: Tensor) -> Tensor:
        batch, positions, features = x.shape
        if positions % self.n:
            raise ValueError(f"{positions} positions cannot be joined {self.n} at a time")
        joined = x.view(batch, positions // self.n, features * self.n)
        return joined.squeeze(1)  # (batch, 1, features) -> (batch, features), else unchanged

    def extra_repr(self) -> str:
        return f"{self.n}"
