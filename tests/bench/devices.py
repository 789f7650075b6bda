"""What does a graphics card buy, and does it do the same? Prints each model on the CPU and on the card.

`python -m tests.bench.devices`: the recipe `fast` to its end and the first steps of the lecture's loop,
both on either device in turn. Seconds are those of updates, of the quickest of some runs. Whether a
card comes to the same floats twice, and after a restart halfway, is tried as well.
"""

import argparse
import platform
from dataclasses import dataclass
from itertools import takewhile

import torch

from makemore.data import name_lists
from makemore.data.examples import Dataset
from makemore.device import choose, cores, describe, use_threads
from makemore.models import MODELS
from makemore.training.recipes import Recipe, recipe_for
from makemore.training.trainer import Trainer

RUNS = 2
LECTURE_STEPS, WHOLE_STEPS = 500, 20  # enough for a rate; those of all examples at once are slow
AGAIN_STEPS = 20  # for the comparison of floats


@dataclass(frozen=True)
class Outcome:
    """The quickest run's seconds, and the dev loss that all came to."""

    seconds: float
    dev: float


def train(model: str, dataset: Dataset, recipe: Recipe, device: torch.device) -> Trainer:
    """A whole training."""
    trainer = Trainer.start(model, dataset, recipe, seed=1, device=device)
    for _ in trainer.events():
        pass
    return trainer


def measure(model: str, dataset: Dataset, recipe: Recipe, device: torch.device) -> Outcome:
    """Some trainings from one seed."""
    use_threads(recipe.batch_size)
    runs = [train(model, dataset, recipe, device) for _ in range(RUNS)]
    return Outcome(min(run.seconds for run in runs), runs[-1].loss("dev"))


def same_floats(model: str, dataset: Dataset, recipe: Recipe, device: torch.device) -> str:
    """Whether a second training, and one that is taken up halfway, end with the same weights."""
    first, second = (train(model, dataset, recipe, device) for _ in range(2))
    half = Trainer.start(model, dataset, recipe, seed=1, device=device)
    for _ in takewhile(lambda _: half.step < recipe.steps // 2, half.events()):
        pass
    resumed = Trainer.start(model, dataset, recipe, seed=2, device=device)
    resumed.restore({name: tensor.cpu() for name, tensor in half.state().items()})
    for _ in resumed.events():
        pass
    return f"again {_distance(first, second)}, taken up halfway {_distance(first, resumed)}"


def _distance(one: Trainer, other: Trainer) -> str:
    pairs = zip(one.weights().values(), other.weights().values(), strict=True)
    most = max(float((a.double() - b.double()).abs().max()) for a, b in pairs)
    return "the same floats" if most == 0 else f"up to {most:.1g} apart"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    arguments.add_argument("--only", choices=[*MODELS])
    args = arguments.parse_args()
    devices = [choose(name) for name in ("cpu", "cuda")[: 1 + torch.cuda.is_available()]]
    print(f"{platform.machine()}, torch {torch.__version__}, {cores()} cores")
    dataset = Dataset(name_lists.load_names())
    for model in MODELS:
        if args.only not in (None, model):
            continue
        recipes = [recipe_for("fast", model)]
        if model != "bigram":
            lecture = recipe_for("lecture", model)
            steps = LECTURE_STEPS if lecture.batch_size else WHOLE_STEPS
            recipes.append(recipe_for("lecture", model, steps=steps, decay_at=0))
        for recipe in recipes:
            for device in devices:
                found = measure(model, dataset, recipe, device)
                rate = recipe.steps / found.seconds
                short = recipe_for(recipe.name, model, steps=AGAIN_STEPS, decay_at=0)
                again = same_floats(model, dataset, short, device)
                print(
                    f"{model:<10} {recipe.name:<8} {describe(device):<24} {found.seconds:7.2f} s "
                    f"{rate:8.0f} steps/s  dev {found.dev:.4f}  {again}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
