"""Reckons what a number of learners needs, from what was measured of one process. Measures nothing."""

from dataclasses import dataclass
from math import ceil

EVERY = 3.0  # seconds between two changes of a control by one learner
BUSY = 0.45  # of what a process answers at most; above that the wait of a few grows quickly
TRAINING_EVERY = 600.0  # seconds between two trainings of one learner


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One server process: light requests and first visits a second, MB when fresh and for each session."""

    light: float
    visits: float
    fresh: float
    learner: float


@dataclass(frozen=True)
class Need:
    """Server processes, a core for each; MB of all of them; seconds until everybody has come in at once.

    trainings: cores that their trainings keep busy beside that.
    """

    processes: int
    megabytes: float
    seconds: float
    trainings: float


def capacity(learners: int, measured: Measured, *, training: float) -> Need:
    """What so many learners need; `training` is the seconds of a core that one of theirs takes.

    Raises ValueError where there is nothing to reckon.
    """
    if learners < 1 or min(measured.light, measured.visits) <= 0:
        raise ValueError("there is somebody to serve, and somebody who does it")
    processes = ceil(learners / EVERY / (measured.light * BUSY))
    return Need(
        processes=processes,
        megabytes=processes * measured.fresh + learners * measured.learner,
        seconds=learners / (processes * measured.visits),
        trainings=learners * training / TRAINING_EVERY,
    )
