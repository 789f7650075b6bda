"""Which job a link leads to, and who holds its controls. Knows no page and locks nothing."""

from collections.abc import Callable, Collection
from weakref import WeakValueDictionary

from makemore.data.examples import Dataset
from makemore.jobs.autosave import Autosave
from makemore.jobs.handle import Handle
from makemore.jobs.job import Job


class LinkedJobs:
    """`jobs` are those that are still here, by their id."""

    def __init__(
        self, jobs: WeakValueDictionary[str, Job], autosave: Autosave, clock: Callable[[], float]
    ) -> None:
        self._jobs, self._autosave, self._clock = jobs, autosave, clock
        self._handles: WeakValueDictionary[str, Handle] = WeakValueDictionary()

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
        """The job under one of these links: still here, or from its file. Raises JobError."""
        here = next((job for watch in watches if (job := self.find(watch))), None)
        if here is not None or (job_id := self._autosave.find(watches)) is None:
            return here
        return self._jobs.get(job_id) or self._autosave.read(job_id, dataset, self._clock())
