"""The commands that search a space and repeat a trial. Optuna is imported when one runs, not before."""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from makemore.checkpoints import store
from makemore.cli.commands import DivergedError, check_place
from makemore.cli.reading import load_names
from makemore.cli.signals import hear_signals
from makemore.cli.terminal import emit
from makemore.config import ConfigError
from makemore.data.examples import Dataset
from makemore.experiments import read_space, runs, sweep_records
from makemore.experiments.sweep_records import SweepError, TrialRecord

if TYPE_CHECKING:
    from makemore.experiments.search_trial import Search
    from makemore.experiments.seed_runs import Told, TrainSeed


def sweep(args: argparse.Namespace) -> None:
    """Search until so many trials have ended; a stop leaves the study to be gone on with.

    Raises ConfigError, CheckpointError, SweepError.
    """
    space = read_space.read(args.space)
    out = args.out or store.OWN / space.name
    check_place(out)
    dataset = Dataset(load_names(args.names))
    # A file for each study: two sweeps that begin together would both set up a common one.
    url = args.storage or f"sqlite:///{out.with_name(f'{out.name}.sweep.db')}"
    from makemore.experiments import search as searching
    from makemore.experiments.search_results import to_record

    with (
        hear_signals() as told_to_stop,
        searching.alone(out.parent, url, space.name),
        _trainers(args.cluster) as (train, hands),
    ):
        search = searching.open_search(space, dataset, url=url, seeds=args.seeds)
        whole = searching.run(
            search,
            args.trials,
            told_to_stop=told_to_stop,
            listen=lambda trial: _show(to_record(trial), args.json),
            train=train,
            hands=hands,
        )
        record = _write(search, out)
        if not (whole and _save_best(search, told_to_stop, args, out)):
            _say_stopped(len(search.ended()), args.json)
            return
    _say_recorded(record, args.json)


@contextmanager
def _trainers(cluster: str | None) -> Iterator[tuple["TrainSeed", int]]:
    """Who trains, and how many at a time: this process alone, or the workers of a cluster."""
    from makemore.experiments.seed_runs import train_here

    address = cluster or os.environ.get("MAKEMORE_CLUSTER")
    if not address:
        yield train_here, 1
        return
    if find_spec("distributed") is None:
        raise ConfigError(
            "cluster: it needs more packages: pip install -r requirements-cluster.txt"
        )
    from makemore.experiments.cluster import ClusterTrainer

    trainer = ClusterTrainer(address, os.environ)
    try:
        yield trainer.train, trainer.hands
    finally:
        trainer.close()


def _write(search: "Search", out: Path) -> Path:
    from makemore.experiments.search_results import to_sweep

    path = out.with_name(out.name + sweep_records.ENDING)
    sweep_records.write(to_sweep(search), path)
    return path


def _show(trial: TrialRecord, as_json: bool) -> None:
    """A trial that has ended."""
    seeds = [run.dev for run in trial.runs]
    if as_json:
        told: dict[str, Any] = {"event": "trial", "trial": trial.number, "state": trial.state}
        told |= {"dev": trial.dev, "seeds": seeds, "parameters": trial.parameters}
        emit(told | {"chosen": trial.chosen} | ({"why": trial.why} if trial.why else {}))
        return
    chosen = "  ".join(
        f"{name.partition('.')[2] or name} {_short(value)}" for name, value in trial.chosen.items()
    )
    result = f"dev {trial.dev:.4f}" if trial.state == "complete" else trial.state
    print(
        f"trial {trial.number:>4}  {result:<11} {chosen}{f'  ({trial.why})' if trial.why else ''}",
        flush=True,
    )


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _save_best(search: "Search", told_to_stop: "Told", args: argparse.Namespace, out: Path) -> bool:
    """Train the best trials' first seeds again from their records and save them; False if told to stop."""
    from makemore.experiments.search_results import to_sweep

    complete = to_sweep(search).complete()
    if not complete:
        raise SweepError("no trial was complete; widen the space or ask for more --trials")
    for rank, trial in enumerate(complete[: args.keep], start=1):
        path = out if rank == 1 else out.with_name(f"{out.name}_{rank}")
        finished = sweep_records.train_again(
            trial, search.dataset, seed=1, told_to_stop=told_to_stop
        )
        if finished.trainer.step < finished.trainer.recipe.steps:
            return False
        _say_saved(trial, 1, runs.save(finished, path), args.json)
    return True


def repeat(args: argparse.Namespace) -> None:
    """Train one of a trial's seeds again, from the record of its sweep alone, and save it.

    Raises SweepError, CheckpointError, DivergedError.
    """
    found = sweep_records.read(args.record)
    trial, names = found.trial(args.trial), load_names(args.names)
    if names.sha256 != found.data_sha256:
        raise SweepError(f"{found.name} was trained on {found.data}; give that list with --names")
    out = args.out or store.OWN / f"{found.name}_{trial.number}"
    check_place(out)
    with hear_signals() as told_to_stop:
        finished = sweep_records.train_again(
            trial, Dataset(names), seed=args.seed, told_to_stop=told_to_stop
        )
    if finished.diverged is not None:
        raise DivergedError(f"{finished.diverged.cause}; {finished.diverged.remedy}")
    if finished.trainer.step < finished.trainer.recipe.steps:
        raise KeyboardInterrupt
    _say_saved(trial, args.seed, runs.save(finished, out), args.json, finished.trainer.loss("dev"))


def _say_saved(
    trial: TrialRecord, seed: int, path: Path, as_json: bool, dev: float | None = None
) -> None:
    dev = trial.runs[seed - 1].dev if dev is None else dev
    if as_json:
        emit({"event": "saved", "trial": trial.number, "seed": seed, "dev": dev, "path": str(path)})
    else:
        print(f"trial {trial.number} from seed {seed}, dev {dev:.4f}, saved as {path}")


def _say_recorded(record: Path, as_json: bool) -> None:
    if as_json:
        emit({"event": "recorded", "path": str(record)})
    else:
        print(f"all trials are in {record}")


def _say_stopped(done: int, as_json: bool) -> None:
    with suppress(BrokenPipeError):
        if as_json:
            emit({"event": "stopped", "trials": done})
        else:
            print(f"stopped after {done} trials; the same command goes on from here")
