"""The line of jobs that wait for a worker: turn by turn among visitors, those who left are passed over.

Patient jobs, those of a series, stand behind all others, and take turns among themselves. Trains
nothing and locks nothing.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator

from makemore.jobs.job import Job

REMEMBERED = 1_000  # visitors whose last turn is known


class Waiting:
    """`present` says whether anybody waits for a job. Whoever had no turn yet is served first."""

    def __init__(self, present: Callable[[Job], bool]) -> None:
        self._present = present
        self._jobs: list[Job] = []
        self._turn = 0
        # The last turn of each visitor, with a patient job or with another one.
        self._served: OrderedDict[tuple[bool, str], int] = OrderedDict()

    def __contains__(self, job: Job) -> bool:
        return job in self._jobs

    def __iter__(self) -> Iterator[Job]:
        return iter(self._jobs)

    def add(self, job: Job) -> None:
        """Let a job wait behind those of its kind."""
        self._jobs.append(job)

    def remove(self, job: Job) -> None:
        """Take a job out, if it waits."""
        if job in self._jobs:
            self._jobs.remove(job)

    def in_order(self) -> list[Job]:
        """Those that somebody waits for, the next one first."""
        return sorted(filter(self._present, self._jobs), key=self._rank)

    def place(self, job: Job) -> int:
        """The place of a job, from 1; 0 when it does not wait."""
        if job not in self._jobs:
            return 0
        before = self.in_order()
        return before.index(job) + 1 if job in before else len(before) + 1

    def take(self) -> Job | None:
        """The next job, no longer in the line, if somebody waits for one."""
        job = next(iter(self.in_order()), None)
        if job is None:
            return None
        self._jobs.remove(job)
        self._turn += 1
        for visitor in job.visitors:
            self._served[job.patient, visitor] = self._turn
            self._served.move_to_end((job.patient, visitor))
        while len(self._served) > REMEMBERED:
            self._served.popitem(last=False)
        return job

    def _rank(self, job: Job) -> tuple[bool, int]:
        """When one of its visitors was served last; of a shared job, whoever waits longest counts."""
        turns = (self._served.get((job.patient, visitor), 0) for visitor in job.visitors)
        return job.patient, min(turns, default=0)
