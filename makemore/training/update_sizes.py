"""How far an update moved each parameter, whatever optimizer made it. Makes no update."""

import torch
from torch import Tensor, nn

from makemore.inference.readings import mean_and_std


def copied(model: nn.Module) -> dict[str, Tensor]:
    """Every parameter by name as it is now."""
    return {name: parameter.detach().clone() for name, parameter in model.named_parameters()}


@torch.no_grad()
def update_sizes(model: nn.Module, before: dict[str, Tensor]) -> dict[str, float]:
    """The standard deviation of what each parameter has changed by since `before`.

    For plain descent it is the learning rate times that of the gradient, as the lecture computes it.
    """
    return {name: mean_and_std(p - before[name])[1] for name, p in model.named_parameters()}
