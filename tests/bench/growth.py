"""What does training cost as the work grows? Names, context and width; time and memory an epoch.

The recipes take larger batches for longer lists (`Recipe.for_examples`). Each long list is therefore
measured twice, also with the batch of the usual list; the whole report then gives both the same time.
"""

import random
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any

import torch

from makemore.checkpoints import store
from makemore.data import name_lists
from makemore.data.examples import Dataset
from makemore.data.name_lists import NameList, parse_names
from makemore.device import use_one_thread
from makemore.inference import sampling
from makemore.training.recipes import Recipe, recipe_for
from makemore.training.trainer import Trainer
from tests.bench.alone import alone, peak_mb


@dataclass(frozen=True)
class Case:
    """So many times the names, a batch that grows with them or stays, and some other settings."""

    names: int = 1
    grows: bool = True
    settings: dict[str, Any] = field(default_factory=dict)


CASES = (
    Case(),
    Case(4),
    Case(4, grows=False),
    Case(16),
    Case(16, grows=False),
    Case(settings={"block_size": 16}),
    Case(settings={"hidden": 256}),
    Case(settings={"hidden": 512}),
)
QUICK = CASES[:3]
TRIAL = 100  # steps, to learn how long one takes


@dataclass(frozen=True)
class Cost:
    """One epoch: seconds of planning and of training, the distinct contexts, the dev NLL, peak MB."""

    names: int
    examples: int
    distinct: int
    batches: int
    batch: int
    planning: float
    seconds: float
    nll: float
    peak: float

    @property
    def total(self) -> float:
        return self.planning + self.seconds


def artificial_names(times: int) -> NameList:
    """`times` as many names as the real list has, no name twice, drawn from the shipped wavenet."""
    wanted = times * len(name_lists.load_names().names)
    loaded = store.load("wavenet")
    found: dict[str, None] = {}
    seed = 0
    while len(found) < wanted:
        fresh = sampling.sample(loaded.model, loaded.vocabulary, 50_000, seed=seed)
        found |= dict.fromkeys(name for name in fresh if name)
        seed += 1
    chosen = list(found)[:wanted]
    random.Random(1).shuffle(chosen)
    return parse_names("\n".join(chosen), f"{times} times the names")


def recipe_of(dataset: Dataset, *, grows: bool) -> Recipe:
    """`fast` for this list, or with the batch that the usual list has."""
    recipe = recipe_for("fast", "wavenet")
    return recipe.for_examples(dataset.sizes["train"]) if grows else recipe


def epoch(case: Case) -> Cost:
    """The recipe `fast` for one pass over the examples."""
    use_one_thread()
    dataset = Dataset(artificial_names(case.names))
    examples = dataset.examples("train", case.settings.get("block_size", 8))
    recipe = recipe_of(dataset, grows=case.grows)
    recipe = replace(recipe, steps=len(examples) // recipe.batch_size)
    torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)  # the first one imports for long
    started = perf_counter()
    trainer = Trainer.start("wavenet", dataset, recipe, seed=1, settings=case.settings)
    planning = perf_counter() - started
    for _ in trainer.events():
        pass
    nll, peak = trainer.loss("dev"), peak_mb()  # before the contexts are counted for the table
    return Cost(
        names=len(dataset.name_list.names),
        examples=len(examples),
        distinct=len(examples.tally.contexts),
        batches=recipe.steps,
        batch=recipe.batch_size,
        planning=planning,
        seconds=trainer.seconds,
        nll=nll,
        peak=peak,
    )


@dataclass(frozen=True)
class Whole:
    """A recipe run to its end."""

    steps: int
    batch: int
    seconds: float
    nll: float


def whole(case: Case, seconds: float | None = None) -> Whole:
    """The recipe to its end; with `seconds`, as many steps as they allow."""
    use_one_thread()
    dataset = Dataset(artificial_names(case.names))
    recipe = recipe_of(dataset, grows=case.grows)
    if seconds is not None:
        trial = Trainer.start("wavenet", dataset, replace(recipe, steps=TRIAL), seed=1)
        for _ in trial.events():
            pass
        recipe = replace(recipe, steps=round(seconds / trial.seconds * TRIAL))
    trainer = Trainer.start("wavenet", dataset, recipe, seed=1)
    for _ in trainer.events():
        pass
    return Whole(recipe.steps, recipe.batch_size, trainer.seconds, trainer.loss("dev"))


def report(*, quick: bool) -> None:
    print("growth, wavenet, planning and one epoch of `fast`, artificial names without repeats:")
    first: Cost | None = None
    for case in QUICK if quick else CASES:
        cost = alone(epoch, case)
        first = first or cost
        print(
            f"  {cost.names:>8,} names {case.settings or ''!s:<19} {cost.examples:>9,} examples "
            f"{cost.distinct:>8,} distinct ({cost.distinct / first.distinct:5.2f}x) "
            f"{cost.batches:>5,} batches of {cost.batch:>6,} {cost.planning:.2f} + "
            f"{cost.seconds:5.2f} s ({cost.total / first.total:5.2f}x)  dev {cost.nll:.4f}  "
            f"peak {cost.peak:.0f} MB",
            flush=True,
        )
    if not quick:
        print(
            "the whole recipe for 4 times the names, and as long with the batch of the usual list:"
        )
        grown = alone(whole, Case(4))
        fixed = alone(whole, Case(4, grows=False), grown.seconds)
        for run in (grown, fixed):
            print(
                f"  {run.steps:,} batches of {run.batch:>6,}: {run.seconds:.1f} s  dev {run.nll:.4f}"
            )
