"""Recorded trainings of stacks and of shipped nets, loaded once for all visitors. Knows no page and no chart."""

from functools import lru_cache

from makemore.checkpoints.store import Checkpoint
from makemore.experiments import recorded_stacks, second_recordings
from makemore.experiments.kept_looks import has_second
from makemore.experiments.recorded_stacks import Stack
from makemore.experiments.second_recordings import SecondRecording
from makemore.training.trajectory import Trajectory
from makemore.ui.sources import loaded


@lru_cache(maxsize=32)
def recording(stack: Stack) -> Trajectory:
    """How this stack was trained. Raises CheckpointError."""
    return recorded_stacks.read(stack)


def second_recording(checkpoint: Checkpoint) -> SecondRecording | None:
    """The second training of a shipped checkpoint whose own lacks looks; None for any other.

    Raises CheckpointError.
    """
    # By the shared one, so that nobody's upload is kept here.
    return _second(loaded.checkpoint(checkpoint.name)) if has_second(checkpoint) else None


@lru_cache(maxsize=32)
def _second(shipped: Checkpoint) -> SecondRecording:
    return second_recordings.read(shipped)
