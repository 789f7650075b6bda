"""Trainings that are sick on purpose, each in one way, and sound ones; looks inside them at any seed."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import torch

from makemore.data.examples import Dataset
from makemore.inference.readings import Reading, read
from makemore.models import LanguageModel
from makemore.models.brick_stack import deep
from makemore.training.events import Probed
from makemore.training.recipes import Recipe, recipe_for
from makemore.training.trainer import Trainer, log_spaced

LOOKS = 20
NAIVE = "naive"


def _leave(model: LanguageModel) -> None:
    """Changes nothing."""


@dataclass(frozen=True)
class Case:
    """A training: what is done to the fresh net, at which rate times the recipe's, for how many steps."""

    model: str
    settings: dict[str, Any] = field(default_factory=dict)
    recipe: str = "lecture"
    of: str = ""  # the model whose recipe it is, if another one's
    rate: float = 1.0
    steps: int = 100
    spoil: Callable[[LanguageModel], None] = _leave


def stack(
    depth: int, gain: float, *, norm: bool = False, activation: str = "Tanh", **settings: float
) -> dict[str, Any]:
    """The settings of a deep stack."""
    bricks = deep(27, depth=depth, norm=norm, activation=activation)
    return {"bricks": bricks, "block_size": 3, "gain": gain, **settings}


@torch.no_grad()
def kill(model: LanguageModel) -> None:
    """A bias that keeps three of five neurons of the second hidden layer far out, whatever comes."""
    model.get_parameter("layers.linear2.bias")[:60] = -60.0


@torch.no_grad()
def swell(model: LanguageModel) -> None:
    """One matrix thirty times as large; batch norm behind it hides that from all activations."""
    model.get_parameter("layers.linear3.weight").mul_(30)


def bricks(settings: dict[str, Any], **how: Any) -> Case:
    return Case("bricks", settings, of="mlp", **how)


TANH, RELU = 5 / 3, 2**0.5
WRONG, SATURATED, SHRINKING, EXPLODING = (
    "confidently wrong start",
    "saturated",
    "shrinking",
    "exploding",
)
DEAD, HIGH, LOW = "dead", "learning rate too high", "learning rate too low"
SPEEDS = "layers at different speeds"

# What is to be found, and in what.
SICK: dict[str, tuple[str, Case]] = {
    "naive MLP, logits": (WRONG, Case("mlp", {"logits_init": NAIVE, "hidden_init": NAIVE}, steps=10)),
    "last matrix × 100": (WRONG, bricks(stack(5, TANH, logits_scale=10), steps=10)),
    "naive MLP, hidden": (SATURATED, Case("mlp", {"hidden_init": NAIVE}, steps=10)),
    "5 tanh, gain 3": (SATURATED, bricks(stack(5, 3), steps=10)),
    "5 sigmoid, gain 5": (SATURATED, bricks(stack(5, 5, activation="Sigmoid"), steps=10)),
    "5 tanh, gain 0.5": (SHRINKING, bricks(stack(5, 0.5), steps=10)),
    "10 tanh, gain 0.5": (SHRINKING, bricks(stack(10, 0.5), steps=10)),
    "10 ReLU, gain 1": (SHRINKING, bricks(stack(10, 1, activation="ReLU"), steps=10)),
    "5 sigmoid, gain 1": (SHRINKING, bricks(stack(5, 1, activation="Sigmoid"), steps=10)),
    "10 tanh, gain 3": (EXPLODING, bricks(stack(10, 3), steps=10)),
    "5 ReLU, gain 3": (EXPLODING, bricks(stack(5, 3, activation="ReLU"), steps=10)),
    "3 tanh, killed": (DEAD, bricks(stack(3, TANH), steps=10, spoil=kill)),
    "3 ReLU, killed": (DEAD, bricks(stack(3, RELU, activation="ReLU"), steps=10, spoil=kill)),
    "MLP, rate × 100": (HIGH, Case("mlp", rate=100)),
    "5 tanh, rate × 10": (HIGH, bricks(stack(5, TANH), rate=10, steps=300)),
    "5 tanh, rate × 100": (HIGH, bricks(stack(5, TANH), rate=100)),
    "5 tanh, rate × 1000": (HIGH, bricks(stack(5, TANH), rate=1000)),
    "5 tanh + norm, rate × 1000": (HIGH, bricks(stack(5, TANH, norm=True), rate=1000)),
    "WaveNet, rate × 100": (HIGH, Case("wavenet", rate=100, steps=60)),
    "bigram net, rate × 10": (HIGH, Case("bigram_nn", rate=10)),
    "MLP, rate × 0.1": (LOW, Case("mlp", rate=0.1)),
    "MLP with norm, rate × 0.1": (LOW, Case("mlp_bn", rate=0.1)),
    "5 tanh, rate × 0.1": (LOW, bricks(stack(5, TANH), rate=0.1)),
    "5 tanh, rate × 0.01": (LOW, bricks(stack(5, TANH), rate=0.01)),
    "WaveNet, rate × 0.01": (LOW, Case("wavenet", rate=0.01, steps=60)),
    "5 tanh + norm, one matrix × 30": (SPEEDS, bricks(stack(5, TANH, norm=True), spoil=swell)),
    "10 sigmoid, gain 1": (SPEEDS, bricks(stack(10, 1, activation="Sigmoid"))),
}  # fmt: skip

