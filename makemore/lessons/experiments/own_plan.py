"""What a learner's own sweep may be, and its results as those of a shipped one. Draws nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from makemore.data.examples import Dataset
from makemore.data.name_lists import NameList
from makemore.experiments.own_trials import Planned, trials_of
from makemore.experiments.search_space import size_of
from makemore.experiments.seed_runs import SeedRun
from makemore.experiments.sweep_records import State, Sweep, TrialRecord
from makemore.jobs import Series, SeriesState, Spec
from makemore.jobs.series import Trained
from makemore.lessons.experiments.trial_settings import TITLES, write_value

DRAWS = 9
WAYS = {"grid": "Grid", "random": "Random"}
SPACES = {
    "rate": "Rate × batch",
    "sizes": "Embedding × hidden",
    "start": "Context × start",
}
# By space and way, the settings that vary.
VARIED: dict[tuple[str, str], dict[str, dict[str, Any]]] = {
    ("rate", "grid"): {
        "training": {"learning_rate": [0.03, 0.1, 0.3, 1.0], "batch_size": [16, 64, 256]}
    },
    ("rate", "random"): {
        "training": {
            "learning_rate": {"low": 0.02, "high": 2.0, "log": True},
            "batch_size": {"low": 16, "high": 256, "log": True},
        }
    },
    ("sizes", "grid"): {"config": {"embedding": [2, 5, 10], "hidden": [20, 60, 180]}},
    ("sizes", "random"): {
        "config": {
            "embedding": {"low": 2, "high": 12},
            "hidden": {"low": 20, "high": 200, "log": True},
        }
    },
    ("start", "grid"): {
        "config": {"block_size": [2, 3, 5], "hidden_init": ["naive", "small", "kaiming"]}
    },
    ("start", "random"): {
        "config": {
            "block_size": {"low": 1, "high": 6},
            "hidden_init": ["naive", "small", "kaiming"],
        }
    },
}


@dataclass(frozen=True, eq=False)
class OwnSweep:
    """A sweep that this visitor has started: what is tried, on which list, and its trainings."""

    key: str
    told: dict[str, Any]
    planned: list[Planned]
    seeds: int
    names: NameList
    letters: int
    series: Series


def space_of(space: str, way: str, steps: int) -> dict[str, Any]:
    """The space as a TOML file would tell it; an MLP by the lecture's loop, cut to so many steps."""
    varied = VARIED[space, way]
    training = {**varied.get("training", {}), "steps": steps}
    return {
        "model": "mlp",
        "recipe": "lecture",
        "sampler": "every" if way == "grid" else "random",
        "pruner": "none",
        "config": varied.get("config", {}),
        "training": training,
    }


@lru_cache(maxsize=64)
def planned(space: str, way: str, steps: int, letters: int) -> list[Planned]:
    """The trials, in the order in which they are trained."""
    told = space_of(space, way, steps)
    return trials_of(told, draws=DRAWS if way == "random" else 0, letters=letters)


def tell_values(trials: Sequence[Planned]) -> str:
    """What they try of each setting."""
    told = []
    for name in trials[0].chosen:
        values = [*dict.fromkeys(trial.chosen[name] for trial in trials)]
        numeric = not isinstance(values[0], str)
        shown = ", ".join(write_value(each) for each in (sorted(values) if numeric else values))
        told.append(f"{TITLES[name]} {shown}")
    return "; ".join(told)


def specs_of(trials: Sequence[Planned], seeds: int, dataset: Dataset) -> list[Spec]:
    """A training from each seed of each trial, trial by trial."""
    return [
        Spec.of(
            each.variant.model, each.variant.recipe, seed=seed, dataset=dataset,
            settings=each.variant.config,
        )
        for each in trials
        for seed in range(1, seeds + 1)
    ]  # fmt: skip


def as_sweep(own: OwnSweep, state: SeriesState) -> Sweep:
    """What is known of it by now, in the form of a shipped one."""
    records = []
    for number, trial in enumerate(own.planned):
        done = state.done[number * own.seeds : (number + 1) * own.seeds]
        records.append(_record(number, trial, done, own))
    return Sweep(
        name=own.key,
        space=own.told,
        seeds=own.seeds,
        data=own.names.label,
        data_sha256=own.names.sha256,
        versions={},
        trials=records,
    )


def _record(number: int, trial: Planned, done: Sequence[Trained], own: OwnSweep) -> TrialRecord:
    variant = trial.variant
    runs: list[SeedRun] = [each.run for each in done if each.run is not None]
    why = next((each.why for each in done if each.run is None), "")
    whole: State = "complete" if len(runs) == own.seeds else "waiting"
    return TrialRecord(
        number=number,
        state="diverged" if why else whole,
        chosen=trial.chosen,
        model=variant.model,
        config=variant.config,
        recipe=variant.recipe.to_json(),
        parameters=size_of(variant.model, tuple(sorted(variant.config.items())), own.letters),
        runs=runs if whole == "complete" or why else [],
        why=why,
    )
