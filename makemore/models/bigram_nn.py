"""The bigram as a neural net: one layer of logits, no bias. Its optimum is the log of the counts."""

from collections import OrderedDict
from dataclasses import dataclass

import torch
from torch import Generator, nn

from makemore.config import between
from makemore.layers import Embedding, FlattenConsecutive
from makemore.models.base import LayeredModel, ModelConfig


@dataclass(frozen=True)
class BigramNNConfig(ModelConfig):
    """Nothing to set: one letter in view."""

    block_size: int = between(1, 1, 1)


class BigramNN(LayeredModel):
    """logits = one_hot(letter) @ W, which is row `letter` of W, so the row is looked up.

    Source: "Building makemore" part 1.
    """

    Config = BigramNNConfig
    name = "bigram_nn"

    def __init__(self, config: BigramNNConfig, vocab_size: int, generator: Generator) -> None:
        super().__init__(config, vocab_size, generator)
        W = Embedding(vocab_size, vocab_size)
        with torch.no_grad():
            W.weight.normal_(generator=generator)
        # (batch, 1) -> (batch, 1, vocab) -> (batch, vocab)
        self.layers = nn.Sequential(OrderedDict(W=W, logits=FlattenConsecutive(1)))
