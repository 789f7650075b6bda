"""A bias before a batch norm and before none: its gradient and what moving it does. Trains nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from makemore.layers import BatchNorm1d

WITH, WITHOUT = "with batch norm", "without"


@dataclass(frozen=True, eq=False)
class HiddenLayer:
    """inputs (n, fan_in) @ weight + bias, batch norm or not, tanh, @ out + out_bias, cross-entropy."""

    inputs: Tensor
    weight: Tensor
    bias: Tensor
    out: Tensor
    out_bias: Tensor
    targets: Tensor

    def loss(self, net: str, weight: Tensor, bias: Tensor) -> Tensor:
        """Of the batch, in nats, with these in the places of the layer's own."""
        norm = BatchNorm1d(len(bias)).to(bias.dtype) if net == WITH else nn.Identity()
        hidden = torch.tanh(norm(self.inputs @ weight + bias))
        return F.cross_entropy(hidden @ self.out + self.out_bias, self.targets)


def losses_by_shift(layer: HiddenLayer, shifts: Sequence[float]) -> pd.DataFrame:
    """The loss after the same number was added to every bias. Columns: net, shift, loss."""
    with torch.inference_mode():
        rows = [
            (net, shift, float(layer.loss(net, layer.weight, layer.bias + shift)))
            for net in (WITH, WITHOUT)
            for shift in shifts
        ]
    return pd.DataFrame(rows, columns=["net", "shift", "loss"])


def gradients_by_neuron(layer: HiddenLayer) -> pd.DataFrame:
    """How large the gradients are that reach each neuron. Columns: net, neuron, bias, weight (absolute;
    of the weights the largest)."""
    frames = []
    for net in (WITH, WITHOUT):
        w, b = (each.detach().clone().requires_grad_() for each in (layer.weight, layer.bias))
        by_w, by_b = torch.autograd.grad(layer.loss(net, w, b), (w, b))
        columns = {"bias": by_b.abs().tolist(), "weight": by_w.abs().amax(0).tolist()}
        frames.append(pd.DataFrame({"net": net, "neuron": range(len(by_b)), **columns}))
    return pd.concat(frames, ignore_index=True)
