"""Searches a space with Optuna, trial by trial, so that a kill at any moment loses none. Prints nothing.

Only the command that searches may import this module: nothing else needs Optuna.
"""

import hashlib
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import optuna
from optuna.pruners import BasePruner, MedianPruner, NopPruner, SuccessiveHalvingPruner
from optuna.samplers import BaseSampler, RandomSampler, TPESampler
from optuna.storages import BaseStorage
from optuna.trial import FrozenTrial, Trial, TrialState
from sqlalchemy.exc import SQLAlchemyError

from makemore.config import ConfigError
from makemore.data.examples import Dataset
from makemore.experiments.search_space import Space
from makemore.experiments.search_trial import (
    HOST,
    RECORD,
    RUNS,
    WHY,
    Search,
    StoppedError,
    Told,
    run_trial,
    tell_why,
)

if sys.platform != "win32":
    import fcntl

# What a study keeps beside Optuna's own, its trials' part is in search_trial.
SPACE, DATA, SEEDS = "space", "data_sha256", "seeds"
AGAIN = "again"

SAMPLERS: dict[str, Callable[[int], BaseSampler]] = {
    "tpe": lambda seed: TPESampler(seed=seed),
    "random": lambda seed: RandomSampler(seed=seed),
    "every": lambda seed: RandomSampler(seed=seed),  # draws nothing: all its trials are enqueued
}
PRUNERS: dict[str, Callable[[], BasePruner]] = {
    "median": lambda: MedianPruner(n_startup_trials=4, n_warmup_steps=2),
    "halving": lambda: SuccessiveHalvingPruner(min_resource=2),
    "none": NopPruner,
}


@contextmanager
def alone(folder: Path, url: str, name: str) -> Iterator[None]:
    """Keep other processes of this machine from the study; a kill lets go. Raises ConfigError."""
    folder.mkdir(parents=True, exist_ok=True)
    which = hashlib.sha256(f"{url} {name}".encode()).hexdigest()[:16]
    with (folder / f".sweep-{which}.lock").open("w") as file:
        try:
            if sys.platform != "win32":
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConfigError(f"{name}: another process goes on with it; wait for it") from None
        yield


def open_search(space: Space, dataset: Dataset, *, url: str | BaseStorage, seeds: int) -> Search:
    """The study of this name, new or as it was left, for whoever is `alone`. Raises ConfigError."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    about = {SPACE: space.told, DATA: dataset.name_list.sha256, SEEDS: seeds}
    try:
        study = optuna.create_study(
            storage=url, study_name=space.name, direction="minimize", load_if_exists=True,
            pruner=PRUNERS[space.pruner](),
        )  # fmt: skip
        for key, value in about.items():
            if study.user_attrs.get(key, value) != value:
                raise ConfigError(f"{space.name} was begun with another {key}; rename the file")
            study.set_user_attr(key, value)
    except ImportError:
        said = f"there is no driver for {str(url).partition(':')[0]:.40}"
        remedy = "install one, such as psycopg2-binary for postgresql, or leave out --storage"
        raise ConfigError(f"storage: {said}; {remedy}") from None
    except (SQLAlchemyError, ValueError) as error:
        if isinstance(error, ConfigError):
            raise
        said = " ".join(str(error).split())[:200]
        raise ConfigError(f"storage: {said}; name one such as sqlite:///sweeps.db") from None
    search = Search(study, space, dataset, seeds)
    _recover(search)
    return search


def _recover(search: Search) -> None:
    """Trials of a process that is gone are enqueued again; those of another machine are left alone."""
    here = socket.gethostname()
    for trial in search.study.trials:
        if trial.state is not TrialState.RUNNING or trial.user_attrs.get(HOST, here) != here:
            continue
        if WHY in trial.user_attrs:  # it had come to its end, which was not told any more
            tell_why(search.study, trial.number, trial.user_attrs[WHY][0])
        else:
            _put_back(search.study, trial)


def _put_back(study: optuna.Study, trial: FrozenTrial) -> None:
    """Enqueue what it had chosen, with the seeds that it had done, then mark it as cut off.

    One that was cut off while it chose chooses again, and the same, as nothing else has ended.

    A kill between the two is made good the next time: what is enqueued knows whom it stands for.
    """
    if not any(each.user_attrs.get(AGAIN) == trial.number for each in study.trials):
        chosen = trial.params if RECORD in trial.user_attrs else {}
        chosen = {**trial.system_attrs.get("fixed_params", {}), **chosen}
        done = trial.user_attrs.get(RUNS, [])
        study.enqueue_trial(chosen, user_attrs={AGAIN: trial.number, RUNS: done})
    study.tell(trial.number, state=TrialState.FAIL)


def run(
    search: Search,
    trials: int | None,
    *,
    told_to_stop: Told,
    listen: Callable[[FrozenTrial], None],
) -> bool:
    """Go on until so many trials have ended; whether it came to that. The listener sees each.

    Without a number: until every choice has been tried. Raises ConfigError where there is no end.
    """
    left = _enqueue(search) if search.space.sampler == "every" else None
    if trials is None and left is None:
        raise ConfigError(
            f"{search.space.name} has no end; say how many trials, such as --trials 20"
        )
    while trials is None or len(search.ended()) < trials:
        waiting = any(each.state is TrialState.WAITING for each in search.study.trials)
        if left is not None and not waiting:
            break
        if told_to_stop():
            return False
        trial = _ask(search)
        try:
            run_trial(search, trial, told_to_stop)
        except (StoppedError, KeyboardInterrupt):
            _put_back(search.study, search.study.trials[trial.number])
            return False
        listen(search.study.trials[trial.number])
    return True


def _ask(search: Search) -> Trial:
    # By the count, not by one generator's state, so that a resumed search draws as an unbroken one.
    search.study.sampler = SAMPLERS[search.space.sampler](len(search.ended()))
    return search.study.ask()


def _enqueue(search: Search) -> int:
    """Put every choice on the list that is not on it; how many choices there are."""
    there = [_chosen(trial) for trial in search.study.trials]
    points = [*search.space.points()]
    for point in points:
        if point not in there:
            search.study.enqueue_trial(point)
    return len(points)


def _chosen(trial: FrozenTrial) -> dict[str, Any]:
    return {**trial.system_attrs.get("fixed_params", {}), **trial.params}
