"""Layers that bend what they get: tanh and its kin, each forward the formula. Draws no weights.

Source: "Building makemore" part 3 for tanh and its flat ends; Maas et al. 2013 for the leaky ReLU; Clevert
et al. 2016 for the ELU.
"""

import torch
from torch import Tensor, nn

Interval = tuple[float, float]

SATURATED = 0.99  # of a tanh
FLAT = 1 - SATURATED**2  # its slope there, 0.0199: below it hardly any gradient gets back
FAR = 5.0  # where a histogram of outputs without a bound ends


class Nonlinearity(nn.Module):
    """A layer that bends; a histogram of what comes out spans `drawn_between`, (low, high).

    An output that has no bound is drawn up to a fixed one, and what lies beyond counts in the
    outermost bin.
    """

    drawn_between: Interval


class Activation(Nonlinearity):
    """Takes every number by itself: any shape -> the same shape."""

    def slope(self, y: Tensor) -> Tensor:
        """dy/dx at each output y: the share of its gradient that the input gets."""
        raise TypeError(f"{type(self).__name__} has no slope")

    def saturated(self, y: Tensor) -> Tensor:
        """Whether each output y lies where the slope is under that of a tanh at ±0.99."""
        return self.slope(y) < FLAT


class Tanh(Activation):
    """Squash every number into (-1, 1)."""

    drawn_between = (-1.0, 1.0)

    def forward(self, x: Tensor) -> Tensor:
        return torch.tanh(x)

    def slope(self, y: Tensor) -> Tensor:
        return 1 - y**2

    def saturated(self, y: Tensor) -> Tensor:
        return y.abs() > SATURATED  # the same, without the rounding of a square


class Sigmoid(Activation):
    """Squash every number into (0, 1): 1 / (1 + exp(-x))."""

    drawn_between = (0.0, 1.0)

    def forward(self, x: Tensor) -> Tensor:
        return torch.sigmoid(x)  # written out, exp(-x) overflows and so does its gradient

    def slope(self, y: Tensor) -> Tensor:
        return y * (1 - y)


class ReLU(Activation):
    """Keep what is above zero, 0 for all else. There the slope is 0, so a 0 counts as saturated."""

    drawn_between = (0.0, FAR)

    def forward(self, x: Tensor) -> Tensor:
        return torch.where(x <= 0, 0.0, x)  # asked this way round, a NaN stays one

    def slope(self, y: Tensor) -> Tensor:
        return (y > 0).to(y.dtype)


class LeakyReLU(Activation):
    """Keep what is above zero, scale all else by `negative_slope`. Raises ValueError if that is below 0."""

    drawn_between = (-1.0, FAR)

    def __init__(self, negative_slope: float = 0.01) -> None:
        super().__init__()
        if negative_slope < 0:
            raise ValueError(f"a negative slope of {negative_slope} turns back; use 0 or more")
        self.negative_slope = negative_slope

    def forward(self, x: Tensor) -> Tensor:
        return torch.where(x > 0, x, self.negative_slope * x)

    def slope(self, y: Tensor) -> Tensor:
        return torch.where(y > 0, torch.ones_like(y), self.negative_slope)

    def extra_repr(self) -> str:
        return f"{self.negative_slope}"


class ELU(Activation):
    """Keep what is above zero, alpha · (exp(x) - 1) for all else. Raises ValueError unless alpha > 0."""

    def __init__(self, alpha: float = 1.0) -> None:
        super().__init__()
        if alpha <= 0:
            raise ValueError(f"alpha is {alpha}; an ELU bends towards -alpha, so it is above 0")
        self.alpha = alpha
        self.drawn_between = (-alpha, FAR)

    def forward(self, x: Tensor) -> Tensor:
        # Clamped, because exp of a large x is infinite and would spoil the gradient, though not chosen.
        return torch.where(x > 0, x, self.alpha * torch.expm1(x.clamp(max=0)))

    def slope(self, y: Tensor) -> Tensor:
        return torch.where(y > 0, 1.0, y + self.alpha)

    def extra_repr(self) -> str:
        return f"{self.alpha}"
