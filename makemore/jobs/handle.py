"""One session's hold on a job: its controls. Knows no page and no other session."""

from pathlib import Path
from typing import Protocol

from torch import Tensor

from makemore.experiments import runs
from makemore.jobs.autosave import Autosave
from makemore.jobs.job import RUNNABLE, Job
from makemore.jobs.links import new_token, watch_token
from makemore.jobs.pool import Pool
from makemore.jobs.view import View
from makemore.training.trainer import Trainer


class JobRegistry(Protocol):
    """What a handle needs of the place where all jobs of a server are known."""

    pool: Pool
    autosave: Autosave

    def mark_seen(self, job: Job) -> None: ...

    def find_job(self, watch: str) -> Job | None: ...

    def activate(self, handle: "Handle") -> None: ...

    def fork(self, handle: "Handle", *, from_start: bool) -> Job: ...

    def build_trainer(self, handle: "Handle") -> Trainer: ...


class Handle(View):
    """Controls act on this session's job alone: a job that others hold too is forked first, bit for bit.

    A control returns when the job rests where it leaves it, which takes a step or a few milliseconds, and
    Stop and Pause within a second where the worker is late: what it has learned until then comes after.
    Those that set a job going raise JobError while the server shuts down. Whoever has the `token` may
    take the controls over once the session is gone; `watch` is the token that only shows the job.
    """

    def __init__(self, jobs: JobRegistry, job: Job, session: str, token: str = "") -> None:
        super().__init__(jobs, job)
        self._jobs, self.session = jobs, session
        self.token = token or new_token()
        self.watch = watch_token(self.token)
        job.holders.add(self)
        job.links.add(self.watch)

    def pause(self) -> None:
        """Let the job rest until it is resumed."""
        before = self.job
        with self._pool.changed:
            self._halt()
        if self.job is not before:  # no worker reports a fork, which would see to it
            self._jobs.autosave.keep(self.job)

    def resume(self) -> None:
        """Go on with a paused or stopped job, or with a failed one from its last state."""
        with self._pool.changed:
            if self.job.status in RUNNABLE:
                self._pool.check(self.job, waits=True)
                self._jobs.activate(self)
                self._pool.enqueue(self._own_job())

    def step_once(self) -> None:
        """Pause and make a single step."""
        with self._pool.changed:
            self._halt()
            if self.job.status in RUNNABLE:
                self._pool.check(self.job, waits=False)
                self._jobs.activate(self)
                self._pool.step_once(self._own_job())
                self._pool.wait_until_idle(self.job)

    def stop(self) -> None:
        """End the training; it can still be resumed."""
        with self._pool.changed:
            if self._may_stop:
                own = self._own_job()
                if self._may_stop:  # the job may have ended while it was forked
                    self._pool.halt(own, "stopped")
                    self._pool.wait_until_halted(own)
        self._jobs.autosave.keep(self.job)

    def reset(self) -> None:
        """Go back to the identical start and rest there, paused."""
        with self._pool.changed:
            job = self._own_job(from_start=True)
            self._pool.drop(job)
            job.reset()
            self._pool.changed.notify_all()
        self._jobs.autosave.keep(job)

    def set_learning_rate(self, rate: float) -> None:
        """Go on with another learning rate; no effect on a job that has ended. Raises ConfigError."""
        with self._pool.changed:
            active = self.job.active
            self.spec.recipe.at_rate(rate)  # raises
            runnable = active or self.job.status in RUNNABLE
            if rate == self.job.learning_rate or not runnable:
                return
            own = self._own_job()
            self._pool.set_learning_rate(own, rate)
            if active and own.status == "paused":
                self._pool.enqueue(own)  # the fork of a job that runs shall run, too
        if not own.active:  # one that runs is kept soon anyway, when its worker reports
            self._jobs.autosave.keep(own)

    def state(self) -> dict[str, Tensor]:
        """The state of the trainer now, also while the job runs."""
        return self._jobs.build_trainer(self).state()

    def save(self, path: Path | str) -> Path:
        """Write a checkpoint of the current state. Raises CheckpointError."""
        return runs.save(self._run(), path)

    def pack(self, name: str) -> dict[str, bytes | None]:
        """The same as the content of each file by its ending. Raises CheckpointError."""
        return runs.pack(self._run(), name)

    def _run(self) -> runs.Run:
        return runs.Run(
            trainer=self._jobs.build_trainer(self),
            seed=self.spec.seed,
            trajectory=self.trajectory(),
            diverged=None,
            start=self.spec.start_sha256,
        )

    def _halt(self) -> None:
        if self.job.active and (own := self._own_job()).active:
            self._pool.halt(own, "paused")
            self._pool.wait_until_halted(own)

    @property
    def _may_stop(self) -> bool:
        return self.job.active or self.job.status == "paused"

    def close(self) -> None:
        """Let go of the job. One that nobody watches is paused after three minutes."""
        with self._pool.changed:
            self.job.holders.discard(self)

    def _own_job(self, *, from_start: bool = False) -> Job:
        """The job, or a fork of it if others hold it too."""
        if any(holder is not self for holder in self.job.holders):
            self._job = self._jobs.fork(self, from_start=from_start)
        self.job.holders.add(self)
        return self.job
