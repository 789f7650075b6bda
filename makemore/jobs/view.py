"""A look at a job: how it stands, and its stored moments. Changes nothing and knows no session."""

from collections.abc import Callable, Hashable
from typing import Protocol

from makemore.jobs.job import Job, probe_weights
from makemore.jobs.pool import Pool
from makemore.jobs.spec import JobState, Spec
from makemore.training.events import Probed
from makemore.training.trajectory import Recorder, Trajectory


class SeenJobs(Protocol):
    """What a look needs of the place where all jobs of a server are known."""

    pool: Pool

    def mark_seen(self, job: Job) -> None: ...

    def find_job(self, watch: str) -> Job | None: ...


class View:
    """What a job shows; `job` is another one after a fork."""

    def __init__(self, jobs: SeenJobs, job: Job) -> None:
        self._seen_jobs, self._pool, self._job = jobs, jobs.pool, job

    @property
    def job(self) -> Job:
        return self._job

    @property
    def id(self) -> str:
        """The id of the job; another one after a fork."""
        return self.job.id

    @property
    def spec(self) -> Spec:
        return self.job.spec

    def snapshot(self) -> JobState:
        """How the job stands now. To ask shows that somebody watches it."""
        with self._pool.changed:
            job = self.job
            self._seen_jobs.mark_seen(job)
            return job.snapshot(self._pool.queue_place(job), self._pool.missing)

    def wait(self, until: Callable[[JobState], bool], timeout: float) -> bool:
        """Block until the job stands so; False if the seconds are over first. Not for pages."""
        with self._pool.changed:
            return self._pool.changed.wait_for(lambda: until(self.snapshot()), timeout)

    def moments(self, *, newest: bool = False) -> list[int]:
        """The steps that can be looked at, about 50 and denser at the start; `newest`: to where it is now."""
        with self._pool.changed:
            return self.job.moments(newest=newest)

    def moments_key(self, *, newest: bool = False) -> Hashable:
        """A key that is equal as long as the same moments have the same weights, whoever asks."""
        with self._pool.changed:
            job = self.job
            kept = tuple((step, hash(weights)) for step, weights in job.history.moments.items())
            resting = job.point if job.order is None else None
            ahead = job.moments(newest=newest)[len(job.moments()) :]
            return job.id, kept, resting and (resting.history.step, hash(resting.state)), *ahead

    def moment(self, step: int) -> Probed | None:
        """The look inside at one of these steps; None at any other."""
        with self._pool.changed:
            job = self.job
            weights, moved = job.weights(step), job.moved(step)
        if weights is None:
            return None
        return probe_weights(job.spec, job.dataset, step, weights, moved)

    def trajectory(self, *, newest: bool = False) -> Trajectory:
        """The whole training, to be replayed as that of a checkpoint is; `newest`: to where it is now."""
        state = self.snapshot()
        with self._pool.changed:
            job = self.job
            steps = job.moments(newest=newest)
            kept = [(step, job.weights(step), job.moved(step)) for step in steps]
        probed = [
            (step, job.picture(step, weights, moved))
            for step, weights, moved in kept
            if weights is not None
        ]
        recorder = Recorder(
            evaluated=list(state.evaluated), stepped=list(state.losses), probed=probed
        )
        return recorder.trajectory()


class Watch(View):
    """A look at the training of another session, wherever that takes it. Has no controls."""

    def __init__(self, jobs: SeenJobs, job: Job, watch: str) -> None:
        super().__init__(jobs, job)
        self.watch = watch
        job.onlookers.add(self)

    @property
    def job(self) -> Job:
        """The job that the owner of the link holds now; the last one known when there is no owner."""
        self.follow()
        return self._job

    def follow(self) -> None:
        """Go to the job that the link leads to now."""
        now = self._seen_jobs.find_job(self.watch) or self._job
        if now is not self._job:
            self._job.onlookers.discard(self)
            now.onlookers.add(self)
            self._job = now
