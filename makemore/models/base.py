"""The one protocol of all models: contexts in, logits out. Knows nothing of data or training."""

from typing import ClassVar

from torch import Generator, Tensor, nn

from makemore.config import Config


class ModelConfig(Config):
    """Settings of a model; every one has a `block_size`, the number of letters in a context."""

    block_size: int


class LanguageModel(nn.Module):
    """Contexts (batch, block_size) of ids -> logits (batch, vocab_size) of the next letter.

    A subclass draws its weights from `generator`, in the lecture's order.
    """

    Config: ClassVar[type[ModelConfig]]
    name: ClassVar[str]

    def __init__(self, config: ModelConfig, vocab_size: int, generator: Generator) -> None:
        super().__init__()
        self.config = config
        self.vocab_size = vocab_size

    @property
    def block_size(self) -> int:
        """The context length: how many letters the model sees."""
        return self.config.block_size

    @property
    def size(self) -> int:
        """How many numbers the model has learned: its parameters, or the cells it has counted."""
        return sum(p.numel() for p in self.parameters())

    def forward(self, contexts: Tensor) -> Tensor:
        """(batch, block_size) ids -> (batch, vocab_size) logits."""
        raise TypeError(f"{type(self).__name__} has no forward")


class LayeredModel(LanguageModel):
    """A model that is its layers, one after the other; each has a name that a chart can show."""

    layers: nn.Sequential

    def forward(self, contexts: Tensor) -> Tensor:
        """(batch, block_size) ids -> (batch, vocab_size) logits: one layer after the other."""
        logits: Tensor = self.layers(contexts)
        return logits