SOUND: dict[str, Case] = {
    "MLP": Case("mlp", steps=400),
    "MLP, 2-d": Case("mlp", {"embedding": 2}, steps=400),
    "MLP, scaled by hand": Case("mlp", {"hidden_init": "small"}, steps=400),
    "MLP with norm": Case("mlp_bn", steps=400),
    "WaveNet": Case("wavenet", steps=200),
    "WaveNet, gated": Case("wavenet", {"gate": True, "residual": True, "skip": True}, steps=100),
    "bigram net": Case("bigram_nn", steps=200),
    "MLP, fast": Case("mlp", recipe="fast", steps=512),
    "MLP with norm, fast": Case("mlp_bn", recipe="fast", steps=640),
    "WaveNet, fast": Case("wavenet", recipe="fast", steps=288),
    "bigram net, fast": Case("bigram_nn", recipe="fast", steps=60),
    "MLP, best": Case("mlp", recipe="best", steps=320),
    "MLP with norm, best": Case("mlp_bn", recipe="best", steps=320),
    "WaveNet, best": Case("wavenet", recipe="best", steps=160),
    "1 tanh": bricks(stack(1, TANH)),
    "5 tanh": bricks(stack(5, TANH)),
    "10 tanh": bricks(stack(10, TANH)),
    "10 tanh, gain 1": bricks(stack(10, 1)),
    "1 tanh + norm": bricks(stack(1, TANH, norm=True)),
    "5 tanh + norm": bricks(stack(5, TANH, norm=True)),
    "10 tanh + norm": bricks(stack(10, TANH, norm=True)),
    "5 tanh + norm, gain 0.5": bricks(stack(5, 0.5, norm=True)),
    "5 tanh + norm, rate × 10": bricks(stack(5, TANH, norm=True), rate=10),
    "5 ReLU": bricks(stack(5, RELU, activation="ReLU")),
    # At the rate of the lecture's MLP the first update of some seeds overshoots by more than a nat.
    "10 ReLU, rate × 0.3": bricks(stack(10, RELU, activation="ReLU"), rate=0.3),
    "5 leaky ReLU": bricks(stack(5, RELU, activation="LeakyReLU")),
    "5 ELU": bricks(stack(5, 1, activation="ELU")),
}


def recipe_of(case: Case) -> Recipe:
    """The recipe of a case at its rate."""
    recipe = recipe_for(case.recipe, case.of or case.model)
    steps = case.steps if case.recipe != "lecture" else recipe.steps
    return replace(recipe.at_rate(recipe.learning_rate * case.rate), steps=steps)


def watch(case: Case, dataset: Dataset, seed: int, *, steps: int | None = None) -> list[Reading]:
    """Looks inside the training of a case, as many as there were before it diverged."""
    trainer = Trainer.start(case.model, dataset, recipe_of(case), seed=seed, settings=case.settings)
    case.spoil(trainer.model)
    end = min(steps or case.steps, case.steps)
    events = trainer.events(end, probe_at=log_spaced(end, LOOKS), log_every=end + 1)
    return [read(event.snapshot) for event in events if isinstance(event, Probed)]
