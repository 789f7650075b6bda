"""How fast is training? Prints the lecture's loop and ours side by side, measured in one run.

`python -m tests.bench.training`: five seeds; about half an hour on two cores.
`--quick`: under two minutes, with three seeds, without `best` unless `--recipe best` asks for it,
and with the lecture's loop timed over its first steps only; its whole duration is then worked out
from that and marked ~.

Seconds run from the call to the goal: planning counts, evaluation does not.
"""

import argparse
import platform
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import torch

from makemore.checkpoints.shipped import SHIPPED, WIDE
from makemore.data import name_lists
from makemore.data.examples import Dataset, Split
from makemore.device import choose, cores, describe, use_one_thread, use_threads
from makemore.models import config_for
from makemore.training.events import Stepped
from makemore.training.recipes import recipe_for
from makemore.training.trainer import Trainer
from tests.bench import growth, throughput
from tests.bench.alone import alone, peak_mb, spread

QUICK_STEPS = {"bigram_nn": 20, "mlp": 2000, "mlp_bn": 2000, "wavenet": 1000}
LOOKS = 100  # at the split while training, to see when the goal is reached


@dataclass(frozen=True)
class Goal:
    """Reach this NLL on this split within so many seconds."""

    model: str
    recipe: str
    split: Split
    nll: float
    seconds: float
    settings: dict[str, Any]


GOALS = (
    Goal("bigram_nn", "fast", "all", 2.4550, 0.1, {}),
    Goal("mlp", "fast", "dev", 2.105, 2.5, {}),
    Goal("mlp_bn", "fast", "dev", 2.107, 4.0, {}),
    Goal("wavenet", "fast", "dev", 1.993, 4.0, {}),
)
BEST = (
    Goal("mlp_bn", "best", "dev", 2.072, 60.0, WIDE),
    Goal("wavenet", "best", "dev", 1.945, 60.0, {}),
)


@dataclass(frozen=True)
class Outcome:
    """One run; `reached` is None when the goal was not met."""

    reached: float | None
    seconds: float
    final: float
    peak: float


def ours(goal: Goal, seed: int, device: str | None) -> Outcome:
    """Train by the goal's recipe to its end."""
    dataset, recipe = Dataset(name_lists.load_names()), recipe_for(goal.recipe, goal.model)
    use_threads(recipe.batch_size)  # the lecture's loop is quickest with one
    # Neither belongs to training: both loops start from these tensors, and the first optimizer of
    # a process imports torch._dynamo, which takes a second.
    for split in ("train", "dev", "all"):
        dataset.examples(split, config_for(goal.model, goal.settings).block_size).tally  # noqa: B018
    torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
    started = perf_counter()
    trainer = Trainer.start(
        goal.model, dataset, recipe, seed=seed, settings=goal.settings, device=choose(device)
    )
    planning = perf_counter() - started
    reached, pause = None, max(1, recipe.steps // LOOKS)
    for event in trainer.events():
        due = isinstance(event, Stepped) and trainer.step % pause == 0 and reached is None
        if due and trainer.loss(goal.split) <= goal.nll:
            reached = planning + trainer.seconds
    seconds = planning + trainer.seconds
    return Outcome(reached, seconds, trainer.loss(goal.split), peak_mb())


def lecture(goal: Goal, steps: int | None, device: str | None) -> Outcome:
    """The course's loop, to its end or for some steps and the rest worked out."""
    use_one_thread()
    recipe = recipe_for("lecture", goal.model)
    whole = recipe.steps
    recipe = replace(recipe, steps=min(steps or whole, whole))
    dataset = Dataset(name_lists.load_names())
    seed = SHIPPED[goal.model].seed
    trainer = Trainer.start(goal.model, dataset, recipe, seed=seed, device=choose(device))
    for _ in trainer.events():
        pass
    seconds = trainer.seconds * whole / recipe.steps
    return Outcome(None, seconds, trainer.loss(goal.split), peak_mb())


def compare(goal: Goal, slow: Outcome, seeds: int, quick: bool, device: str | None) -> str:
    """One line of the table: the lecture's loop, ours over the seeds, and their ratio."""
    runs = [alone(ours, goal, seed, device) for seed in range(1, seeds + 1)]
    times = [run.reached for run in runs if run.reached is not None]
    met = f"{len(times)}/{len(runs)} reach {goal.nll}"
    ratio = f"{slow.seconds / sorted(times)[len(times) // 2]:.0f}x" if times else "-"
    mark = "~" if quick else f" {slow.final:.4f} in "
    return (
        f"{goal.model:<10} {goal.recipe:<5} lecture{mark}{slow.seconds:.1f} s | "
        f"{spread(times) if times else '-'} s, goal {goal.seconds} s | {ratio} | {met} | "
        f"final {spread([run.final for run in runs], 4)} after {spread([r.seconds for r in runs])} s | "
        f"peak {max(run.peak for run in runs):.0f} MB"
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    arguments.add_argument("--quick", action="store_true")
    arguments.add_argument("--seeds", type=int)
    arguments.add_argument("--device")
    arguments.add_argument("--only", choices=[goal.model for goal in GOALS])
    arguments.add_argument("--recipe", choices=["fast", "best"])
    args = arguments.parse_args()
    print(
        f"{platform.machine()}, torch {torch.__version__}, {describe(choose(args.device))}, {cores()} cores"
    )
    seeds = args.seeds or (3 if args.quick else 5)
    slow: dict[str, Outcome] = {}  # the lecture's loop, once for each model
    recipe = args.recipe or ("fast" if args.quick else None)
    for goal in GOALS + BEST:
        if recipe not in (None, goal.recipe) or args.only not in (None, goal.model):
            continue
        if goal.model not in slow:
            steps = QUICK_STEPS[goal.model] if args.quick else None
            slow[goal.model] = alone(lecture, goal, steps, args.device)
        print(compare(goal, slow[goal.model], seeds, args.quick, args.device), flush=True)
    if args.only is None and args.recipe is None:
        throughput.report(quick=args.quick)
        growth.report(quick=args.quick)


if __name__ == "__main__":
    main()
