"""What a sweep has found, as a JSON file: every trial with all that repeats it. Knows no Optuna."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from math import inf
from pathlib import Path
from typing import Any, Literal, get_args

from makemore.checkpoints import store, whole_files
from makemore.data.examples import Dataset
from makemore.experiments import runs
from makemore.experiments.runs import Run
from makemore.experiments.seed_runs import SeedRun, Variant
from makemore.experiments.study_variants import StudyError
from makemore.models import config_for
from makemore.training.recipes import Recipe
from makemore.training.trainer import Trainer

FOLDER = store.FOLDER / "sweeps"
ENDING = ".sweep.json"
SHIPPED = ("tree_shape", "rate_and_batch", "rate_search", "ladder")
State = Literal["complete", "pruned", "diverged", "refused", "waiting"]


class SweepError(StudyError):
    """The record of a sweep cannot be read or used; the message says what to do."""


@dataclass(frozen=True)
class TrialRecord:
    """One trial: what was chosen, what that meant, and a training from each seed.

    A trial that is not complete says why, and has fewer trainings.
    """

    number: int
    state: State
    chosen: dict[str, Any]
    model: str
    config: dict[str, Any]
    recipe: dict[str, Any]
    parameters: int
    runs: list[SeedRun]
    why: str = ""

    @property
    def dev(self) -> float:
        """The mean dev loss of its seeds, in nats; infinite where there is none."""
        return sum(run.dev for run in self.runs) / len(self.runs) if self.runs else inf

    @property
    def seconds(self) -> float:
        """The mean training time of a seed."""
        return sum(run.seconds for run in self.runs) / max(len(self.runs), 1)


@dataclass(frozen=True)
class Sweep:
    """A study as a whole. importance: shares by setting, among the trials of `importance_of`."""

    name: str
    space: dict[str, Any]
    seeds: int
    data: str
    data_sha256: str
    versions: dict[str, str]
    trials: list[TrialRecord]
    importance: dict[str, float] = field(default_factory=dict)
    importance_of: str = ""

    def complete(self) -> list[TrialRecord]:
        """The trials that were trained to their end from every seed, the lowest dev loss first."""
        whole = [trial for trial in self.trials if trial.state == "complete"]
        return sorted(whole, key=lambda trial: trial.dev)

    def trial(self, number: int) -> TrialRecord:
        """The trial of that number. Raises SweepError."""
        for each in self.trials:
            if each.number == number:
                return each
        known = ", ".join(str(each.number) for each in self.trials)
        raise SweepError(f"{self.name} has no trial {number}; its trials: {known:.200}")


def write(sweep: Sweep, path: Path) -> None:
    """Replace the file at once or not at all. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    whole_files.write_file(path, f"{''.join(_lines(asdict(sweep)))}\n".encode())


def _lines(values: dict[str, Any]) -> Iterator[str]:
    """JSON with a trial a line."""
    trials = values.pop("trials")
    yield json.dumps(values, ensure_ascii=False, allow_nan=False)[:-1] + ', "trials": [\n'
    yield ",\n".join(json.dumps(each, ensure_ascii=False, allow_nan=False) for each in trials)
    yield "\n]}"


def read_shipped(name: str) -> Sweep:
    """One of those that come with the project. Raises SweepError."""
    found = read(FOLDER / f"{name}.json")
    if not found.complete():
        raise SweepError(f"{name}.json: it has no complete trial; get it again")
    return found


def read(path: Path) -> Sweep:
    """The sweep that a file tells of, every value checked. Raises SweepError."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        trials = [_trial(each) for each in values.pop("trials")]
        found = Sweep(**values, trials=trials)
        _check(found)
    except OSError as error:
        raise SweepError(f"{path}: {error.strerror}; name the record of a sweep") from None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        said = str(error)[:200]
        raise SweepError(f"{path.name}: not the record of a sweep ({said}); get it again") from None
    return found


def _trial(values: Mapping[str, Any]) -> TrialRecord:
    runs_ = [SeedRun(**each) for each in values["runs"]]
    return TrialRecord(**{**values, "runs": runs_})


def _check(sweep: Sweep) -> None:
    """Raises ValueError or TypeError for what no sweep can have found."""
    for trial in sweep.trials:
        if trial.state not in get_args(State) or type(trial.number) is not int:
            raise ValueError(f"trial {trial.number!r:.20}, {trial.state!r:.20}")
        if trial.state == "complete" and len(trial.runs) != sweep.seeds:
            raise ValueError(f"trial {trial.number} lacks seeds")
        if trial.state != "refused":
            config_for(trial.model, trial.config)
            Recipe.from_json(trial.recipe)
        for run in trial.runs:
            numbers = [run.train, run.dev, run.seconds, *(n for pair in run.curve for n in pair)]
            if not all(0 <= number < inf for number in numbers):
                raise ValueError(f"trial {trial.number} has numbers that cannot be")
    if not all(0 <= share <= 1 for share in sweep.importance.values()):
        raise ValueError("an importance is no share")


def variant_of(trial: TrialRecord) -> Variant:
    """What the trial trains. Raises SweepError for one that was refused."""
    if trial.state == "refused":
        raise SweepError(f"trial {trial.number} was refused ({trial.why}); choose another one")
    return Variant(trial.model, trial.config, Recipe.from_json(trial.recipe))


def repeat(trial: TrialRecord, dataset: Dataset, *, seed: int) -> Trainer:
    """A trainer at the start of one of the trial's trainings; it comes to the same floats.

    Raises SweepError.
    """
    return variant_of(trial).start(seed, dataset)


def train_again(trial: TrialRecord, dataset: Dataset, *, seed: int, **options: Any) -> Run:
    """The whole training from one of a trial's seeds; `options` are those of `runs.run`."""
    return runs.run(repeat(trial, dataset, seed=seed), seed, **options)
