"""One session's series of trainings, one after the other, which let everybody else's go first.

Knows no page and no space of settings.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from makemore.config import ConfigError
from makemore.data.examples import Dataset
from makemore.experiments.seed_runs import SeedRun
from makemore.jobs.job import Job
from makemore.jobs.pool import MADE_ROOM, Pool
from makemore.jobs.spec import JobError, JobState, Spec

Status = Literal["going", "paused", "stopped", "finished"]


class SeriesJobs(Protocol):
    """What a series needs of the place where all jobs of a server are known."""

    pool: Pool

    def mark_seen(self, job: Job) -> None: ...

    def new_patient_job(self, spec: Spec, dataset: Dataset) -> Job: ...


@dataclass(frozen=True)
class Trained:
    """What came of one training: its losses, or why there are none."""

    run: SeedRun | None
    why: str = ""


@dataclass(frozen=True)
class SeriesState:
    """A series at one moment. `now` is the training under way, after those in `done`."""

    status: Status
    total: int
    done: tuple[Trained, ...]
    now: JobState | None
    message: str

    @property
    def active(self) -> bool:
        return self.status in ("going", "paused")


class Series:
    """It holds the job under way as a session's handle does; of those that ended the losses are kept.

    Its jobs are patient: they wait behind all others, and make room for them while they train.
    """

    def __init__(
        self, jobs: SeriesJobs, specs: Sequence[Spec], dataset: Dataset, session: str
    ) -> None:
        self._jobs, self._specs, self._dataset, self.session = jobs, tuple(specs), dataset, session
        self._done: list[Trained] = []
        self._job: Job | None = None
        self._status: Status = "going"
        self._message = ""

    def snapshot(self) -> SeriesState:
        """How it stands now. To ask shows that somebody watches it."""
        with self._jobs.pool.changed:
            self.go_on()  # where a worker was lost, or the job rests, nobody reports it
            job, now = self._job, None
            if job is not None:
                self._jobs.mark_seen(job)
                now = job.snapshot(self._jobs.pool.queue_place(job))
            return SeriesState(
                self._status, len(self._specs), tuple(self._done), now, self._message
            )

    def go_on(self) -> None:
        """Take in what ended, and begin what is next; called whenever a worker has reported."""
        with self._jobs.pool.changed:
            if self._status != "going":
                return
            try:
                self._take_in()
            except (JobError, ConfigError) as error:
                self._end("stopped", str(error))

    def _take_in(self) -> None:
        """Raises JobError and ConfigError."""
        job = self._job
        if job is None or job.order is not None:
            return
        if job.status == "paused":
            if job.message == MADE_ROOM:
                self._jobs.pool.enqueue(job)
            else:
                self._status, self._message = "paused", job.message
        elif job.over:
            self._done.append(_result(job))
            self.begin_next()

    def begin_next(self) -> None:
        """Let the next training wait for a worker. Raises JobError and ConfigError."""
        number = len(self._done)
        if number == len(self._specs):
            self._end("finished", "")
            return
        job = self._jobs.new_patient_job(self._specs[number], self._dataset)
        job.holders.add(self)
        self._job = job
        self._jobs.pool.enqueue(job)

    def resume(self) -> None:
        """Go on after a pause. Raises JobError."""
        with self._jobs.pool.changed:
            if self._status == "paused" and self._job is not None:
                self._jobs.mark_seen(self._job)
                self._jobs.pool.enqueue(self._job)
                self._status, self._message = "going", ""

    def stop(self) -> None:
        """End it; what was trained to its end stays."""
        with self._jobs.pool.changed:
            if self._status in ("going", "paused"):
                job = self._job
                self._end("stopped", "")
                if job is not None and job.active:
                    self._jobs.pool.halt(job, "stopped")

    def _end(self, status: Status, message: str) -> None:
        self._status, self._message, self._job = status, message, None


def _result(job: Job) -> Trained:
    """The losses of a job that finished; of one that did not, why."""
    state = job.snapshot(0)
    if job.status != "finished":
        return Trained(None, state.message or job.status)
    last = state.evaluated[-1]
    curve: list[list[float]] = [[each.step, each.dev] for each in state.evaluated]
    found = SeedRun(job.spec.seed, last.train, last.dev, state.seconds, curve)
    return Trained(found.rounded())
