"""One training of a variant from one seed, and what is kept of it. Knows no study, no search and no file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from makemore.data.examples import Dataset
from makemore.training.events import Diverged, Evaluated, Event
from makemore.training.recipes import Recipe
from makemore.training.trainer import Trainer, evenly

REPORTS = 10  # of the dev loss in a training, beside the one at its start
DIGITS = 4  # of a loss on a curve: well below what seeds alone do

Watch = Callable[[Trainer, Event], None]
Told = Callable[[], bool]  # to stop
GiveUp = Callable[[int, float], bool]  # by the number of the report, from 0, and its dev loss


@dataclass(frozen=True)
class Variant:
    """All that a training needs besides its seed and the names: plain values, which may travel."""

    model: str
    config: dict[str, Any]
    recipe: Recipe

    def start(self, seed: int, dataset: Dataset) -> Trainer:
        """A trainer at its start."""
        return Trainer.start(
            self.model, dataset, self.recipe, seed=seed, settings=dict(self.config)
        )


@dataclass(frozen=True)
class SeedRun:
    """One training. Losses are mean NLL a character in nats; curve: [step, dev loss] pairs.

    seconds: spent in updates. A training that was given up has the losses where that was.
    """

    seed: int
    train: float
    dev: float
    seconds: float
    curve: list[list[float]]

    def rounded(self) -> "SeedRun":
        """The same to well below what matters, which keeps a file of many short."""
        curve = [[step, round(dev, DIGITS)] for step, dev in self.curve]
        return SeedRun(
            self.seed, round(self.train, 6), round(self.dev, 6), round(self.seconds, 2), curve
        )


class DivergedError(Exception):
    """The training diverged; the message is its cause."""


class StoppedError(Exception):
    """The search was told to stop within a training."""


class TrainSeed(Protocol):
    """Some way to train a variant from a seed, here or elsewhere. `give_up` None: it goes to its end.

    Raises StoppedError or DivergedError.
    """

    def __call__(
        self,
        variant: Variant,
        seed: int,
        dataset: Dataset,
        *,
        told_to_stop: Told,
        give_up: GiveUp | None,
    ) -> SeedRun: ...


def train_here(
    variant: Variant, seed: int, dataset: Dataset, *, told_to_stop: Told, give_up: GiveUp | None
) -> SeedRun:
    """Train in this thread. Raises StoppedError or DivergedError."""

    def watch(trainer: Trainer, event: Event) -> None:
        if told_to_stop():
            raise StoppedError

    return train_seed(variant, seed, dataset, watch=watch, give_up=give_up or _never)


def _never(report: int, dev: float) -> bool:
    return False


def train_seed(
    variant: Variant,
    seed: int,
    dataset: Dataset,
    *,
    reports: int = REPORTS,
    watch: Watch = lambda trainer, event: None,
    give_up: GiveUp = _never,
) -> SeedRun:
    """Train from start to end, or until `give_up`, which is asked at every report but the last.

    watch: sees every event; what it raises ends the training. Without the last two the arguments and
    what is returned are plain values, so that the training may be carried out elsewhere. Raises
    DivergedError.
    """
    trainer, steps = variant.start(seed, dataset), variant.recipe.steps
    seen: list[Evaluated] = []
    for event in trainer.events(evaluate_at=evenly(steps, reports), breaks=True):
        watch(trainer, event)
        if isinstance(event, Diverged):
            raise DivergedError(event.cause)
        if isinstance(event, Evaluated):
            seen.append(event)
            if event.step < steps and give_up(len(seen) - 1, event.dev):
                break
    return as_run(seed, seen)


def as_run(seed: int, seen: Sequence[Evaluated]) -> SeedRun:
    """What is kept of a training that was evaluated so, in the order of its steps."""
    curve: list[list[float]] = [[each.step, each.dev] for each in seen]
    return SeedRun(seed, seen[-1].train, seen[-1].dev, seen[-1].seconds, curve)
