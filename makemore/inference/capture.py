"""Takes detached copies of activations and gradients by layer name. Knows no chart and no training loop.

A layer's name is its path below `model.layers`: `tanh`, and `node2.body.tanh2` for one inside another.
Who looks for layers asks for a type; a name is only what a chart calls them.
"""

import copy
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import get_ident
from typing import TypeVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from makemore.layers import Embedding, Interval, Nonlinearity
from makemore.models import LanguageModel

AGAIN = "#"  # `tanh#2` is what the layer `tanh` gives when it runs a second time

Kind = TypeVar("Kind", bound=nn.Module)


def layers_of(model: nn.Module, kind: type[Kind]) -> dict[str, Kind]:
    """Every layer of this type by its name, in the order in which they stand (a Sequential runs them so).

    A plain Sequential inside is no layer: what comes out of it is the output of its last one. A
    layer that stands in two places bears the first name.
    """
    named = getattr(model, "layers", model).named_modules()
    return {
        name: layer
        for name, layer in named
        if name and isinstance(layer, kind) and type(layer) is not nn.Sequential
    }


@contextmanager
def capture(model: nn.Module) -> Iterator[dict[str, Tensor]]:
    """Collect the output of every layer by name while the context is open, in the order in which they come.

    What a layer gives when it runs once more, because it stands in two places or the model is called
    again, is kept beside the first as `tanh#2`; what other threads do with the model is no matter.
    With gradients enabled the outputs keep theirs. The hooks are gone when the context closes.
    """
    outputs: dict[str, Tensor] = {}
    runs = Counter[str]()
    ours = get_ident()

    def keep(name: str) -> Callable[[nn.Module, object, Tensor], None]:
        def hook(_layer: nn.Module, _inputs: object, output: Tensor) -> None:
            if get_ident() != ours:  # learners share a loaded model
                return
            if output.requires_grad:
                output.retain_grad()
            runs[name] += 1
            outputs[name if runs[name] == 1 else f"{name}{AGAIN}{runs[name]}"] = output

        return hook

    layers = layers_of(model, nn.Module)
    handles = [layer.register_forward_hook(keep(name)) for name, layer in layers.items()]
    try:
        yield outputs
    finally:
        for handle in handles:
            handle.remove()


@dataclass(frozen=True, eq=False)
class Snapshot:
    """What one batch looked like inside a model at one step; every tensor is detached and on the CPU.

    activations and gradients: by layer name, (batch, ..., features), in the order in which the layers
    ran; a gradient is that of the mean loss. intervals: the layers among them that bend, and what a
    histogram of each spans; bending: these layers themselves. weights and weight_gradients: by
    parameter name; `embedding` is the name of the table that the ids are looked up in, None where there
    is no such. updates: by parameter name the standard deviation of the change that the update just
    before made, empty where that is not known.
    """

    step: int
    loss: float
    contexts: Tensor
    targets: Tensor
    activations: dict[str, Tensor]
    intervals: dict[str, Interval]
    gradients: dict[str, Tensor]
    weights: dict[str, Tensor]
    weight_gradients: dict[str, Tensor]
    embedding: str | None
    vocab_size: int
    bending: dict[str, Nonlinearity]
    updates: Mapping[str, float] = field(default_factory=dict)

    def before(self, layer: str) -> str:
        """The layer that ran just before this one: in a Sequential, the one that feeds it.

        Raises ValueError for the first layer, and for one that did not run.
        """
        names = list(self.activations)
        if layer not in names[1:]:
            raise ValueError(f"no layer ran before {layer!r}; those that ran: {', '.join(names)}")
        return names[names.index(layer) - 1]


def snapshot(
    model: LanguageModel,
    contexts: Tensor,
    targets: Tensor,
    *,
    step: int = 0,
    updates: Mapping[str, float] | None = None,
) -> Snapshot:
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
    known = layers_of(twin, Nonlinearity)
    bending = {
        name: known[layer] for name in outputs if (layer := name.partition(AGAIN)[0]) in known
    }
    return Snapshot(
        step=step,
        loss=loss.item(),
        contexts=contexts.cpu(),
        targets=targets.cpu(),
        activations=_detached(outputs),
        intervals={name: layer.drawn_between for name, layer in bending.items()},
        gradients=_detached(gradients),
        weights=_detached(dict(twin.named_parameters())),
        weight_gradients=_detached(weight_gradients),
        embedding=_table_name(twin),
        vocab_size=model.vocab_size,
        bending=bending,
        updates=updates or {},
    )


def _table_name(model: nn.Module) -> str | None:
    """The parameter name of the first embedding's table."""
    tables = [layer.weight for layer in layers_of(model, Embedding).values()]
    named = model.named_parameters()
    return next((name for name, p in named if tables and p is tables[0]), None)


def _detached(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: tensor.detach().cpu() for name, tensor in tensors.items()}
