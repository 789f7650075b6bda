"""What does training cost as the work grows? Names, context and width; time and memory an epoch."""

import random
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any

import torch

from makemore import checkpoints, names, sampling
from makemore.data import Dataset
from makemore.device import use_one_thread
from makemore.names import NameList, parse_names
from makemore.recipes import BATCH, recipe_for
from makemore.training import Trainer
from tests.bench.alone import alone, peak_mb


@dataclass(frozen=True)
class Case:
    """So many times the names, with a batch so many times as large, and some other settings."""

    names: int = 1
    batch: int = 1
    settings: dict[str, Any] = field(default_factory=dict)


CASES = (
    Case(),
    Case(4),
    Case(4, 4),
    Case(16),
    Case(16, 16),
    Case(settings={"block_size": 16}),
    Case(settings={"hidden": 256}),
    Case(settings={"hidden": 512}),
)
QUICK = CASES[:3]


@dataclass(frozen=True)
class Cost:
    """One epoch: seconds of planning and of training, the distinct contexts, the dev NLL, peak MB."""

    names: int
    examples: int
    distinct: int
    batches: int
    planning: float
    seconds: float
    nll: float
    peak: float


def made_up(times: int) -> NameList:
    """`times` as many names as the real list has, no name twice, drawn from the shipped wavenet."""
    wanted = times * len(names.load_names().names)
    loaded = checkpoints.load("wavenet")
    found: dict[str, None] = {}
    seed = 0
    while len(found) < wanted:
        fresh = sampling.sample(loaded.model, loaded.vocabulary, 50_000, seed=seed)
        found |= dict.fromkeys(name for name in fresh if name)
        seed += 1
    chosen = list(found)[:wanted]
    random.Random(1).shuffle(chosen)
    return parse_names("\n".join(chosen), f"{times} times the names")


def epoch(case: Case) -> Cost:
    """The recipe `fast` for one pass over the examples."""
    use_one_thread()
    dataset = Dataset(made_up(case.names))
    recipe = recipe_for("fast", "wavenet", batch_size=BATCH * case.batch)
    examples = dataset.examples("train", case.settings.get("block_size", 8))
    recipe = replace(recipe, steps=len(examples) // recipe.batch_size)
    torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)  # the first one imports for long
    started = perf_counter()
    trainer = Trainer.start("wavenet", dataset, recipe, seed=1, settings=case.settings)
    planning = perf_counter() - started
    for _ in trainer.events():
        pass
    return Cost(
        names=len(dataset.name_list.names),
        examples=len(examples),
        distinct=len(examples.tally.contexts),
        batches=recipe.steps,
        planning=planning,
        seconds=trainer.seconds,
        nll=trainer.loss("dev"),
        peak=peak_mb(),
    )


def report(*, quick: bool) -> None:
    print("growth, wavenet, one epoch of `fast` on made-up names without repeats:")
    first: Cost | None = None
    for case in QUICK if quick else CASES:
        cost = alone(epoch, case)
        first = first or cost
        print(
            f"  {cost.names:>8,} names {case.settings or ''!s:<19} {cost.examples:>9,} examples "
            f"{cost.distinct:>8,} distinct ({cost.distinct / first.distinct:5.2f}x) "
            f"{cost.batches:>5,} batches of {BATCH * case.batch:>6,} planned in {cost.planning:.2f} s, "
            f"{cost.seconds:6.2f} s ({cost.seconds / first.seconds:5.2f}x)  dev {cost.nll:.4f}  "
            f"peak {cost.peak:.0f} MB",
            flush=True,
        )
