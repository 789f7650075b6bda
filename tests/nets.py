"""Nets for tests: any stack of layers as a model, and layers that no plan understands."""

from collections import OrderedDict
from dataclasses import dataclass

import torch
from torch import Generator, Tensor, nn

from makemore.config import between
from makemore.layers import BatchNorm1d, Embedding, FlattenConsecutive, Linear, Tanh
from makemore.models import LanguageModel, LayeredModel, ModelConfig


@dataclass(frozen=True)
class BlockConfig(ModelConfig):
    block_size: int = between(4, 1, 16)


class Flip(nn.Module):
    """(batch, positions, ...) -> the same, the last position first."""

    def forward(self, x: Tensor) -> Tensor:
        return x.flip(1)


class Mean(nn.Module):
    """Adds to each position the mean of all, as attention does that attends to all alike."""

    def forward(self, x: Tensor) -> Tensor:
        return x + x.mean(dim=1, keepdim=True)


class Across(nn.Module):
    """A Linear over the positions: each becomes a mixture of all."""

    def __init__(self, positions: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(positions, positions))

    def forward(self, x: Tensor) -> Tensor:
        return self.weight @ x


class Squeeze(nn.Module):
    """(batch, 1, features) -> (batch, features)."""

    def forward(self, x: Tensor) -> Tensor:
        return x.squeeze(1)


class OwnTanh(Tanh):
    """A subclass may do anything, here look at its neighbours."""

    def forward(self, x: Tensor) -> Tensor:
        return torch.tanh(x + x.roll(1, dims=1))


class Stack(LayeredModel):
    """These layers one after the other, with weights from the generator."""

    Config = BlockConfig
    name = "stack"

    def __init__(
        self, layers: list[nn.Module], block: int, vocab: int, generator: Generator
    ) -> None:
        super().__init__(BlockConfig(block_size=block), vocab, generator)
        self.layers = nn.Sequential(*layers)
        draw(self, generator)


@torch.no_grad()
def draw(model: nn.Module, generator: Generator) -> None:
    """Every weight from N(0, 1/2), and 1 is added to the gamma of batch norm."""
    for name, parameter in model.named_parameters():
        parameter.normal_(generator=generator).mul_(0.5)
        if name.endswith("gamma"):
            parameter.add_(1)


class Mixed(LayeredModel):
    """A net over four letters with layers that mix positions at two places."""

    Config = BlockConfig
    name = "mixed"

    def __init__(self, config: ModelConfig, vocab_size: int, generator: Generator) -> None:
        super().__init__(config, vocab_size, generator)
        self.layers = nn.Sequential(
            OrderedDict[str, nn.Module](
                embedding=Embedding(vocab_size, 5),
                across=Across(4),
                flatten1=FlattenConsecutive(2),
                linear1=Linear(10, 6, bias=False),
                norm1=BatchNorm1d(6),
                tanh1=Tanh(),
                mean=Mean(),
                flatten2=FlattenConsecutive(2),
                linear2=Linear(12, 6, bias=False),
                tanh2=Tanh(),
                logits=Linear(6, vocab_size),
            )
        )
        draw(self, generator)


class Loose(LanguageModel):
    """The same four letters without a list of layers: two of torch's own modules."""

    Config = BlockConfig
    name = "loose"

    def __init__(self, config: ModelConfig, vocab_size: int, generator: Generator) -> None:
        super().__init__(config, vocab_size, generator)
        self.embedding = nn.Embedding(vocab_size, 5)
        self.hidden = nn.Linear(20, 8)
        self.logits = nn.Linear(8, vocab_size)
        draw(self, generator)

    def forward(self, contexts: Tensor) -> Tensor:
        logits: Tensor = self.logits(self.hidden(self.embedding(contexts).flatten(1)).tanh())
        return logits
