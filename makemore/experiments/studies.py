"""Changes one factor at a time, over several seeds, and keeps what came out. Knows no page and no chart.

A difference between two trainings says little as long as one does not know how much the draw of the
weights alone changes. `python -m tests.bench.studies NAME` measures a study again.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from math import inf
from typing import Any

import torch
from torch import Tensor

from makemore.checkpoints import store, whole_files
from makemore.checkpoints.shipped import MLP_SEED, SHIPPED, WAVENET_SEED
from makemore.data.examples import Dataset
from makemore.experiments.recorded_starts import SETTINGS, STARTS
from makemore.layers import BatchNorm1d
from makemore.training.events import Stepped
from makemore.training.recipes import EPOCH, Recipe, recipe_for
from makemore.training.trainer import Trainer

FOLDER = store.FOLDER / "studies"
# Shipped trainings that are repeated from other seeds; what counts draws nothing.
SPREAD = ("bigram_nn", "mlp", "mlp_bn", "wavenet_22k", "wavenet")
# Those whose end by the recipe `fast` is held against that of the lecture's loop.
HURRIED = ("mlp_2d", "mlp", "mlp_bn", "wavenet_22k", "wavenet")
READ_EVERY, BLOCK = 10, 400  # steps between two readings of a running mean, and those of one figure


class StudyError(ValueError):
    """The results of a study cannot be read; the message says what to do."""


@dataclass(frozen=True)
class Study:
    """Variants (settings by name) that share their seeds, and model and recipe but for those named.

    watched: the batch norm whose running mean is read while it trains, or "". models, recipes: of the
    variants that have one of their own.
    """

    model: str
    recipe: Recipe
    variants: dict[str, dict[str, Any]]
    seeds: tuple[int, ...]
    watched: str = ""
    models: dict[str, str] = field(default_factory=dict)
    recipes: dict[str, Recipe] = field(default_factory=dict)

    def model_of(self, variant: str) -> str:
        return self.models.get(variant, self.model)

    def recipe_of(self, variant: str) -> Recipe:
        return self.recipes.get(variant, self.recipe)

    def to_json(self) -> dict[str, Any]:
        """What is the same in all its trainings, and what is not."""
        about = {"model": self.model, "recipe": self.recipe.to_json(), "variants": self.variants}
        own = {variant: recipe.to_json() for variant, recipe in self.recipes.items()}
        return about | ({"models": self.models, "recipes": own} if own else {})


@dataclass(frozen=True)
class Result:
    """One training. Losses are mean NLL in nats.

    wander: (step, share) pairs: how far the watched running means stray within BLOCK steps, as a
    share of the standard deviation of what they are the mean of.
    """

    variant: str
    seed: int
    parameters: int
    train: float
    dev: float
    seconds: float
    wander: list[list[float]] = field(default_factory=list)


SMALL_WIDTH = 68  # hidden channels of the small tree
SMALL = {"embedding": 10, "hidden": SMALL_WIDTH}
# Hidden channels of trees over so many letters that have as many parameters as the small one, within 1 %.
AS_MANY = {2: 451, 4: 93, 8: SMALL_WIDTH, 16: 56}


def ladder_variant(letters: int, hidden: int) -> str:
    """How the study `context_ladder` names a tree."""
    return f"{letters} letters, {hidden} channels"


# The sizes of the study `size_ladder`: one width changes, the other stays as in the lecture's net.
HIDDEN_SIZES, EMBEDDING_SIZES = (10, 50, 100, 200, 500), (2, 5, 10, 20, 32)
SIZES = tuple(dict.fromkeys([(h, 10) for h in HIDDEN_SIZES] + [(200, e) for e in EMBEDDING_SIZES]))


def size_variant(hidden: int, embedding: int) -> str:
    """How the study `size_ladder` names an MLP."""
    return f"hidden {hidden}, embedding {embedding}"


STUDIES: dict[str, Study] = {
    "axis_bug": Study(
        model="wavenet",
        recipe=recipe_for("lecture", "wavenet", steps=40_000, decay_at=30_000),
        variants={"before": {**SMALL, "reduce": "batch"}, "after": SMALL},
        seeds=(42, 1, 2, 3, 4, 5),
        watched="norm1",
    ),
    "options": Study(
        model="wavenet",
        recipe=recipe_for("best", "wavenet", steps=12 * EPOCH, generations=1, from_elders=0.0),
        variants={
            "plain": {},
            "gate": {"gate": True},
            "as many weights, no gate": {"hidden": 184},
            "residual": {"residual": True},
            "skip": {"skip": True},
            "context 16": {"block_size": 16},
            "embedding 48": {"embedding": 48},
            "all but the embedding": {
                "gate": True,
                "residual": True,
                "skip": True,
                "block_size": 16,
            },
        },
        seeds=(42, 1, 2),
    ),
    # These differ from the shipped trainings in their seeds alone.
    "seed_spread": Study(
        model="mlp",
        recipe=SHIPPED["mlp"].recipe,
        variants={name: SHIPPED[name].settings for name in SPREAD},
        seeds=(42, 1, 2, 3, 4),
        models={name: SHIPPED[name].model for name in SPREAD},
        recipes={name: SHIPPED[name].recipe for name in SPREAD},
    ),
    # Each rung changes one thing about how the rung before it begins; the last one adds batch norm.
    "start_ladder": Study(
        model="mlp",
        recipe=recipe_for("lecture", "mlp"),
        variants={start: dict(SETTINGS[start]) for start in STARTS},
        seeds=(MLP_SEED, 1, 2, 3, 4),
        models={"batch norm": "mlp_bn"},
        recipes={"batch norm": recipe_for("lecture", "mlp_bn")},
    ),
    # From the seeds of the shipped ones, MLPs and WaveNets; the other seed of each tells how far that goes.
    "fast_ends": Study(
        model="mlp",
        recipe=recipe_for("fast", "mlp"),
        variants={name: SHIPPED[name].settings for name in HURRIED},
        seeds=(MLP_SEED, WAVENET_SEED),
        models={name: SHIPPED[name].model for name in HURRIED},
        recipes={name: recipe_for("fast", SHIPPED[name].model) for name in HURRIED},
    ),
    "size_ladder": Study(
        model="mlp",
        recipe=recipe_for("fast", "mlp"),
        variants={size_variant(h, e): {"hidden": h, "embedding": e} for h, e in SIZES},
        seeds=(MLP_SEED, 1, 2, 3, 4),
    ),
    "context_ladder": Study(
        model="wavenet",
        recipe=recipe_for("best", "wavenet", steps=20 * EPOCH, generations=1, from_elders=0.0),
        variants={
            ladder_variant(letters, hidden): {
                "block_size": letters,
                "embedding": SMALL["embedding"],
                "hidden": hidden,
            }
            for widths in (dict.fromkeys(AS_MANY, SMALL_WIDTH), AS_MANY)
            for letters, hidden in widths.items()
        },
        seeds=(42, 1, 2, 3, 4),
    ),
}


def read(name: str) -> list[Result]:
    """What was measured; empty if nothing was. Raises StudyError for a file that is damaged."""
    path = FOLDER / f"{name}.json"
    if not path.is_file():
        return []
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["results"]
        return [_checked(Result(**values)) for values in found]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        said = str(error)[:100]
        raise StudyError(f"{path.name}: not a study's results ({said}); get it again") from None


def read_whole(name: str) -> list[Result]:
    """The same, with every variant from every seed. Raises StudyError if one is missing."""
    study, results = STUDIES[name], read(name)
    measured = {(result.variant, result.seed) for result in results}
    if not measured >= {(variant, seed) for variant in study.variants for seed in study.seeds}:
        raise StudyError(f"{name}.json: trainings of the study are missing; get it again")
    return results


def _checked(result: Result) -> Result:
    numbers = [
        result.train,
        result.dev,
        result.seconds,
        *(n for pair in result.wander for n in pair),
    ]
    whole = (type(result.seed), type(result.parameters)) == (int, int)
    if not whole or any(not 0 <= number < inf for number in numbers):
        raise ValueError(f"seed {result.seed!r:.20} has numbers that cannot be")
    return result


def measure(name: str, dataset: Dataset, tell: Callable[[Result], None]) -> list[Result]:
    """Train what is missing of a study, seed by seed, and save after each training."""
    study, results = STUDIES[name], read(name)
    for seed in study.seeds:
        for variant in study.variants:
            if any((r.variant, r.seed) == (variant, seed) for r in results):
                continue
            results.append(one(study, variant, seed, dataset))
            about = study.to_json() | {"data_sha256": dataset.name_list.sha256}
            text = json.dumps({**about, "results": [asdict(r) for r in results]}, indent=1)
            whole_files.write_file(FOLDER / f"{name}.json", f"{text}\n".encode())
            tell(results[-1])
    return results


def one(study: Study, variant: str, seed: int, dataset: Dataset) -> Result:
    """One training of a study."""
    model, recipe = study.model_of(variant), study.recipe_of(variant)
    settings = study.variants[variant]
    trainer = Trainer.start(model, dataset, recipe, seed=seed, settings=settings)
    readings: list[Tensor] = []
    for event in trainer.events():
        if study.watched and isinstance(event, Stepped) and trainer.step % READ_EVERY == 0:
            readings.append(_reading(trainer, study.watched))
    return Result(
        variant=variant,
        seed=seed,
        parameters=trainer.model.size,
        train=round(trainer.loss("train"), 5),
        dev=round(trainer.loss("dev"), 5),
        seconds=round(trainer.seconds, 1),
        wander=wandered(torch.stack(readings)) if readings else [],
    )


def _reading(trainer: Trainer, watched: str) -> Tensor:
    """(2, positions, features) or (2, features): the running mean, and the spread it belongs to."""
    norm = trainer.model.get_submodule(f"layers.{watched}")
    assert isinstance(norm, BatchNorm1d)
    return torch.stack([norm.running_mean, norm.running_var.sqrt()])


def wandered(readings: Tensor) -> list[list[float]]:
    """(times, 2, ...) -> [last step of the block, mean share by which a mean strays in it] a block."""
    means, spreads = readings.unbind(1)
    blocks = []
    for i in range(0, len(readings), BLOCK // READ_EVERY):
        part = slice(i, i + BLOCK // READ_EVERY)
        stray = means[part].std(dim=0) / spreads[part].mean(dim=0)
        step = min(i + BLOCK // READ_EVERY, len(readings)) * READ_EVERY
        blocks.append([step, round(float(stray.mean()), 4)])
    return blocks
