"""The tree slid along a name is a stack of dilated causal convolutions. Learns nothing: it borrows weights.

Sliding the window one letter on, the tree computes most of its nodes again; the convolution computes
each node once and looks back 1, 2, 4, ... steps for the other half. Source: "Building makemore" part 5;
van den Oord et al. 2016, WaveNet, section 2.1.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from makemore.layers import FlattenConsecutive, Linear
from makemore.models.wavenet import WaveNet


class CausalConvolution(nn.Module):
    """The same numbers as a plain WaveNet in eval mode, for all positions of a sequence at once.

    Raises ValueError for a net with gates, residual or skip connections, or with batch norm's axis
    bug: their nodes are more than a convolution, tanh and batch norm.
    """

    def __init__(self, tree: WaveNet) -> None:
        super().__init__()
        config = tree.config
        if config.gate or config.residual or config.skip or config.reduce == "batch":
            raise ValueError("only a plain tree with repaired batch norm is a plain convolution")
        self.tree = tree
        self.block_size = tree.block_size

    def forward(self, ids: Tensor) -> Tensor:
        """ids (batch, time) of letters -> logits (batch, time + 1, vocab).

        Position t holds the prediction after t letters; before the first one there are only dots.
        """
        padded = F.pad(ids, (self.block_size, 0))  # the dots that fill the first window
        embedding, *levels, logits = self.tree.layers
        x = embedding(padded).transpose(1, 2)  # (batch, embedding, time): what conv1d expects
        dilation = 1
        for layer in levels:
            if isinstance(layer, Linear):
                x = F.conv1d(x, kernel(layer), dilation=dilation)
                dilation *= 2
            # The kernel does what FlattenConsecutive does: it joins two steps of a window.
            elif not isinstance(layer, FlattenConsecutive):
                x = layer(x.transpose(1, 2)).transpose(1, 2)
        y: Tensor = logits(x.transpose(1, 2))
        return y


def kernel(linear: Linear) -> Tensor:
    """The weights of a fusing Linear (2·features, hidden) as a kernel (hidden, features, 2)."""
    older, newer = linear.weight.chunk(2)
    return torch.stack([older, newer], dim=2).transpose(0, 1)
