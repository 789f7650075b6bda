"""Training recipes by name and model: how many steps, which batches, which optimizer. Trains nothing itself."""

from dataclasses import dataclass, replace
from typing import Any, Literal

from makemore.config import Config, ConfigError, between

ALL_EXAMPLES = 0


@dataclass(frozen=True)
class Recipe(Config):
    """How to train. `batch_size` 0 means all examples at once; `decay_at` 0 means never.

    optimizer `count` adds up pairs and needs no learning rate. With `sgd` the learning rate is
    divided by 10 from step `decay_at` on.
    """

    name: str
    optimizer: Literal["count", "sgd"] = "sgd"
    steps: int = between(200_000, 1, 10_000_000)
    batch_size: int = between(32, 0, 1_000_000)
    learning_rate: float = between(0.1, 0, 1e6)
    decay_at: int = between(0, 0, 10_000_000)
    trains_on: Literal["train", "all"] = "train"

    def learning_rate_at(self, step: int) -> float:
        decayed = self.decay_at and step >= self.decay_at
        return self.learning_rate / 10 if decayed else self.learning_rate


LECTURE: dict[str, Recipe] = {
    "bigram": Recipe("lecture", optimizer="count", steps=100, trains_on="all"),
    "bigram_nn": Recipe(
        "lecture", steps=200, batch_size=ALL_EXAMPLES, learning_rate=50.0, trains_on="all"
    ),
    "mlp": Recipe("lecture", decay_at=100_000),
    "mlp_bn": Recipe("lecture", decay_at=100_000),
    "wavenet": Recipe("lecture", decay_at=150_000),
}

RECIPES: dict[str, dict[str, Recipe]] = {"lecture": LECTURE}


def recipe_for(name: str, model: str, **changes: Any) -> Recipe:
    """The recipe of that name for that model, with some settings changed. Raises ConfigError."""
    if name not in RECIPES:
        raise ConfigError(f"unknown recipe {name!r}; known ones: {', '.join(RECIPES)}")
    if model not in RECIPES[name]:
        raise ConfigError(f"no recipe {name!r} for {model!r}; it has {', '.join(RECIPES[name])}")
    return replace(RECIPES[name][model], **changes)
