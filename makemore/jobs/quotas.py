"""How often one visitor, and all together, may start a training or save one. Knows no job and no page."""

import math
from collections import OrderedDict, deque
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from makemore.jobs.spec import JobError, Spec

MINUTE = 60.0
REMEMBERED = 1_000  # visitors
MOST_SAVED, MOST_SAVED_BYTES = 200, 2_000_000_000  # checkpoints in the folder for own ones


@dataclass(frozen=True)
class Limits:
    """How often something may be done a minute: by one visitor, by all; and by one visitor in all."""

    each: int
    all: int
    ever: float = math.inf


STARTS = Limits(each=60, all=300)
SAVES = Limits(each=6, all=30, ever=20)


MOST_IN_SERIES, MOST_SERIES_STEPS = 60, 2_000  # trainings, and the steps of each


def check_series(specs: Collection[Spec]) -> None:
    """Raises JobError for more than a visitor may have trained one after the other."""
    if not 1 <= len(specs) <= MOST_IN_SERIES:
        raise JobError(
            f"a sweep here may have 1 to {MOST_IN_SERIES} trainings, this one has {len(specs):,}; the "
            "command line has no such limit"
        )
    longest = max(spec.recipe.steps for spec in specs)
    if longest > MOST_SERIES_STEPS:
        raise JobError(
            f"a training of a sweep may make {MOST_SERIES_STEPS:,} steps here, not {longest:,}; the "
            "command line has no such limit"
        )


class Quota:
    """Counts what visitors do. A reload is a new visitor, so that all together are counted too."""

    def __init__(self, what: str, limits: Limits, clock: Callable[[], float]) -> None:
        self._what, self._limits, self._clock = what, limits, clock
        self._all: deque[float] = deque()
        self._each: OrderedDict[str, deque[float]] = OrderedDict()
        self._ever: dict[str, int] = {}

    def use(self, visitor: str) -> None:
        """Count one more. Raises JobError, and counts nothing, where it would be too many."""
        while len(self._each) > REMEMBERED:
            forgotten, _ = self._each.popitem(last=False)
            self._ever.pop(forgotten, None)
        now = self._clock()
        mine = self._each.setdefault(visitor, deque())
        if self._ever.get(visitor, 0) >= self._limits.ever:
            raise JobError(f"at most {self._limits.ever:g} {self._what} a visit; that is reached")
        for times, most, whose in (
            (mine, self._limits.each, "you have made"),
            (self._all, self._limits.all, "all visitors together have made"),
        ):
            while times and now - times[0] >= MINUTE:
                times.popleft()
            if len(times) >= most:
                wait = math.ceil(times[0] + MINUTE - now)
                raise JobError(
                    f"{whose} {most:,} {self._what} in the last minute, which is the limit; "
                    f"try again in {wait} seconds"
                )
        mine.append(now)
        self._all.append(now)
        self._ever[visitor] = self._ever.get(visitor, 0) + 1
        self._each.move_to_end(visitor)


def check_room(files: Iterable[Path]) -> None:
    """Raises JobError where the folder for own checkpoints is full."""
    kept = [path for path in files if path.is_file() and not path.name.startswith(".")]
    number = len({path.name.partition(".")[0] for path in kept})  # a checkpoint is several files
    size = sum(path.stat().st_size for path in kept)
    if number >= MOST_SAVED or size >= MOST_SAVED_BYTES:
        raise JobError(
            f"the folder checkpoints/own of the server is full: it holds {number:,} checkpoints, "
            f"{size / 1e9:.1f} GB, of at most {MOST_SAVED:,} and {MOST_SAVED_BYTES / 1e9:g} GB; "
            "delete some there first"
        )
