"""Training recipes by name and model: how many steps, which batches, which optimizer. Trains nothing itself."""

from dataclasses import dataclass, replace
from math import cos, pi
from typing import Any, Literal

from makemore.config import Config, ConfigError, between

ALL_EXAMPLES = 0
WARM_UP = 0.05

# Large batches by way of a plan: 64 of them are an epoch of the 182,625 examples.
BATCH = 2_848
EPOCH = 64
MOST_STEPS = 10_000_000


@dataclass(frozen=True)
class Recipe(Config):
    """How to train. `batch_size` 0 means all examples at once; `decay_at` 0 means never.

    optimizer `count` adds up pairs and needs no learning rate. With `sgd` the learning rate is
    divided by 10 from step `decay_at` on. `muon` moves the hidden matrices by `learning_rate` and
    `weight_decay`, everything else by the two settings named after adam; `adam` moves all by
    `learning_rate`. `momentum` is that of batch norm's running statistics. With several
    `generations` the steps are shared among as many nets, each of which takes `from_elders` of its
    loss from what the former ones expect.
    """

    name: str
    optimizer: Literal["count", "sgd", "adam", "muon"] = "sgd"
    steps: int = between(200_000, 1, MOST_STEPS)
    batch_size: int = between(32, 0, 1_000_000)
    learning_rate: float = between(0.1, 0, 1e6)
    decay_at: int = between(0, 0, MOST_STEPS)
    adam_learning_rate: float = between(0.0, 0, 1e6)
    weight_decay: float = between(0.0, 0, 1e3)
    adam_weight_decay: float = between(0.0, 0, 1e3)
    momentum: float = between(0.1, 0, 1)
    generations: int = between(1, 1, 10)
    from_elders: float = between(0.0, 0, 1)
    trains_on: Literal["train", "all"] = "train"

    @property
    def generation_steps(self) -> int:
        return -(-self.steps // self.generations)

    def for_examples(self, number: int) -> "Recipe":
        """The same for a list with so many examples: at most EPOCH batches remain an epoch.

        Larger batches share more of their nodes, so an epoch of a long list takes less than its
        share of the time, and what a net reaches in the same time is no worse. Lists of the usual
        length, all examples at once, and sgd are left as they are.
        """
        if not self.batch_size or self.optimizer not in ("adam", "muon"):
            return self
        return replace(self, batch_size=max(self.batch_size, number // (EPOCH + 1) + 1))

    def at_rate(self, learning_rate: float) -> "Recipe":
        """The same with another learning rate; that of adam keeps its ratio to it. Raises ConfigError."""
        ratio = learning_rate / self.learning_rate if self.learning_rate else 1.0
        adam = self.adam_learning_rate * ratio
        return replace(self, learning_rate=learning_rate, adam_learning_rate=adam)

    def share_at(self, step: int) -> float:
        """The share of the peak rates in a cycle, which each generation goes through once."""
        return one_cycle(step % self.generation_steps / self.generation_steps)

    def learning_rate_at(self, step: int) -> float:
        """A tenth from `decay_at` on for sgd; up and down in one cycle for adam and muon."""
        if self.optimizer in ("adam", "muon"):
            return self.learning_rate * self.share_at(step)
        decayed = self.decay_at and step >= self.decay_at
        return self.learning_rate / 10 if decayed else self.learning_rate


def one_cycle(done: float) -> float:
    """The share of the peak rate when this share of the steps is done: a quick rise, a cosine down."""
    if done < WARM_UP:
        return max(done / WARM_UP, 0.01)
    return (1 + cos(pi * (done - WARM_UP) / (1 - WARM_UP))) / 2


LECTURE: dict[str, Recipe] = {
    "bigram": Recipe("lecture", optimizer="count", steps=100, trains_on="all"),
    "bigram_nn": Recipe(
        "lecture", steps=200, batch_size=ALL_EXAMPLES, learning_rate=50.0, trains_on="all"
    ),
    "mlp": Recipe("lecture", decay_at=100_000),
    "mlp_bn": Recipe("lecture", decay_at=100_000, momentum=0.001),
    "wavenet": Recipe("lecture", decay_at=150_000),
}

FAST: dict[str, Recipe] = {
    "bigram": replace(LECTURE["bigram"], name="fast"),
    "bigram_nn": Recipe(
        "fast",
        optimizer="adam",
        steps=60,
        batch_size=ALL_EXAMPLES,
        learning_rate=0.5,
        trains_on="all",
    ),
    "mlp": Recipe(
        "fast",
        optimizer="muon",
        steps=8 * EPOCH,
        batch_size=BATCH,
        learning_rate=0.4,
        adam_learning_rate=0.05,
    ),
    "mlp_bn": Recipe(
        "fast",
        optimizer="muon",
        steps=10 * EPOCH,
        batch_size=BATCH,
        learning_rate=0.4,
        weight_decay=0.02,
        adam_learning_rate=0.02,
        adam_weight_decay=0.05,
    ),
    "wavenet": Recipe(
        "fast",
        optimizer="muon",
        steps=9 * EPOCH // 2,
        batch_size=BATCH,
        learning_rate=0.1,
        weight_decay=0.1,
        adam_learning_rate=0.02,
        adam_weight_decay=0.1,
    ),
}

BEST: dict[str, Recipe] = {
    "bigram": replace(LECTURE["bigram"], name="best"),
    "bigram_nn": replace(FAST["bigram_nn"], name="best", steps=300),
    "mlp": replace(FAST["mlp"], name="best", steps=40 * EPOCH),
    "mlp_bn": Recipe(
        "best",
        optimizer="muon",
        steps=40 * EPOCH,
        batch_size=BATCH,
        learning_rate=0.1,
        weight_decay=0.3,
        adam_learning_rate=0.02,
        adam_weight_decay=0.3,
    ),
    "wavenet": Recipe(
        "best",
        optimizer="muon",
        steps=4 * 17 * EPOCH,
        batch_size=BATCH,
        learning_rate=0.02,
        weight_decay=1.0,
        adam_learning_rate=0.01,
        adam_weight_decay=0.3,
        generations=4,
        from_elders=0.8,
    ),
}

RECIPES: dict[str, dict[str, Recipe]] = {"lecture": LECTURE, "fast": FAST, "best": BEST}


def recipe_for(name: str, model: str, **changes: Any) -> Recipe:
    """The recipe of that name for that model, with some settings changed. Raises ConfigError.

    A changed `learning_rate` takes that of adam along.
    """
    if name not in RECIPES:
        raise ConfigError(f"unknown recipe {name!r}; known ones: {', '.join(RECIPES)}")
    if model not in RECIPES[name]:
        raise ConfigError(f"no recipe {name!r} for {model!r}; it has {', '.join(RECIPES[name])}")
    recipe = RECIPES[name][model]
    if "learning_rate" in changes and "adam_learning_rate" not in changes:
        recipe = recipe.at_rate(changes["learning_rate"])
    return replace(recipe, **changes)
