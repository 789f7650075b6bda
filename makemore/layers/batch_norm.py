"""Batch norm: the lecture's formula, and its axis bug on demand. Draws no weights.

Source: "Building makemore" part 3 (A. Karpathy); Ioffe and Szegedy 2015.
"""

from math import prod
from typing import Literal

import torch
from torch import Tensor, nn

Reduce = Literal["all", "batch"]


class BatchNorm1d(nn.Module):
    """Shift and scale each feature to mean 0 and variance 1 over the batch, then by gamma and beta.

    The mean runs over every axis but the last. `reduce="batch"` keeps the historical bug for
    input (batch, positions, features): it averages over axis 0 alone, so that each position has
    statistics of its own, from fewer numbers; `positions` then gives their shape.
    The variance is the unbiased one (divided by n - 1), as in the lecture; torch divides by n.
    In eval mode the running statistics serve; `momentum` is the weight of the newest batch.
    Raises ValueError in train mode when there is only one number a feature: it has no variance.
    """

    running_mean: Tensor
    running_var: Tensor

    def __init__(
        self,
        features: int,
        *,
        eps: float = 1e-5,
        momentum: float = 0.1,
        reduce: Reduce = "all",
        positions: int = 1,
    ) -> None:
        super().__init__()
        self.eps, self.momentum, self.reduce = eps, momentum, reduce
        self.gamma = nn.Parameter(torch.ones(features))
        self.beta = nn.Parameter(torch.zeros(features))
        shape = (positions, features) if reduce == "batch" and positions > 1 else (features,)
        self.register_buffer("running_mean", torch.zeros(shape))
        self.register_buffer("running_var", torch.ones(shape))

    def forward(self, x: Tensor) -> Tensor:
        """(..., features) -> the same shape."""
        if self.training:
            axes = (0,) if self.reduce == "batch" else tuple(range(x.dim() - 1))
            self.check(prod(x.shape[axis] for axis in axes))
            mean, var = x.mean(axes), x.var(axes)
            self.remember(mean, var)
        else:
            mean, var = self.running_mean, self.running_var
        # gamma · (x - mean) / √(var + eps) + beta, with all that no row changes worked out first.
        scale = self.gamma / torch.sqrt(var + self.eps)
        return torch.addcmul(self.beta - mean * scale, x, scale)

    @torch.no_grad()
    def remember(self, mean: Tensor, var: Tensor) -> None:
        """Move the running statistics towards those of a batch."""
        self.running_mean.lerp_(mean, self.momentum)
        self.running_var.lerp_(var, self.momentum)

    @staticmethod
    def check(numbers: int) -> None:
        """Raises ValueError where so many numbers a feature have no variance."""
        if numbers < 2:
            raise ValueError(
                "batch norm in train mode got one example, and one number has no variance; "
                "use a larger batch, or eval mode"
            )

    def extra_repr(self) -> str:
        return f"{len(self.gamma)}, reduce={self.reduce!r}"
