"""The nodes of a tree, level by level, watched while a forward pass runs. Changes no weight."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from torch import Tensor, nn

from makemore.inference.evaluation import eval_mode
from makemore.models.wavenet import WaveNet


def nodes(model: WaveNet, contexts: Tensor) -> list[Tensor]:
    """(n, block) -> for each level (n, nodes, features), in eval mode."""
    seen: list[Tensor] = []
    with eval_mode(model), ExitStack() as stack:
        for level in range(1, model.levels + 1):
            stack.enter_context(_watched(level_layer(model, level), seen.append))
        model(contexts)
    return [each.reshape(len(contexts), -1, each.shape[-1]).clone() for each in seen]


def node(model: WaveNet, contexts: Tensor, level: int) -> Tensor:
    """(n, block) -> (n, features): the newest node of a level, in eval mode."""
    seen: list[Tensor] = []
    with eval_mode(model), _watched(level_layer(model, level), seen.append):
        model(contexts)
    return seen[0][:, -1].clone() if seen[0].dim() == 3 else seen[0].clone()


def level_layer(model: WaveNet, level: int) -> nn.Module:
    """The layer that the nodes of a level come out of. Raises ValueError for a level that is not there."""
    if not 1 <= level <= model.levels:
        raise ValueError(f"no level {level}; the tree has {model.levels}")
    return model.level_outputs[level - 1]


@contextmanager
def _watched(layer: nn.Module, change: Callable[[Tensor], Tensor | None]) -> Iterator[None]:
    """While open, `change` sees each output of the layer and may give another in its place."""
    handle = layer.register_forward_hook(lambda _layer, _inputs, output: change(output))
    try:
        yield
    finally:
        handle.remove()
