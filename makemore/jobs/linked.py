"""Which job a link leads to, and who holds its controls. Knows no page and locks nothing.

A job is this server's own, or a look at its file: at that of a job which another server has, or which
nobody has and here is only looked at. A look is read anew when its file has changed.
"""

from collections.abc import Callable, Collection
from weakref import WeakKeyDictionary, WeakValueDictionary

from makemore.data.examples import Dataset
from makemore.jobs.autosave import Autosave, Stamp
from makemore.jobs.handle import Handle
from makemore.jobs.job import Job

LOOK_SECONDS = 3.0  # between two searches of the folder for the same look


class LinkedJobs:
    """`jobs` are those that are still here, by their id."""

    def __init__(
        self, jobs: WeakValueDictionary[str, Job], autosave: Autosave, clock: Callable[[], float]
    ) -> None:
        self._jobs, self._autosave, self._clock = jobs, autosave, clock
        self._handles: WeakValueDictionary[str, Handle] = WeakValueDictionary()
        self._looked: WeakKeyDictionary[Job, tuple[float, Stamp | None]] = WeakKeyDictionary()

    def register(self, handle: Handle) -> Handle:
        """Let the link of a handle lead to it, wherever it goes."""
        self._handles[handle.watch] = handle
        return handle

    def holder(self, watch: str) -> Handle | None:
        """Who holds the controls under this link, if anybody does."""
        return self._handles.get(watch)

    def find(self, watch: str) -> Job | None:
        """The job under this link, if it is still here."""
        if handle := self.holder(watch):
            return handle.job
        return next((job for job in list(self._jobs.values()) if watch in job.links), None)

    def load(self, watches: Collection[str], dataset: Dataset) -> Job | None:
        """The job under one of these links: still here, or a look at its file. Raises JobError."""
        here = next((job for watch in watches if (job := self.find(watch))), None)
        if here is not None and (here.ours or self._looked_lately(here)):
            return here
        if (job_id := self._autosave.find(watches)) is None:
            return here
        known, now = self._jobs.get(job_id), self._clock()
        if known is not None and known.ours:
            return known
        stamp = self._autosave.stamp(job_id)
        if known is None or self._has_changed(known, stamp):
            known = self._autosave.read(job_id, dataset, now)
        self._looked[known] = now, stamp
        return known

    def claim(self, look: Job) -> Job:
        """The job as this server's own, as it was kept last; the look if another has it. Raises JobError."""
        taken = self._autosave.take(look.id, look.dataset, self._clock())
        return look if taken is None else taken

    def admit(self, job: Job) -> Job:
        """Let a job be found that was just read; the same one that is this server's own goes before it."""
        known = self._jobs.get(job.id)
        if known is job or (known is not None and known.ours):
            return known
        before = [each for each in list(self._jobs.values()) if not each.ours]
        for other in before:
            other.links -= job.links  # a link that has moved on to a fork leads to that alone
        self._jobs[job.id] = job
        for onlooker in [each for other in before for each in list(other.onlookers)]:
            onlooker.follow()  # only who looks at it keeps it here
        return job

    def _looked_lately(self, look: Job) -> bool:
        at, _ = self._looked.get(look, (0.0, None))
        lately = self._clock() - at < LOOK_SECONDS
        return lately and self._autosave.is_elsewhere(look.id) == look.elsewhere

    def _has_changed(self, look: Job, stamp: Stamp | None) -> bool:
        _, before = self._looked.get(look, (0.0, None))
        return stamp != before or self._autosave.is_elsewhere(look.id) != look.elsewhere
