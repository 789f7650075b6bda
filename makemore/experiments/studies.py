"""Studies that change one factor at a time, over several seeds, and what came out. Trains nothing.

A difference between two trainings says little as long as one does not know how much the draw of the
weights alone changes. `python -m tests.bench.studies NAME` measures a study again, see study_runs.py.
"""

import json
from dataclasses import dataclass, field
from math import inf

from makemore.checkpoints import store
from makemore.checkpoints.shipped import MLP_SEED, SHIPPED, WAVENET_SEED
from makemore.experiments.recorded_starts import SETTINGS, STARTS
from makemore.experiments.study_variants import Study, StudyError
from makemore.training.recipes import EPOCH, recipe_for

FOLDER = store.FOLDER / "studies"
# Shipped trainings that are repeated from other seeds; what counts draws nothing.
SPREAD = ("bigram_nn", "mlp", "mlp_bn", "wavenet_22k", "wavenet")
# Those whose end by the recipe `fast` is held against that of the lecture's loop.
HURRIED = ("mlp_2d", "mlp", "mlp_bn", "wavenet_22k", "wavenet")
BLOCK = 400  # steps of one figure of how far running means stray


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
