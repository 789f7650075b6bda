"""One session's grip on a job: its controls, and what it shows. Several may hold the same job."""

from collections.abc import Callable, Hashable
from pathlib import Path
from typing import TYPE_CHECKING

from torch import Tensor

from makemore import runs
from makemore.events import Probed
from makemore.jobs.job import RUNNABLE, Job, look
from makemore.jobs.spec import JobState, Spec
from makemore.trajectory import Recorder, Trajectory

if TYPE_CHECKING:
    from makemore.jobs.jobs import Jobs


class Handle:
    """Controls act on this session's job alone: one that others hold too is forked first, bit for bit.

    They return when the job rests where they leave it, which takes a step or a few milliseconds.
    Whatever sets a job going raises JobError while the server shuts down.
    """

    def __init__(self, jobs: "Jobs", job: Job, session: str) -> None:
        self._jobs, self._pool, self.session = jobs, jobs.pool, session
        self.job = job
        job.holders.add(self)

    @property
    def id(self) -> str:
        """The job's own; another one after a fork."""
        return self.job.id

    @property
    def spec(self) -> Spec:
        return self.job.spec

    def snapshot(self) -> JobState:
        """How the job stands, and the sign that somebody watches it."""
        self._jobs.seen(self)
        with self._pool.changed:
            return self.job.state(self._pool.place(self.job))

    def wait(self, until: Callable[[JobState], bool], timeout: float) -> bool:
        """Block until the job stands so, or the seconds are over; tells which. Not for pages."""
        with self._pool.changed:
            return self._pool.changed.wait_for(lambda: until(self.snapshot()), timeout)

    def pause(self) -> None:
        with self._pool.changed:
            if self.job.active and (own := self._own()).active:
                self._pool.halt(own, "paused")
                self._pool.settle(own)

    def resume(self) -> None:
        """Go on: what is paused, was stopped, or has failed, which then goes back to its last state."""
        with self._pool.changed:
            if self.job.status in RUNNABLE:
                self._jobs.activate(self)
                self._pool.enqueue(self._own())

    def step_once(self) -> None:
        """Pause and make a single step."""
        with self._pool.changed:
            self.pause()
            if self.job.status in RUNNABLE and self.job.order is None:
                self._jobs.activate(self)
                self._pool.step(self._own())
                self._pool.settle(self.job)

    def stop(self) -> None:
        with self._pool.changed:
            if self._may_stop and (own := self._own()) and self._may_stop:  # a fork may have ended
                self._pool.halt(own, "stopped")
                self._pool.settle(own)
        self._jobs.autosave.keep(self.job)

    def reset(self) -> None:
        """Back to the identical start, paused."""
        with self._pool.changed:
            job = self._own(from_start=True)
            self._pool.drop(job)
            job.to_start()
            self._pool.changed.notify_all()
        self._jobs.autosave.keep(job)

    def set_learning_rate(self, rate: float) -> None:
        """Go on with another learning rate; does nothing to a job that has ended. Raises ConfigError."""
        with self._pool.changed:
            active = self.job.active
            self.spec.recipe.at_rate(rate)  # raises
            if rate == self.job.rate or not (active or self.job.status in RUNNABLE):
                return
            own = self._own()
            self._pool.rate(own, rate)
            if active and own.status == "paused":
                self._pool.enqueue(own)  # the fork of one that runs is to run, too
        if not own.active:  # what runs is kept soon anyway, by its worker
            self._jobs.autosave.keep(own)

    def moments(self) -> list[int]:
        """The steps that can be looked at, about 50 and denser at the start."""
        with self._pool.changed:
            return self.job.moments()

    def moments_key(self) -> Hashable:
        """Equal for two looks, by whomever, that find the same moments with the same weights."""
        with self._pool.changed:
            job = self.job
            kept = tuple((step, hash(weights)) for step, weights in job.history.moments.items())
            resting = job.point if job.order is None else None
            return job.id, kept, resting and (resting.history.step, hash(resting.state))

    def moment(self, step: int) -> Probed | None:
        """The look inside at one of these steps; None for any other."""
        with self._pool.changed:
            job = self.job
            weights = job.weights(step)
        return None if weights is None else look(job.spec, job.dataset, step, weights)

    def trajectory(self) -> Trajectory:
        """All of it, to be replayed as that of a checkpoint is."""
        state = self.snapshot()
        with self._pool.changed:
            job = self.job
            weights = [(step, job.weights(step)) for step in job.moments()]
        probed = [(step, job.picture(step, found)) for step, found in weights if found is not None]
        return Recorder(list(state.evaluated), list(state.losses), probed).trajectory()

    def state(self) -> dict[str, Tensor]:
        """The trainer's state now, also of a job that runs."""
        return self._jobs.trainer(self).state()

    def save(self, path: Path | str) -> Path:
        """Write a checkpoint of the current state. Raises CheckpointError."""
        trainer = self._jobs.trainer(self)
        return runs.save(runs.Run(trainer, self.spec.seed, self.trajectory(), None), path)

    @property
    def _may_stop(self) -> bool:
        return self.job.active or self.job.status == "paused"

    def close(self) -> None:
        """Let go. A job that nobody holds is paused three minutes later."""
        with self._pool.changed:
            self.job.holders.discard(self)

    def _own(self, *, from_start: bool = False) -> Job:
        """The job, or a fork of it if others hold it too."""
        if any(holder is not self for holder in self.job.holders):
            self.job = self._jobs.fork(self, from_start=from_start)
        self.job.holders.add(self)
        return self.job
