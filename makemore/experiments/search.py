"""Searches a space with Optuna, trial by trial, so that a kill at any moment loses none. Prints nothing.

Only the command that searches may import this module: nothing else needs Optuna.
"""

import hashlib
import socket
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
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
    run_trial,
    tell_why,
)
from makemore.experiments.seed_runs import StoppedError, Told, TrainSeed, train_here

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
    train: TrainSeed = train_here,
    hands: int = 1,
) -> bool:
    """Go on until so many trials have ended; whether it came to that. The listener sees each.

    Without a number: until every choice has been tried. hands: how many trials are trained at a time,
    each in a thread of its own. What ends one of them ends all. Raises ConfigError where there is no end,
    and what `train` raises.
    """
    whole = search.space.sampler == "every" and bool(_enqueue(search))
    if trials is None and not whole:
        raise ConfigError(
            f"{search.space.name} has no end; say how many trials, such as --trials 20"
        )
    turns = _Turns(search, trials, told_to_stop, listen)
    if hands == 1:
        turns.work(train)
    else:
        with ThreadPoolExecutor(hands, "makemore-trial") as pool:
            for hand in [pool.submit(turns.work, train) for _ in range(hands)]:
                hand.result()
    return not turns.stopped


class _Turns:
    """Hands out trials to those who train, and listens when they have ended."""

    def __init__(
        self, search: Search, trials: int | None, told: Told, listen: Callable[[FrozenTrial], None]
    ) -> None:
        self._search, self._trials, self._told, self._listen = search, trials, told, listen
        self._lock = Lock()  # guards what is under way, and lets listeners hear one at a time
        self._under_way = 0
        self.stopped = False

    def work(self, train: TrainSeed) -> None:
        """Run one trial after the other until none is left."""
        try:
            while (trial := self._next()) is not None:
                self._run(trial, train)
        except BaseException:
            self.stopped = True  # the others too
            raise

    def _next(self) -> Trial | None:
        with self._lock:
            begun = len(self._search.ended()) + self._under_way
            if self._trials is not None and begun >= self._trials:
                return None
            found = self._search.study.trials
            waiting = any(each.state is TrialState.WAITING for each in found)
            if self._search.space.sampler == "every" and not waiting:
                return None
            if self._stop():
                return None
            self._under_way += 1
            return _ask(self._search, begun)

    def _stop(self) -> bool:
        self.stopped |= self._told()
        return self.stopped

    def _run(self, trial: Trial, train: TrainSeed) -> None:
        study, stopped = self._search.study, False
        try:
            run_trial(self._search, trial, self._stop, train)
        except (StoppedError, KeyboardInterrupt):
            self.stopped = stopped = True
        with self._lock:
            self._under_way -= 1
            if stopped:
                _put_back(study, study.trials[trial.number])
            else:
                self._listen(study.trials[trial.number])


def _ask(search: Search, begun: int) -> Trial:
    # By the count, not by one generator's state, so that a resumed search draws as an unbroken one.
    search.study.sampler = SAMPLERS[search.space.sampler](begun)
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
