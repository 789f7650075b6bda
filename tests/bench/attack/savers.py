"""Whoever saves: the command line, the autosave, the panel. Each save has a number that can be read back."""

import contextlib
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from threading import RLock

import torch
from tqdm import tqdm

from makemore.__main__ import main
from makemore.checkpoints import store
from makemore.checkpoints.tensor_files import pack, unpack
from makemore.data.examples import Dataset
from makemore.data.name_lists import parse_names
from makemore.experiments import runs
from makemore.jobs import Spec
from makemore.jobs.autosave import Autosave
from makemore.jobs.claims import NAME as CLAIMS
from makemore.jobs.history import Point
from makemore.jobs.job import Job
from makemore.training.recipes import recipe_for
from makemore.training.trainer import Trainer
from tests.conftest import FEW

SMALL: dict[str, object] = {"hidden": 6, "embedding": 2}


@dataclass(frozen=True)
class Saver:
    """save: write save number n. read: the number that is there now; raises ValueError for none, and
    for parts of different saves. files: what is to be there and nothing else."""

    save: Callable[[int], None]
    read: Callable[[], int]
    files: frozenset[str]


def few() -> Dataset:
    return Dataset(parse_names(FEW.replace(" ", "\n"), "few.txt"))


def _read_checkpoint(path: Path, *, bias: bool = False) -> int:
    """The seed; of one checkpoint, whose trajectory, and weights (`bias` is the number), are its own."""
    found = store.load(path)
    number = found.metadata.seed
    if bias and set(found.model.get_parameter("layers.logits.bias").tolist()) != {float(number)}:
        raise ValueError("the weights are those of another save")
    if found.trajectory is None:
        raise ValueError("the trajectory is missing")
    if found.trajectory.evaluated["step"].tolist()[-1] != found.metadata.step:
        raise ValueError("the trajectory is that of another save")
    return number


def panel(folder: Path) -> Saver:
    """What the panel's Save calls, with another number of steps and other weights each time."""
    recipe = recipe_for("lecture", "mlp", steps=2)
    finished = runs.run(Trainer.start("mlp", few(), recipe, seed=1, settings=SMALL), 1)
    path = folder / "mine"

    def save(number: int) -> None:
        trainer, trajectory = finished.trainer, finished.trajectory
        trainer.step = 2 + number
        with torch.no_grad():
            trainer.model.get_parameter("layers.logits.bias").fill_(number)
        steps = trajectory.evaluated["step"].clone()
        steps[-1] = trainer.step
        kept = replace(trajectory, evaluated=trajectory.evaluated | {"step": steps})
        runs.save(replace(finished, seed=number, trajectory=kept), path)

    return Saver(save, lambda: _read_checkpoint(path, bias=True), frozenset(_three("mine")))


def command(folder: Path) -> Saver:
    """`python -m makemore train`, from another seed each time."""
    _share_no_lock()
    names = folder.parent / f"{folder.name}_names.txt"
    names.write_text(FEW.replace(" ", "\n"))
    os.environ["MAKEMORE_NAMES"] = str(names)
    path = folder / "mine"
    words = ["train", "mlp", "--steps", "2", "--out", str(path), "--json"]
    words += [word for key, value in SMALL.items() for word in ("--set", f"{key}={value}")]

    def save(number: int) -> None:
        with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
            if main([*words, "--seed", str(number)]):
                raise ValueError("the command failed")

    return Saver(save, lambda: _read_checkpoint(path), frozenset(_three("mine")))


def _share_no_lock() -> None:
    """The lock of progress bars is one for all processes that are forked: who is killed keeps it for ever."""
    tqdm.set_lock(RLock())
    tqdm.monitor_interval = 0  # no thread: a process with threads must not fork


def autosave(folder: Path) -> Saver:
    """What the server calls for a job, with another state each time."""
    dataset = few()
    recipe = recipe_for("lecture", "mlp", steps=12)
    spec = Spec.of("mlp", recipe, seed=1, dataset=dataset, settings=SMALL)
    trainer = spec.build_trainer(dataset, None, recipe.learning_rate)
    start = Point.start(12, recipe.learning_rate)
    job = Job(spec=spec, dataset=dataset, steps=12, point=start, seen_at=0.0, links={"0" * 16})
    kept = Autosave(folder)

    def save(number: int) -> None:
        trainer.seconds = job.history.seconds = float(number)
        job.set_point(pack(trainer.state()))
        kept.claim(job)  # by the process that writes, which may be a fork of the one that read
        kept.keep(job)

    def read() -> int:
        found = kept.read(job.id, dataset, 0.0).point
        number = int(found.history.seconds)
        if found.state is None or float(unpack(found.state)["seconds"]) != number:
            raise ValueError("state and history are of different saves")
        return number

    return Saver(save, read, frozenset({f"{job.id}.safetensors", CLAIMS}))


def _three(name: str) -> list[str]:
    return [f"{name}.{ending}" for ending in ("safetensors", "json", "trajectory.safetensors")]


SAVERS: dict[str, Callable[[Path], Saver]] = {
    "command line": command,
    "autosave": autosave,
    "panel": panel,
}
