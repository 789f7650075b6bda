"""What does training cost as the work grows? Names, context and width; time and memory an epoch."""

import random
from dataclasses import dataclass, replace
from typing import Any

from makemore import checkpoints, names, sampling
from makemore.data import Dataset
from makemore.device import use_one_thread
from makemore.names import NameList, parse_names
from makemore.recipes import BATCH, recipe_for
from makemore.training import Trainer
from tests.bench.alone import alone, peak_mb

CASES: tuple[tuple[int, dict[str, Any]], ...] = (
    (1, {}),
    (4, {}),
    (16, {}),
    (1, {"block_size": 16}),
    (1, {"hidden": 256}),
    (1, {"hidden": 512}),
)


@dataclass(frozen=True)
class Cost:
    """One epoch: its seconds, the distinct contexts among the examples, the dev NLL, peak MB."""

    names: int
    examples: int
    distinct: int
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


def epoch(times: int, settings: dict[str, Any]) -> Cost:
    """The recipe `fast` for one pass over the examples."""
    use_one_thread()
    dataset = Dataset(made_up(times))
    recipe = recipe_for("fast", "wavenet")
    block_size = settings.get("block_size", 8)
    examples = dataset.examples("train", block_size)
    recipe = replace(recipe, steps=len(examples) // BATCH)
    trainer = Trainer.start("wavenet", dataset, recipe, seed=1, settings=settings)
    for _ in trainer.events():
        pass
    distinct = len(examples.tally.contexts)
    count = len(dataset.name_list.names)
    return Cost(count, len(examples), distinct, trainer.seconds, trainer.loss("dev"), peak_mb())


def report(*, quick: bool) -> None:
    print("growth, wavenet, one epoch of `fast` on made-up names without repeats:")
    first: Cost | None = None
    for times, settings in CASES[:2] if quick else CASES:
        cost = alone(epoch, times, settings)
        first = first or cost
        print(
            f"  {cost.names:>8,} names {settings or ''!s:<20} {cost.examples:>10,} examples "
            f"{cost.distinct:>9,} distinct ({cost.distinct / first.distinct:5.2f}x) "
            f"{cost.seconds:7.2f} s ({cost.seconds / first.seconds:5.2f}x)  dev {cost.nll:.4f}  "
            f"peak {cost.peak:.0f} MB",
            flush=True,
        )
