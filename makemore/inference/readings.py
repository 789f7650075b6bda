"""What is kept of a look inside, to diagnose a training by: numbers and histograms a layer. Runs no model.

Of each layer that bends: how its outputs spread, how many lie where it is flat, and the gradients that
reach them. Of each parameter: how large it, its gradient and its last change are beside each other.
Source: "Building makemore" part 3, the four diagnostic charts.
"""

from dataclasses import dataclass
from math import log

import torch
from torch import Tensor

from makemore.inference.capture import Snapshot
from makemore.layers import Activation, Nonlinearity

GRADIENT_BINS = 51  # an odd number: 0, where most gradients are, is in the middle of one
SPREADS = 4.0  # root mean squares that a histogram of gradients spans to either side of 0
FINITE = 1e30  # what is larger, or is no number, is kept as this: a chart has no place for infinity


@dataclass(frozen=True)
class LayerNumbers:
    """The outputs of a layer that bends, over a batch, and the gradients of the loss by them.

    flat: the share of outputs where hardly any gradient gets back (see `Activation.saturated`). dead:
    the share of neurons that are so for every example of the batch. flat_ends: how many flat ends the
    layer has, 2 for a tanh, 1 for a ReLU; 0 where nobody knows, and then flat and dead are 0.
    """

    mean: float
    std: float
    flat: float
    dead: float
    flat_ends: int
    gradient_mean: float
    gradient_std: float


@dataclass(frozen=True)
class ParameterNumbers:
    """A parameter, its gradient, and the change that the last update made; 0 where that is not known."""

    mean: float
    std: float
    gradient_mean: float
    gradient_std: float
    update_std: float


@dataclass(frozen=True, eq=False)
class Reading:
    """One moment of a training, small enough to keep fifty.

    loss: that of the batch, in nats; uniform: that of guessing. layers: by name, in the order in which
    they ran; parameters: by name. gradients: by layer, and weight_gradients: by matrix, a histogram
    (51,) of shares over `gradient_interval` of the same numbers, outliers in the outermost bins.
    """

    step: int
    loss: float
    uniform: float
    layers: dict[str, LayerNumbers]
    parameters: dict[str, ParameterNumbers]
    gradients: dict[str, Tensor]
    weight_gradients: dict[str, Tensor]


def read(snapshot: Snapshot) -> Reading:
    """What is kept of a look inside."""
    layers = {
        name: _layer(snapshot.activations[name], snapshot.gradients.get(name), layer)
        for name, layer in snapshot.bending.items()
    }
    parameters = {
        name: _parameter(weight, snapshot.weight_gradients.get(name), snapshot.updates.get(name))
        for name, weight in snapshot.weights.items()
    }
    return Reading(
        step=snapshot.step,
        loss=finite(snapshot.loss),
        uniform=log(snapshot.vocab_size),
        layers=layers,
        parameters=parameters,
        gradients={
            name: _shares(gradient, layers[name].gradient_mean, layers[name].gradient_std)
            for name, gradient in snapshot.gradients.items()
            if name in layers
        },
        weight_gradients={
            name: _shares(gradient, parameters[name].gradient_mean, parameters[name].gradient_std)
            for name, gradient in snapshot.weight_gradients.items()
            if is_matrix(gradient)
        },
    )


def is_matrix(parameter: Tensor) -> bool:
    """Whether speeds of this parameter are compared: those of vectors start at 0 or 1 and say little."""
    return parameter.dim() == 2


def finite(value: float) -> float:
    """The same, no further from 0 than FINITE."""
    return max(-FINITE, min(FINITE, value)) if value == value else FINITE


def mean_and_std(tensor: Tensor | None) -> tuple[float, float]:
    """Both of all its numbers; the deviation divided by n - 1, as in the lecture, and 0 for a single one."""
    if tensor is None:
        return 0.0, 0.0
    if tensor.numel() < 2:
        return finite(float(tensor.sum())), 0.0
    mean = tensor.float().mean()
    std = (tensor - mean).norm() / (
        tensor.numel() - 1
    ) ** 0.5  # a fifth of the time of torch.std_mean
    return finite(float(mean)), finite(float(std))


def gradient_interval(mean: float, std: float) -> tuple[float, float]:
    """What a histogram of gradients with these two numbers spans: 4 root mean squares to either side."""
    far = max(SPREADS * (mean**2 + std**2) ** 0.5, 1 / FINITE)
    return -far, far


def flat_ends(layer: Nonlinearity) -> int:
    """How many ends of an activation lie under the slope that counts as flat; 0 for what is no activation."""
    if not isinstance(layer, Activation):
        return 0
    ends = torch.tensor([-1e4, 1e4])
    return int(layer.saturated(layer(ends)).sum())


def _layer(outputs: Tensor, gradient: Tensor | None, layer: Nonlinearity) -> LayerNumbers:
    rows = outputs.flatten(0, -2)  # every position of a window counts as an example
    ends = flat_ends(layer)
    flat = layer.saturated(rows) if isinstance(layer, Activation) and ends else rows.new_zeros(1, 1)
    each = flat.sum(dim=0) / len(flat)
    return LayerNumbers(
        *mean_and_std(outputs),
        flat=float(each.mean()),
        dead=float((each == 1).float().mean()),
        flat_ends=ends,
        **dict(zip(("gradient_mean", "gradient_std"), mean_and_std(gradient), strict=True)),
    )


def _parameter(weight: Tensor, gradient: Tensor | None, update: float | None) -> ParameterNumbers:
    return ParameterNumbers(
        *mean_and_std(weight), *mean_and_std(gradient), update_std=finite(update or 0.0)
    )


def _shares(gradient: Tensor, mean: float, std: float) -> Tensor:
    """The histogram of a gradient over its `gradient_interval`."""
    return shares(gradient, *gradient_interval(mean, std), GRADIENT_BINS)


def shares(values: Tensor, low: float, high: float, bins: int) -> Tensor:
    """A histogram (bins,) as shares, what lies outside in the outermost bins, and NaN in the last one.

    torch.histc takes four times as long, which is felt in a training that is looked into.
    """
    width = (high - low) / bins
    places = values.float().flatten().mul(1 / width).sub_(low / width)
    places.nan_to_num_(bins, bins, 0).clamp_(0, bins - 0.5)
    return torch.bincount(places.int(), minlength=bins) / values.numel()
