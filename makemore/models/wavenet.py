"""The tree: letters fuse pairwise, level by level, until one node has seen them all. No skip connections."""

from collections import OrderedDict
from dataclasses import dataclass

import torch
from torch import Generator, nn

from makemore.config import ConfigError, between
from makemore.layers import BatchNorm1d, Embedding, FlattenConsecutive, Linear, Reduce, Tanh
from makemore.models.base import LayeredModel, ModelConfig


@dataclass(frozen=True)
class WaveNetConfig(ModelConfig):
    """`block_size` is a power of two; `reduce="batch"` is the lecture's batch norm before its fix."""

    block_size: int = between(8, 2, 16)
    embedding: int = between(24, 1, 256)
    hidden: int = between(128, 1, 2048)
    reduce: Reduce = "all"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.block_size & (self.block_size - 1):
            raise ConfigError(f"block_size is {self.block_size}; a tree needs 2, 4, 8 or 16")


class WaveNet(LayeredModel):
    """log2(block_size) levels of FlattenConsecutive(2), Linear, BatchNorm1d, Tanh; then logits.

    Source: "Building makemore" part 5; van den Oord et al. 2016, WaveNet.
    """

    Config = WaveNetConfig
    name = "wavenet"
    config: WaveNetConfig

    def __init__(self, config: WaveNetConfig, vocab_size: int, generator: Generator) -> None:
        super().__init__(config, vocab_size, generator)
        layers = OrderedDict[str, nn.Module](embedding=Embedding(vocab_size, config.embedding))
        features, positions = config.embedding, config.block_size
        for level in range(1, self.levels + 1):
            positions //= 2
            layers[f"flatten{level}"] = FlattenConsecutive(2)  # (batch, positions, 2·features)
            layers[f"linear{level}"] = Linear(2 * features, config.hidden, bias=False)
            layers[f"norm{level}"] = BatchNorm1d(
                config.hidden, reduce=config.reduce, positions=positions
            )
            layers[f"tanh{level}"] = Tanh()  # (batch, positions, hidden)
            features = config.hidden
        logits = layers["logits"] = Linear(features, vocab_size)  # (batch, vocab)
        self.layers = nn.Sequential(layers)
        self._draw(logits, generator)

    @property
    def levels(self) -> int:
        return self.block_size.bit_length() - 1

    @torch.no_grad()
    def _draw(self, logits: Linear, generator: Generator) -> None:
        for layer in self.layers:
            if isinstance(layer, Embedding):
                layer.weight.normal_(generator=generator)
            elif isinstance(layer, Linear):
                layer.weight.normal_(generator=generator).div_(layer.fan_in**0.5)
        logits.weight.mul_(0.1)  # start near uniform: loss ≈ ln 27
