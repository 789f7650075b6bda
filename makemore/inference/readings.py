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
        gradients={n: _shares(g) for n, g in snapshot.gradients.items() if n in layers},
        weight_gradients={
            n: _shares(g) for n, g in snapshot.weight_gradients.items() if is_matrix(g)
        },
    )


def is_matrix(parameter: Tensor) -> bool:
    """Whether speeds of this parameter are compared: those of vectors start at 0 or 1 and say little."""
    return parameter.dim() == 2


def finite(value: float) -> float:
    """The same, no further from 0 than FINITE."""
    return max(-FINITE, min(FINITE, value)) if value == value else FINITE


def std_of(tensor: Tensor) -> float:
    """The standard deviation, divided by n - 1 as in the lecture; 0 for a single number."""
    return finite(float(tensor.float().std())) if tensor.numel() > 1 else 0.0


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
    return LayerNumbers(
        mean=_mean(outputs),
        std=std_of(outputs),
        flat=float(flat.float().mean()),
        dead=float(flat.bool().all(dim=0).float().mean()),
        flat_ends=ends,
        gradient_mean=_mean(gradient),
        gradient_std=0.0 if gradient is None else std_of(gradient),
    )


def _parameter(weight: Tensor, gradient: Tensor | None, update: float | None) -> ParameterNumbers:
    return ParameterNumbers(
        mean=_mean(weight),
        std=std_of(weight),
        gradient_mean=_mean(gradient),
        gradient_std=0.0 if gradient is None else std_of(gradient),
        update_std=finite(update or 0.0),
    )


def _mean(tensor: Tensor | None) -> float:
    return 0.0 if tensor is None else finite(float(tensor.float().mean()))


def _shares(gradient: Tensor) -> Tensor:
    """The histogram of a gradient over its own `gradient_interval`."""
    _, high = gradient_interval(_mean(gradient), std_of(gradient))
    scaled = (gradient.float() / high).nan_to_num(1.0).clamp(-1, 1)
    return torch.histc(scaled, GRADIENT_BINS, -1, 1) / gradient.numel()
