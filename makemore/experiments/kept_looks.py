"""The looks inside a checkpoint that there are to diagnose it by. Trains nothing."""

from collections.abc import Callable

from makemore.checkpoints.store import Checkpoint
from makemore.data.examples import Dataset
from makemore.inference.readings import Reading, read
from makemore.training.trainer import probe


def looks_at(checkpoint: Checkpoint, dataset: Callable[[], Dataset]) -> tuple[Reading, ...]:
    """Those that were kept of its training, or one at the net as it is.

    dataset: asked for only in the second case, a list in the letters of the checkpoint.
    """
    if checkpoint.trajectory is not None and checkpoint.trajectory.readings:
        return checkpoint.trajectory.readings
    return (read(probe(checkpoint.model, dataset(), step=checkpoint.metadata.step).snapshot),)
