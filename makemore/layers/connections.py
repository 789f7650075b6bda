"""What the WaveNet paper adds to a plain level: gates, residual and skip connections. Draws no weights.

Source: van den Oord et al. 2016, WaveNet, sections 2.3 and 2.4.
"""

from collections import OrderedDict

import torch
from torch import Tensor, nn

from makemore.layers.activations import Nonlinearity


class Gate(Nonlinearity):
    """tanh(a) · sigmoid(b), a and b being the halves of the last axis: (..., 2h) -> (..., h)."""

    drawn_between = (-1.0, 1.0)

    def forward(self, x: Tensor) -> Tensor:
        a, b = x.chunk(2, dim=-1)
        return torch.tanh(a) * torch.sigmoid(b)


class Residual(nn.Module):
    """A level that adds to what it got: body(x) plus the mean of the two children that it joins.

    (batch, positions, features) -> (batch, positions/2, features), as the body does.
    """

    def __init__(self, body: OrderedDict[str, nn.Module]) -> None:
        super().__init__()
        self.body = nn.Sequential(body)

    def forward(self, x: Tensor) -> Tensor:
        batch, positions, features = x.shape
        mean = x.view(batch, positions // 2, 2, features).mean(dim=2).squeeze(1)
        joined: Tensor = self.body(x) + mean
        return joined


class Skip(nn.Module):
    """Hands the newest node of a level past all levels above: (features of it, output of the body)."""

    def __init__(self, body: OrderedDict[str, nn.Module]) -> None:
        super().__init__()
        self.body = nn.Sequential(body)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([x[:, -1], self.body(x)], dim=-1)
