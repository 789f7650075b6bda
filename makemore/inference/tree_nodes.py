"""The nodes of a net, level by level from the letters up, watched while a forward pass runs. Changes no weight.

Level 0 are the letters. A flat net is a tree of one level with one node: its hidden layer.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import get_ident

from torch import Tensor, nn

from makemore.inference.evaluation import eval_mode
from makemore.models import LayeredModel
from makemore.models.wavenet import WaveNet


def node_layers(model: LayeredModel) -> list[nn.Module]:
    """The layers that nodes come out of: the embedding, then one a level; of a flat net its last but one."""
    embedding, *layers = model.layers
    above = list(model.level_outputs) if isinstance(model, WaveNet) else [layers[-2]]
    return [embedding, *above]


def level_layer(model: WaveNet, level: int) -> nn.Module:
    """The layer that the nodes of a level come out of. Raises ValueError for a level that is not there."""
    if not 1 <= level <= model.levels:
        raise ValueError(f"no level {level}; the tree has {model.levels}")
    return node_layers(model)[level]


def nodes(model: LayeredModel, contexts: Tensor) -> list[Tensor]:
    """(n, block) -> for each level from 1 up (n, nodes, features), in eval mode."""
    seen: list[Tensor] = []
    with eval_mode(model), watch_levels(model, seen.append):
        model(contexts)
    return [each.reshape(len(contexts), -1, each.shape[-1]).clone() for each in seen]


def node(model: WaveNet, contexts: Tensor, level: int) -> Tensor:
    """(n, block) -> (n, features): the newest node of a level, in eval mode."""
    seen: list[Tensor] = []
    with eval_mode(model), watch_layer(level_layer(model, level), seen.append):
        model(contexts)
    return seen[0][:, -1].clone() if seen[0].dim() == 3 else seen[0].clone()


@contextmanager
def watch_levels(model: LayeredModel, see: Callable[[Tensor], None]) -> Iterator[None]:
    """While open, `see` is given the nodes of each level from 1 up, as they are computed."""
    with ExitStack() as stack:
        for layer in node_layers(model)[1:]:
            stack.enter_context(watch_layer(layer, see))
        yield


@contextmanager
def watch_layer(layer: nn.Module, change: Callable[[Tensor], Tensor | None]) -> Iterator[None]:
    """While open, `change` sees each output of the layer and may give another in its place.

    What other threads do with the layer is no matter and stays as it is: visitors share a loaded model.
    """
    ours = get_ident()

    def hook(_layer: nn.Module, _inputs: object, output: Tensor) -> Tensor | None:
        return change(output) if get_ident() == ours else None

    handle = layer.register_forward_hook(hook)
    try:
        yield
    finally:
        handle.remove()
