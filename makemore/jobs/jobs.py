"""All jobs of a server: who shares which, who gets a fork, who was not seen for long. Knows no Streamlit."""

import time
from collections.abc import Callable
from pathlib import Path
from weakref import WeakValueDictionary

from makemore.data import Dataset
from makemore.jobs.autosave import Autosave
from makemore.jobs.crews import ProcessCrew, ThreadCrew
from makemore.jobs.handle import Handle
from makemore.jobs.history import Point
from makemore.jobs.job import Job
from makemore.jobs.log import tell
from makemore.jobs.messages import Caps, Progress, Report
from makemore.jobs.pool import Pool
from makemore.jobs.spec import JobError, Spec
from makemore.training import Trainer

RUNNING = 2  # threads that train at once: more only get in each other's way

Key = tuple[Spec, str]


class Jobs:
    """Made once a server. With `workers` the jobs train in as many processes, else in threads.

    running: how many train at once in threads. max_seconds, max_steps: what one training may take.
    folder: where running and paused jobs are kept every `autosave_seconds`; None keeps none.
    unseen_seconds: how long a job trains on without a `snapshot()` by anybody.
    """

    def __init__(
        self,
        *,
        running: int = RUNNING,
        workers: int = 0,
        max_seconds: float = 600,
        max_steps: int = 1_000_000,
        autosave_seconds: float = 10,
        folder: Path | None = None,
        unseen_seconds: float = 180,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._max_steps, self._unseen, self._clock = max_steps, unseen_seconds, clock
        self._closed = False
        self.autosave = Autosave(folder)
        # Weakly: a job that rests lives as long as somebody has a handle of it.
        self._sessions: WeakValueDictionary[str, Handle] = WeakValueDictionary()
        self._by_key: WeakValueDictionary[Key, Job] = WeakValueDictionary()
        self._by_id: WeakValueDictionary[str, Job] = WeakValueDictionary()
        caps = Caps(max_seconds, max_steps, autosave_seconds)
        hire = ProcessCrew if workers else ThreadCrew
        self.pool = Pool(hire, workers or running, caps, self._heard)

    def start(self, spec: Spec, dataset: Dataset, session: str) -> Handle:
        """Train this, or join whoever does; the session's former job, if it runs, is let go of.

        Raises JobError, and ConfigError for a model or setting that there is not.
        """
        if spec.names_sha256 != dataset.name_list.sha256:
            raise JobError("the spec is for another name list than the one given")
        key = (spec.complete, dataset.vocabulary.characters)
        with self.pool.changed:
            self._check_open()
            self.reap()
            former = self._sessions.get(session)
            own = former.job if former is not None else None
            shared = self._by_key.get(key)
            if former is not None and own is shared and own is not None and own.active:
                return former
            job = shared if shared and shared is not own and shared.joinable else None
            handle = Handle(self, job or self._fresh(key, dataset), session)
            self.activate(handle)
            if job is None:
                self.pool.enqueue(handle.job)
            else:
                tell("shared", job, watchers=len(job.holders))
            return handle

    def resume_saved(self, job_id: str, dataset: Dataset, session: str) -> Handle:
        """Go on with a job by its id: one that is still here, or one that was kept. Raises JobError."""
        with self.pool.changed:
            self._check_open()
            job = self._by_id.get(job_id)
            if job is None or job.spec.names_sha256 != dataset.name_list.sha256:
                job = self.autosave.read(job_id, dataset, self._clock())
                self._by_id[job_id] = job
            handle = Handle(self, job, session)
            self.activate(handle)
            handle.resume()
            return handle

    def seen(self, handle: Handle) -> None:
        """Somebody looks at this job."""
        with self.pool.changed:
            handle.job.seen = self._clock()
            self.reap()

    def reap(self) -> None:
        """Let jobs rest that nobody has looked at for long."""
        with self.pool.changed:
            now = self._clock()
            for job in self.pool.active():
                if now - job.seen > self._unseen:
                    job.seen = now
                    minutes = f"{self._unseen / 60:g} minutes"
                    self.pool.halt(job, "paused", f"paused, as nobody watched for {minutes}")
                    tell("unseen", job)

    def activate(self, handle: Handle) -> None:
        """This handle's job becomes the one that its session may have active."""
        former = self._sessions.get(handle.session)
        if former is not None and former is not handle and former.job.active:
            if all(holder is former for holder in former.job.holders):
                self.pool.halt(former.job, "stopped", "stopped, as another training was started")
            former.close()
        self._sessions[handle.session] = handle
        handle.job.seen = self._clock()

    def fork(self, handle: Handle, *, from_start: bool) -> Job:
        """A job for this session alone, at the place where the shared one stands."""
        job = handle.job
        twin = job.fork(job.point if from_start else self.pool.point(job))
        job.holders.discard(handle)
        self._by_id[twin.id] = twin
        tell("forked", twin, of=job.id)
        return twin

    def trainer(self, handle: Handle) -> Trainer:
        """A trainer that stands where the job stands."""
        job = handle.job
        point = self.pool.point(job)
        return job.spec.trainer(job.dataset, point.state, point.history.rate)

    @property
    def closed(self) -> bool:
        return self._closed

    def close(self) -> None:
        """Clean shutdown: what runs, waits or is paused is kept, and no worker is left."""
        self._closed = True
        jobs = list(
            self._by_id.values()
        )  # held here: what waits is held by nobody once it is halted
        self.pool.close()
        for job in jobs:
            if job.status == "paused":
                self.autosave.keep(job)

    def _check_open(self) -> None:
        if self._closed:
            raise JobError("the server is shutting down; try again in a minute")

    def _fresh(self, key: Key, dataset: Dataset) -> Job:
        spec, _ = key
        steps = min(spec.recipe.steps, self._max_steps)
        start = Point.start(steps, spec.recipe.learning_rate)
        job = Job(spec, dataset, steps, start, self._clock())
        self._by_key[key] = self._by_id[job.id] = job
        return job

    def _heard(self, job: Job | None, report: Report) -> None:
        self.reap()
        if job is not None and not isinstance(report, Progress):
            self.autosave.keep(job)
