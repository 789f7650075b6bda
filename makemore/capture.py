"""Takes detached copies of activations and gradients by layer name. Knows no chart and no training loop."""

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from makemore.models import LanguageModel


@contextmanager
def capture(model: nn.Module) -> Iterator[dict[str, Tensor]]:
    """Collect the output of every named layer while the context is open: `layers.tanh` -> `tanh`.

    With gradients enabled the outputs keep theirs. The hooks are gone when the context closes.
    """
    outputs: dict[str, Tensor] = {}

    def keep(name: str) -> Callable[[nn.Module, object, Tensor], None]:
        def hook(_layer: nn.Module, _inputs: object, output: Tensor) -> None:
            if output.requires_grad:
                output.retain_grad()
            outputs[name] = output

        return hook

    layers = getattr(model, "layers", model)
    handles = [layer.register_forward_hook(keep(name)) for name, layer in layers.named_children()]
    try:
        yield outputs
    finally:
        for handle in handles:
            handle.remove()


@dataclass(frozen=True, eq=False)
class Snapshot:
    """What one batch looked like inside a model at one step; every tensor is detached and on the CPU.

    activations and gradients: by layer name, (batch, ..., features); a gradient is that of the mean
    loss. weights and weight_gradients: by parameter name.
    """

    step: int
    loss: float
    contexts: Tensor
    targets: Tensor
    activations: dict[str, Tensor]
    gradients: dict[str, Tensor]
    weights: dict[str, Tensor]
    weight_gradients: dict[str, Tensor]


def snapshot(model: LanguageModel, contexts: Tensor, targets: Tensor, *, step: int = 0) -> Snapshot:
    """One forward and backward pass on a copy of the model, in the mode that the model is in.

    The copy keeps the pass from moving running statistics or gradients of the model itself.
    """
    twin = copy.deepcopy(model)
    twin.zero_grad(set_to_none=True)
    with capture(twin) as outputs, torch.enable_grad():
        loss = F.cross_entropy(twin(contexts), targets)
    if loss.requires_grad:
        loss.backward()
    gradients = {n: t.grad for n, t in outputs.items() if t.requires_grad and t.grad is not None}
    weight_gradients = {n: p.grad for n, p in twin.named_parameters() if p.grad is not None}
    return Snapshot(
        step=step,
        loss=loss.item(),
        contexts=contexts.cpu(),
        targets=targets.cpu(),
        activations=_detached(outputs),
        gradients=_detached(gradients),
        weights=_detached(dict(twin.named_parameters())),
        weight_gradients=_detached(weight_gradients),
    )


def _detached(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: tensor.detach().cpu() for name, tensor in tensors.items()}
