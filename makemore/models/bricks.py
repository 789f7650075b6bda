"""The net of a stack of bricks that anybody has put together. Knows no names and no training.

Every brick has torch.nn's interface; brick_stack.py says which stacks fit.
"""

from collections import Counter, OrderedDict
from dataclasses import dataclass

import torch
from torch import Generator, nn

from makemore.config import between
from makemore.layers import Linear
from makemore.models.base import LayeredModel, ModelConfig
from makemore.models.brick_kinds import Kind, Laid
from makemore.models.brick_stack import laid, parse, tree


@dataclass(frozen=True)
class BricksConfig(ModelConfig):
    """`bricks` is what `parse` reads; see `laid` for what fits.

    gain: what the matrices of hidden layers are multiplied by when they are drawn; logits_scale: the
    same of the last one.
    """

    block_size: int = between(8, 1, 16)
    bricks: str = tree(27)
    gain: float = between(1.0, 0.01, 100)
    logits_scale: float = between(0.1, 0, 100)

    def __post_init__(self) -> None:
        super().__post_init__()
        parse(self.bricks)


class Bricks(LayeredModel):
    """A Sequential of the bricks of its config. Raises StackError if they do not fit.

    Drawn as a WaveNet is: embedding N(0, 1), matrices gain · N(0, 1)/√fan_in, the last one
    logits_scale · N(0, 1)/√fan_in, a tenth unless set: then it starts near uniform, loss ≈ ln 27.
    """

    Config = BricksConfig
    name = "bricks"
    config: BricksConfig

    def __init__(self, config: BricksConfig, vocab_size: int, generator: Generator) -> None:
        super().__init__(config, vocab_size, generator)
        found = laid(parse(config.bricks), config.block_size, vocab_size)
        layers, seen = OrderedDict[str, nn.Module](), Counter[str]()
        for each in found:
            seen[each.brick.kind] += 1
            name = _name(each.kind, seen[each.brick.kind], last=each is found[-1])
            layers[name] = each.kind.module(*each.kind.arguments(each), **each.kind.options(each))
        self.layers = nn.Sequential(layers)
        self._draw(found, generator)

    @torch.no_grad()
    def _draw(self, found: list[Laid], generator: Generator) -> None:
        for each, layer in zip(found, self.layers, strict=True):
            if each.kind.divisor is not None:
                weight = layer.get_parameter("weight")
                weight.normal_(generator=generator).div_(each.kind.divisor(each))
                if isinstance(layer, Linear):
                    last = layer is self.layers[-1]
                    weight.mul_(self.config.logits_scale if last else self.config.gain)


def _name(kind: Kind, number: int, *, last: bool) -> str:
    """As in the other models: embedding, flatten1, linear1, norm1, tanh1, ..., logits."""
    if last and kind.last:
        return kind.last
    return kind.stem if kind.ids else f"{kind.stem}{number}"
