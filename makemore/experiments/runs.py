"""One training from start to checkpoint: events go to a listener and into a trajectory. Prints nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from makemore.checkpoints import store
from makemore.device import describe
from makemore.training.events import Diverged, Event, Working
from makemore.training.trainer import Trainer, evenly, log_spaced
from makemore.training.trajectory import Recorder, Trajectory

EVALUATIONS = 50
PROBES, FEWEST_PROBES = 50, 20
STEPS_A_PROBE = (
    16  # at least, on the average of a short training: a look costs about half a large step
)


@dataclass(frozen=True)
class Run:
    """A training that has ended, by itself or because it diverged or was stopped.

    `start` is the hash of the tensors that it began with, "" for weights that the seed drew.
    """

    trainer: Trainer
    seed: int
    trajectory: Trajectory
    diverged: Diverged | None
    start: str = ""


def moments_to_probe(steps: int) -> frozenset[int]:
    """When a training of so many steps is looked into: about 50 times, less often where it is short."""
    return log_spaced(steps, min(PROBES, max(FEWEST_PROBES, steps // STEPS_A_PROBE)))


def run(
    trainer: Trainer,
    seed: int,
    *,
    listen: Callable[[Event], None] = lambda event: None,
    evaluate_every: int = 0,
    told_to_stop: Callable[[], bool] = lambda: False,
) -> Run:
    """Train to the recipe's last step, until told to stop, or until Ctrl-C; what was learned is kept.

    The listener sees every event. Without `evaluate_every` there are 50 evaluations.
    """
    steps = trainer.recipe.steps
    every = range(0, steps + 1, evaluate_every) if evaluate_every else evenly(steps, EVALUATIONS)
    recorder = Recorder()
    diverged = None
    try:
        for event in trainer.events(
            evaluate_at={*every, steps}, probe_at=moments_to_probe(steps), breaks=True
        ):
            if not isinstance(event, Working):  # which is there to be asked, and says nothing
                recorder.add(event)
                listen(event)
            if isinstance(event, Diverged):
                diverged = event
            if told_to_stop():
                break
    except KeyboardInterrupt:
        pass
    return Run(trainer=trainer, seed=seed, trajectory=recorder.trajectory(), diverged=diverged)


def losses(trainer: Trainer) -> dict[str, float]:
    """The NLL of train, dev and test as the model stands now."""
    return {split: trainer.loss(split) for split in ("train", "dev", "test")}


def save(finished: Run, path: Path | str) -> Path:
    """Write the run's model with all that is known about it. Raises CheckpointError."""
    return store.save(path, finished.trainer.model, finished.trajectory, **_about(finished))


def pack(finished: Run, name: str) -> dict[str, bytes | None]:
    """The same as the content of each file by its ending, for a checkpoint of this name."""
    return store.pack(name, finished.trainer.model, finished.trajectory, **_about(finished))


def _about(finished: Run) -> dict[str, Any]:
    trainer = finished.trainer
    return {
        "vocabulary": trainer.dataset.vocabulary.characters,
        "data": trainer.dataset.name_list.label,
        "data_sha256": trainer.dataset.name_list.sha256,
        "recipe": trainer.recipe.to_json(),
        "seed": finished.seed,
        "step": trainer.step,
        "losses": losses(trainer),
        "seconds": round(trainer.seconds, 3),
        "device": describe(trainer.device),
        "start": finished.start,
    }
