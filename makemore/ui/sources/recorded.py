"""The recorded trainings of deep stacks, loaded once for all visitors. Knows no page and no chart."""

from functools import lru_cache

from makemore.experiments import recorded_stacks
from makemore.experiments.recorded_stacks import Stack
from makemore.training.trajectory import Trajectory


@lru_cache(maxsize=32)
def recording(stack: Stack) -> Trajectory:
    """How this stack was trained. Raises CheckpointError."""
    return recorded_stacks.read(stack)
