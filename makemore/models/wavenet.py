"""The tree: letters fuse pairwise, level by level, until one node has seen them all. Knows no names."""

from collections import OrderedDict
from dataclasses import dataclass

import torch
from torch import Generator, nn

from makemore.config import ConfigError, between
from makemore.layers import (
    BatchNorm1d,
    Embedding,
    FlattenConsecutive,
    Gate,
    Linear,
    Reduce,
    Residual,
    Skip,
    Tanh,
)
from makemore.models.base import LayeredModel, ModelConfig


@dataclass(frozen=True)
class WaveNetConfig(ModelConfig):
    """`block_size` is a power of two; `reduce="batch"` is the lecture's batch norm before its fix.

    gate: tanh × sigmoid in the place of tanh. residual: a level adds to the mean of its children
    (from the second level on, or where `embedding` equals `hidden`). skip: the newest node of every
    level is shown to the last layer.
    """

    block_size: int = between(8, 2, 16)
    embedding: int = between(24, 1, 256)
    hidden: int = between(128, 1, 2048)
    reduce: Reduce = "all"
    gate: bool = False
    residual: bool = False
    skip: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.block_size & (self.block_size - 1):
            raise ConfigError(f"block_size is {self.block_size}; a tree needs 2, 4, 8 or 16")


class WaveNet(LayeredModel):
    """log2(block_size) levels of FlattenConsecutive(2), Linear, BatchNorm1d, Tanh; then logits.

    `level_outputs` are the layers that the nodes of each level come out of, from the pairs up.
    Source: "Building makemore" part 5; van den Oord et al. 2016, WaveNet.
    """

    Config = WaveNetConfig
    name = "wavenet"
    config: WaveNetConfig

    def __init__(self, config: WaveNetConfig, vocab_size: int, generator: Generator) -> None:
        super().__init__(config, vocab_size, generator)
        embedding = Embedding(vocab_size, config.embedding)  # (batch, block, embedding)
        levels = [self._level(level) for level in range(1, self.levels + 1)]
        self.level_outputs = [list(layers.values())[-1] for layers in levels]
        above = OrderedDict[str, nn.Module]()
        for level in range(self.levels, 1, -1):  # from the top down: a skip wraps all that is above
            above = OrderedDict([*levels[level - 1].items(), *above.items()])
            if config.skip:
                above = OrderedDict({f"skip{level}": Skip(above)})
        seen = self.levels if config.skip else 1
        logits = Linear(seen * config.hidden, vocab_size)  # (batch, vocab)
        tree = OrderedDict([("embedding", embedding), *levels[0].items(), *above.items()])
        self.layers = nn.Sequential(OrderedDict([*tree.items(), ("logits", logits)]))
        self._draw(logits, generator)

    def _level(self, level: int) -> OrderedDict[str, nn.Module]:
        """The layers that fuse two neighbours: (batch, 2p, features) -> (batch, p, hidden)."""
        config = self.config
        below = config.embedding if level == 1 else config.hidden
        width = 2 * config.hidden if config.gate else config.hidden
        norm = BatchNorm1d(width, reduce=config.reduce, positions=config.block_size // 2**level)
        parts = OrderedDict[str, nn.Module]()
        parts[f"flatten{level}"] = FlattenConsecutive(2)
        parts[f"linear{level}"] = Linear(2 * below, width, bias=False)
        parts[f"norm{level}"] = norm
        parts[f"gate{level}" if config.gate else f"tanh{level}"] = Gate() if config.gate else Tanh()
        if config.residual and below == config.hidden:
            return OrderedDict({f"node{level}": Residual(parts)})
        return parts

    @property
    def levels(self) -> int:
        """How many times letters are joined two by two: log2 of the context length."""
        return self.block_size.bit_length() - 1

    @torch.no_grad()
    def _draw(self, logits: Linear, generator: Generator) -> None:
        for layer in self.layers.modules():
            if isinstance(layer, Embedding):
                layer.weight.normal_(generator=generator)
            elif isinstance(layer, Linear):
                layer.weight.normal_(generator=generator).div_(layer.fan_in**0.5)
        logits.weight.mul_(0.1)  # start near uniform: loss ≈ ln 27
