"""The MLP after Bengio et al. 2003, with its naive start or each repair of it. Has no batch norm."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Generator, nn

from makemore.config import between
from makemore.layers import Embedding, FlattenConsecutive, Linear, Tanh, bias_of
from makemore.models.base import LayeredModel, ModelConfig


@dataclass(frozen=True)
class MLPConfig(ModelConfig):
    """Sizes, and how the N(0, 1) draws are scaled before training.

    logits_init: `naive` leaves W2 and b2; `small` takes W2 × 0.01 and b2 = 0 (start near ln 27).
    hidden_init: `naive` leaves W1 and b1; `small` takes W1 × 0.2; `kaiming` takes W1 × (5/3)/√fan_in;
    both take b1 × 0.01 (few saturated neurons).
    """

    block_size: int = between(3, 1, 16)
    embedding: int = between(10, 1, 256)
    hidden: int = between(200, 1, 2048)
    logits_init: Literal["naive", "small"] = "small"
    hidden_init: Literal["naive", "small", "kaiming"] = "kaiming"


class MLP(LayeredModel):
    """Embed each letter, concatenate, one tanh layer, logits.

    Source: "Building makemore" parts 2 and 3; Bengio et al. 2003, A Neural Probabilistic Language Model.
    """

    Config = MLPConfig
    name = "mlp"
    config: MLPConfig

    def __init__(self, config: MLPConfig, vocab_size: int, generator: Generator) -> None:
        super().__init__(config, vocab_size, generator)
        hidden = Linear(config.block_size * config.embedding, config.hidden)
        logits = Linear(config.hidden, vocab_size)
        self.layers = nn.Sequential(
            OrderedDict(
                embedding=Embedding(vocab_size, config.embedding),  # (batch, block, embedding)
                flatten=FlattenConsecutive(config.block_size),  # -> (batch, block·embedding)
                hidden=hidden,  # -> (batch, hidden)
                tanh=Tanh(),
                logits=logits,  # -> (batch, vocab)
            )
        )
        self._draw(hidden, logits, generator)

    @torch.no_grad()
    def _draw(self, hidden: Linear, logits: Linear, generator: Generator) -> None:
        for parameter in self.parameters():  # the lecture's order: C, W1, b1, W2, b2
            parameter.normal_(generator=generator)
        if self.config.hidden_init != "naive":
            kaiming = self.config.hidden_init == "kaiming"
            hidden.weight.mul_((5 / 3) / hidden.fan_in**0.5 if kaiming else 0.2)
            bias_of(hidden).mul_(0.01)
        if self.config.logits_init == "small":
            logits.weight.mul_(0.01)  # logits near zero: every letter as likely, loss ≈ ln 27
            bias_of(logits).zero_()
