"""Tells the nets whose plan is sure to give the numbers of their forward from all others. Computes nothing."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from torch import nn

from makemore.layers import (
    ELU,
    BatchNorm1d,
    Embedding,
    FlattenConsecutive,
    Gate,
    LeakyReLU,
    Linear,
    ReLU,
    Residual,
    Sigmoid,
    Skip,
    Tanh,
)
from makemore.models import LayeredModel

# Layers that treat the numbers of each position alike, whatever stands beside it and whatever the
# mode. To be one is entered here, by the very class: a subclass may do anything.
POINTWISE: set[type[nn.Module]] = {Linear, Tanh, Sigmoid, ReLU, LeakyReLU, ELU, Gate}
GONE = 0  # positions: their axis has been dropped
HOOKS = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")


class NotUnderstoodError(ValueError):
    """A net whose plan might give other numbers than its forward; the message says what is unknown."""


def understands(model: nn.Module) -> bool:
    """Whether a plan is sure to give the very numbers of this net's forward; any other net takes that.

    Sure are stacks of POINTWISE and STRUCTURAL layers that begin with Embedding and join all
    positions, without hooks and without another forward than that of a LayeredModel.
    """
    try:
        check_understood(model)
    except NotUnderstoodError:
        return False
    return True


def check_understood(model: nn.Module, positions: int | None = None) -> None:
    """Raises NotUnderstoodError; `positions` are those of the contexts, block_size unless given."""
    if not isinstance(model, LayeredModel) or type(model).forward is not LayeredModel.forward:
        raise NotUnderstoodError(f"{type(model).__name__} has a forward of its own")
    for module in model.modules():
        own = vars(module)
        if "forward" in own or any(own[name] for name in HOOKS):
            raise NotUnderstoodError(f"{type(module).__name__} has a hook or a forward put on it")
    first, *layers = _parts(model.layers)
    if type(first) is not Embedding:
        raise NotUnderstoodError(f"the net begins with {type(first).__name__}, not Embedding")
    if left := _left(layers, positions or model.block_size):
        raise NotUnderstoodError(f"the net ends with {left} positions that nothing joins")


def _parts(layers: nn.Module) -> list[nn.Module]:
    """The layers of a Sequential in their order. Raises NotUnderstoodError for anything else."""
    if type(layers) is not nn.Sequential or not len(layers):
        raise NotUnderstoodError(f"{type(layers).__name__} is no Sequential of layers")
    return list(layers)


def _left(layers: Iterable[nn.Module], positions: int) -> int:
    """How many positions these layers leave, or GONE. Raises NotUnderstoodError."""
    for layer in layers:
        if (kind := type(layer)) in POINTWISE:
            continue
        left = STRUCTURAL[kind](layer, positions) if kind in STRUCTURAL else None
        if left is None:
            raise NotUnderstoodError(f"{kind.__name__} on {positions or 'no'} positions")
        positions = left
    return positions


def _left_by_joining(layer: FlattenConsecutive, positions: int) -> int | None:
    if positions == GONE or layer.n < 1 or positions % layer.n:
        return None
    return positions // layer.n if positions > layer.n else GONE


def _left_by_norm(layer: BatchNorm1d, positions: int) -> int | None:
    apart = (positions,) if layer.reduce == "batch" and positions != GONE else ()
    return positions if layer.running_mean.shape[:-1] == apart else None


def _left_by_adding(layer: Residual, positions: int) -> int | None:
    if positions == GONE or positions % 2:
        return None
    half = positions // 2 if positions > 2 else GONE
    return half if _left(_parts(layer.body), positions) == half else None


def _left_by_skip(layer: Skip, positions: int) -> int | None:
    if positions == GONE or _left(_parts(layer.body), positions) != GONE:
        return None
    return GONE


# The other layers that are understood, again by the very class. Each says how many of so many
# positions it leaves, and None where a plan, or the layer itself, could not go on.
STRUCTURAL: dict[type[nn.Module], Callable[[Any, int], int | None]] = {
    FlattenConsecutive: _left_by_joining,
    BatchNorm1d: _left_by_norm,
    Residual: _left_by_adding,
    Skip: _left_by_skip,
}


def layers_in_order(layers: Iterable[nn.Module]) -> Iterator[nn.Module]:
    """These layers and those in the bodies of some, in the order in which they run."""
    for layer in layers:
        yield layer
        if isinstance(layer, Residual | Skip):
            yield from layers_in_order(layer.body)
