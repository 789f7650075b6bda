"""Keeps jobs as files, to go on with them after the server has ended. Knows no worker and no session."""

import re
from collections.abc import Collection
from pathlib import Path
from threading import Lock

from makemore.checkpoints import tensor_files, whole_files
from makemore.data.examples import Dataset
from makemore.jobs.job import Job
from makemore.jobs.job_files import MAX_HEADER, links_of, pack_job, unpack_job
from makemore.jobs.log import logger
from makemore.jobs.spec import JobError

MOST_FILES = 100  # the oldest are deleted first
MAX_BYTES = 200_000_000


class Autosave:
    """One file a job in a folder; without a folder nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._lock = Lock()

    def keep(self, job: Job) -> None:
        """Write the file of a job, also of one that is over: its link still leads to it."""
        if self._folder is None:
            return
        # The job is read under the lock, so that no older state takes the place of a newer one.
        with self._lock:
            path = self._folder / f"{job.id}.safetensors"
            try:
                whole_files.write_file(path, pack_job(job))
                self._prune()
            except OSError as error:  # a full disk is no reason to stop the training
                kind = type(error).__name__
                logger.error("event=autosave_failed job=%s error=%s", job.id, kind)

    def _prune(self) -> None:
        for path in self._kept()[:-MOST_FILES]:
            path.unlink(missing_ok=True)

    def _kept(self) -> list[Path]:
        """The files, the oldest first."""
        assert self._folder is not None
        return sorted(self._folder.glob("*.safetensors"), key=_age)

    def find(self, watches: Collection[str]) -> str | None:
        """The id of the newest job that is kept under one of these links."""
        if self._folder is None:
            return None
        with self._lock:
            newest = reversed(self._kept())
            return next((path.stem for path in newest if _links(path) & set(watches)), None)

    def read(self, job_id: str, dataset: Dataset, seen_at: float) -> Job:
        """Read a job from its file. Raises JobError."""
        if self._folder is None or not re.fullmatch("[0-9a-f]{16}", job_id):
            raise JobError("there is no such job; start a new one")
        path = self._folder / f"{job_id}.safetensors"
        try:
            if path.stat().st_size > MAX_BYTES:
                raise JobError("what was kept of this job is damaged (too large); start a new one")
            kept = path.read_bytes()
        except OSError:
            raise JobError("this job is not kept any more; start a new one") from None
        return unpack_job(kept, job_id, dataset, seen_at)


def _links(path: Path) -> set[str]:
    """The links that a file is kept under; none for one that cannot be read."""
    try:
        with path.open("rb") as file:
            start = file.read(8)
            rest = min(tensor_files.header_length(start), 8 + MAX_HEADER) - 8
            return links_of(start + file.read(rest))
    except OSError:
        return set()


def _age(path: Path) -> float:
    """When it was written; one that has just been deleted is as old as can be."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
