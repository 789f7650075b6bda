"""How fast is training? Prints both loops side by side; run by hand: python -m tests.bench.training.

`--quick` takes two minutes: the lecture's loop is then timed over its first 3,000 steps and its whole
duration is worked out from that (marked ~). Every run has a process of its own, so that its peak
memory is its own. Seconds are from the call to the goal: planning counted, evaluation not.
"""

import argparse
import multiprocessing
import platform
import resource
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import torch

from makemore import names
from makemore.data import Dataset, Split
from makemore.device import choose, describe, use_one_thread
from makemore.events import Stepped
from makemore.recipes import recipe_for
from makemore.training import Trainer
from tests.bench import growth, throughput

QUICK_STEPS = 3_000


@dataclass(frozen=True)
class Goal:
    """Reach this NLL on this split within so many seconds."""

    model: str
    recipe: str
    split: Split
    nll: float
    seconds: float
    settings: dict[str, Any]


GOALS = [
    Goal("bigram_nn", "fast", "all", 2.4550, 0.1, {}),
    Goal("mlp", "fast", "dev", 2.105, 2.5, {}),
    Goal("mlp_bn", "fast", "dev", 2.107, 4.0, {}),
    Goal("wavenet", "fast", "dev", 1.993, 4.0, {}),
]
BEST = [
    Goal("mlp_bn", "best", "dev", 2.072, 60.0, {}),
    Goal("wavenet", "best", "dev", 1.945, 60.0, {}),
]


@dataclass(frozen=True)
class Result:
    """One run. `reached` is None when the goal was not met; `peak` is in MB."""

    reached: float | None
    seconds: float
    final: float
    steps: int
    peak: float


def run(goal: Goal, seed: int, device: str) -> Result:
    """Train to the end of the recipe, looking at the split fifty times."""
    use_one_thread()
    dataset = Dataset(names.load_names())
    dataset.vocabulary  # noqa: B018  reading the list is not training
    recipe = recipe_for(goal.recipe, goal.model)
    settings = {**recipe_settings(goal), **goal.settings}
    started = perf_counter()
    trainer = Trainer.start(
        goal.model, dataset, recipe, seed=seed, settings=settings, device=choose(device)
    )
    planning = perf_counter() - started
    reached = None
    look = max(1, recipe.steps // 50)
    for event in trainer.events(log_every=1):
        due = isinstance(event, Stepped) and (event.step + 1) % look == 0
        if due and reached is None and trainer.loss(goal.split) <= goal.nll:
            reached = planning + trainer.seconds
    return Result(reached, planning + trainer.seconds, trainer.loss(goal.split), trainer.step, peak())


def recipe_settings(goal: Goal) -> dict[str, Any]:
    """The sizes that come with a recipe."""
    return dict(BEST_SETTINGS.get(goal.model, {})) if goal.recipe == "best" else {}


BEST_SETTINGS: dict[str, dict[str, Any]] = {"mlp_bn": {"hidden": 600, "embedding": 24}}


def lecture(goal: Goal, steps: int | None, device: str) -> Result:
    """The course's loop, to its end or for some steps."""
    use_one_thread()
    recipe = recipe_for("lecture", goal.model)
    if steps:
        recipe = replace(recipe, steps=min(steps, recipe.steps))
    dataset = Dataset(names.load_names())
    trainer = Trainer.start(goal.model, dataset, recipe, seed=1, device=choose(device))
    for _ in trainer.events(log_every=1000):
        pass
    return Result(None, trainer.seconds, trainer.loss(goal.split), trainer.step, peak())


def peak() -> float:
    """The largest memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 if sys.platform == "darwin" else 1024) / (
        2**20 if sys.platform == "darwin" else 1
    )


def alone[T](function: Callable[..., T], *arguments: Any) -> T:
    """Call it in a fresh process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(function, arguments)
