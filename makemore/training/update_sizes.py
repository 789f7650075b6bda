"""How far an update moved each parameter, whatever optimizer made it. Makes no update."""

import torch
from torch import Tensor, nn

from makemore.inference.readings import std_of


def copied(model: nn.Module) -> dict[str, Tensor]:
    """Every parameter by name as it is now."""
    return {name: parameter.detach().clone() for name, parameter in model.named_parameters()}


@torch.no_grad()
def update_sizes(model: nn.Module, before: dict[str, Tensor]) -> dict[str, float]:
    """The standard deviation of what each parameter has changed by since `before`.

    For plain descent it is the learning rate times that of the gradient, as the lecture computes it.
    """
    return {name: std_of(p - before[name]) for name, p in model.named_parameters()}
