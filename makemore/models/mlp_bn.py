"""The MLP with Kaiming init and batch norm before its tanh. Its hidden layer has no bias: beta does that."""

from collections import OrderedDict
from dataclasses import dataclass

import torch
from torch import Generator, nn

from makemore.config import between
from makemore.layers import (
    BatchNorm1d,
    Embedding,
    FlattenConsecutive,
    Linear,
    Reduce,
    Tanh,
    bias_of,
)
from makemore.models.base import LayeredModel, ModelConfig


@dataclass(frozen=True)
class MLPBNConfig(ModelConfig):
    """Sizes and batch norm; the lecture's eps is 0, which gives the same to all printed digits.

    `reduce="batch"` is the axis bug, harmless here: the input of this batch norm has two axes.
    """

    block_size: int = between(3, 1, 16)
    embedding: int = between(10, 1, 256)
    hidden: int = between(200, 1, 2048)
    eps: float = between(1e-5, 0, 0.1)
    reduce: Reduce = "all"


class MLPBN(LayeredModel):
    """Embed, concatenate, linear, batch norm, tanh, logits.

    Source: "Building makemore" part 3; Ioffe and Szegedy 2015.
    """

    Config = MLPBNConfig
    name = "mlp_bn"
    config: MLPBNConfig

    def __init__(self, config: MLPBNConfig, vocab_size: int, generator: Generator) -> None:
        super().__init__(config, vocab_size, generator)
        C = Embedding(vocab_size, config.embedding)
        hidden = Linear(config.block_size * config.embedding, config.hidden, bias=False)
        logits = Linear(config.hidden, vocab_size)
        norm = BatchNorm1d(config.hidden, eps=config.eps, reduce=config.reduce)
        self.layers = nn.Sequential(
            OrderedDict(
                embedding=C,  # (batch, block, embedding)
                flatten=FlattenConsecutive(config.block_size),  # -> (batch, block·embedding)
                hidden=hidden,  # -> (batch, hidden)
                norm=norm,
                tanh=Tanh(),
                logits=logits,  # -> (batch, vocab)
            )
        )
        with torch.no_grad():
            C.weight.normal_(generator=generator)
            hidden.weight.normal_(generator=generator).mul_((5 / 3) / hidden.fan_in**0.5)
            logits.weight.normal_(generator=generator).mul_(0.01)
            # The lecture draws b2 and multiplies it by 0; the draw keeps its batches the same.
            bias_of(logits).normal_(generator=generator).zero_()
