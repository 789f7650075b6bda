"""The bigram by counting: how often does each letter follow each? Has no weights and no gradient."""

from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from makemore.config import between
from makemore.data.examples import Examples, count_pairs
from makemore.models.base import LanguageModel, ModelConfig


@dataclass(frozen=True)
class BigramConfig(ModelConfig):
    """`smoothing` is the k that is added to every count, so that no pair is impossible."""

    block_size: int = between(1, 1, 1)
    smoothing: float = between(1.0, 0, 1e9)


class Bigram(LanguageModel):
    """Counts of letter pairs, read as probabilities: row = letter, column = next letter.

    Source: "Building makemore" part 1.
    """

    Config = BigramConfig
    name = "bigram"
    config: BigramConfig
    counts: Tensor

    def __init__(self, config: BigramConfig, vocab_size: int, generator: Generator) -> None:
        super().__init__(config, vocab_size, generator)
        self.register_buffer("counts", torch.zeros(vocab_size, vocab_size, dtype=torch.int64))

    def count(self, contexts: Tensor, targets: Tensor) -> None:
        """Add these examples to the counts."""
        self.counts += count_pairs(Examples(contexts, targets), self.vocab_size)

    def recounted(self, contexts: Tensor, targets: Tensor) -> "Bigram":
        """A twin with the same smoothing that has counted these examples and no others."""
        twin = Bigram(self.config, self.vocab_size, Generator()).to(contexts.device)
        twin.count(contexts, targets)
        return twin

    @property
    def probabilities(self) -> Tensor:
        """(vocab, vocab), every row adds up to 1; a row without any count is uniform."""
        weights = self.counts + self.config.smoothing
        total = weights.sum(dim=1, keepdim=True)  # keepdim: divide rows, not columns
        return torch.where(total > 0, weights / total, 1 / self.vocab_size)

    @property
    def size(self) -> int:
        """How many cells it counts in."""
        return self.counts.numel()

    def forward(self, contexts: Tensor) -> Tensor:
        """(batch, 1) ids -> (batch, vocab) log probabilities, which are logits too."""
        return self.probabilities.log()[contexts[:, -1]]
