"""The net of a stack of bricks that anybody has put together. Knows no names and no training.

Every brick has torch.nn's interface; stack.py says which stacks fit.
"""

from collections import OrderedDict
from dataclasses import dataclass

import torch
from torch import Generator, nn

from makemore.config import between
from makemore.layers import BatchNorm1d, Embedding, FlattenConsecutive, Linear, Tanh
from makemore.models.base import LayeredModel, ModelConfig
from makemore.models.stack import KINDS, Laid, laid, parse, tree


@dataclass(frozen=True)
class BricksConfig(ModelConfig):
    """`bricks` is what `parse` reads; see `laid` for what fits."""

    block_size: int = between(8, 1, 16)
    bricks: str = tree(27)

    def __post_init__(self) -> None:
        super().__post_init__()
        parse(self.bricks)


class Bricks(LayeredModel):
    """A Sequential of the bricks of its config. Raises StackError if they do not fit.

    Drawn as a WaveNet is: embedding N(0, 1), matrices N(0, 1)/√fan_in, the last one a tenth of that.
    """

    Config = BricksConfig
    name = "bricks"
    config: BricksConfig

    def __init__(self, config: BricksConfig, vocab_size: int, generator: Generator) -> None:
        super().__init__(config, vocab_size, generator)
        layers, seen = OrderedDict[str, nn.Module](), dict.fromkeys(KINDS, 0)
        found = laid(parse(config.bricks), config.block_size, vocab_size)
        for each in found:
            seen[each.brick.kind] += 1
            layer = _layer(each)
            layers[_named(each.brick.kind, seen[each.brick.kind], last=each is found[-1])] = layer
        self.layers = nn.Sequential(layers)
        self._draw(generator)

    @torch.no_grad()
    def _draw(self, generator: Generator) -> None:
        for layer in self.layers:
            if isinstance(layer, Embedding):
                layer.weight.normal_(generator=generator)
            elif isinstance(layer, Linear):
                layer.weight.normal_(generator=generator).div_(layer.fan_in**0.5)
        if isinstance(last := self.layers[-1], Linear):
            last.weight.mul_(0.1)  # start near uniform: loss ≈ ln 27


def _layer(each: Laid) -> nn.Module:
    kind, size, features = each.brick.kind, each.brick.size, each.before[-1]
    if kind == "Embedding":
        return Embedding(each.weights // size, size)
    if kind == "FlattenConsecutive":
        return FlattenConsecutive(size)
    if kind == "Linear":
        return Linear(features, size, bias=each.weights > features * size)
    return BatchNorm1d(features) if kind == "BatchNorm1d" else Tanh()


def _named(kind: str, number: int, *, last: bool) -> str:
    """As in the other models: embedding, flatten1, linear1, norm1, tanh1, ..., logits."""
    if kind == "Embedding":
        return "embedding"
    if kind == "Linear" and last:
        return "logits"
    words = {"FlattenConsecutive": "flatten", "BatchNorm1d": "norm"}
    return f"{words.get(kind, kind.lower())}{number}"
