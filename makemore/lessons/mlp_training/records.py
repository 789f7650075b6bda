"""The recorded trainings of this page, each read once. Knows no chart."""

from functools import cache

from makemore.experiments import recorded_descents
from makemore.experiments.recorded_descents import Descent, Record


@cache
def recorded(descent: Descent) -> Record:
    """The shipped record. Raises CheckpointError."""
    return recorded_descents.read(descent)
