"""Keeps jobs as files, to go on with them after the server has ended. Knows no worker and no session."""

import contextlib
import re
from collections.abc import Collection
from pathlib import Path
from threading import Lock
from weakref import finalize

from makemore.checkpoints import tensor_files, whole_files
from makemore.data.examples import Dataset
from makemore.jobs.claims import Claims
from makemore.jobs.job import Job
from makemore.jobs.job_files import MAX_HEADER, links_of, pack_job, unpack_job
from makemore.jobs.log import logger
from makemore.jobs.spec import JobError

MOST_FILES = 100  # of jobs that no server has; the oldest are deleted first
MAX_BYTES = 200_000_000


_ID = re.compile("[0-9a-f]{16}")
Stamp = tuple[int, int]  # of a file: when it was written, in ns, and its bytes


class Autosave:
    """One file a job in a folder, which servers may share; without a folder nothing is kept.

    A server writes the files of its own jobs alone, and every job has one server at most.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self._lock = Lock()
        self._claims = Claims(folder)

    def claim(self, job: Job) -> bool:
        """Make a job this server's own as long as it is in memory; False if another server has it."""
        if self._claims.take(job.id):
            job.ours = True
            finalize(job, self._claims.let_go, job.id).atexit = False
        return job.ours

    def is_elsewhere(self, job_id: str) -> bool:
        """Whether another server has this job."""
        return not (self._claims.holds(job_id) or self._claims.is_free(job_id))

    def keep(self, job: Job) -> None:
        """Write the file of a job, also of one that is over: its link still leads to it."""
        if self.folder is None or not self._claims.holds(job.id):
            return
        # The job is read under the lock, so that no older state takes the place of a newer one.
        with self._lock:
            path = self.folder / f"{job.id}.safetensors"
            try:
                whole_files.write_file(path, pack_job(job))
                self._prune()
            except OSError as error:  # a full disk is no reason to stop the training
                kind = type(error).__name__
                logger.error("event=autosave_failed job=%s error=%s", job.id, kind)

    def _prune(self) -> None:
        kept = self._kept()
        if len(kept) > MOST_FILES:
            free = [path for path in kept if self._claims.is_free(path.stem)]
            for path in free[:-MOST_FILES]:
                path.unlink(missing_ok=True)

    def _kept(self) -> list[Path]:
        """The files, the oldest first."""
        assert self.folder is not None
        return sorted(filter(_is_job, self.folder.glob("*.safetensors")), key=_age)

    def find(self, watches: Collection[str]) -> str | None:
        """The id of the newest job that is kept under one of these links."""
        if self.folder is None:
            return None
        with self._lock:
            newest = reversed(self._kept())
            return next((path.stem for path in newest if _links(path) & set(watches)), None)

    def stamp(self, job_id: str) -> Stamp | None:
        """What changes whenever the file of a job is written; None if there is no such file."""
        try:
            about = path.stat() if (path := self._path(job_id)) else None
        except OSError:
            return None
        return (about.st_mtime_ns, about.st_size) if about else None

    def take(self, job_id: str, dataset: Dataset, seen_at: float) -> Job | None:
        """Read a job that is this server's own from then on; None if another has it. Raises JobError."""
        if not self._claims.take(job_id):
            return None
        try:
            # Read once nobody else can write, so that it is what was kept last.
            job = self.read(job_id, dataset, seen_at)
            return job if self.claim(job) else None
        finally:
            self._claims.let_go(job_id)

    def read(self, job_id: str, dataset: Dataset, seen_at: float) -> Job:
        """Look at a job in its file, whoever has it. Raises JobError."""
        path = self._path(job_id)
        if path is None:
            raise JobError("there is no such job; start a new one")
        try:
            if path.stat().st_size > MAX_BYTES:
                raise JobError("what was kept of this job is damaged (too large); start a new one")
            kept = path.read_bytes()
        except OSError:
            raise JobError("this job is not kept any more; start a new one") from None
        elsewhere = self.is_elsewhere(job_id)
        return unpack_job(kept, job_id, dataset, seen_at, elsewhere=elsewhere)

    def close(self) -> None:
        """Keep nothing more, and leave all jobs to other servers."""
        with self._lock:
            self._claims.leave()
            if self.folder is not None:
                with contextlib.suppress(OSError):
                    self._prune()
            self._claims.close()

    def _path(self, job_id: str) -> Path | None:
        known = self.folder is not None and _ID.fullmatch(job_id)
        return self.folder / f"{job_id}.safetensors" if self.folder and known else None


def _links(path: Path) -> set[str]:
    """The links that a file is kept under; none for one that cannot be read."""
    try:
        with path.open("rb") as file:
            start = file.read(8)
            rest = min(tensor_files.header_length(start), 8 + MAX_HEADER) - 8
            return links_of(start + file.read(rest))
    except OSError:
        return set()


def _is_job(path: Path) -> bool:
    return _ID.fullmatch(path.stem) is not None


def _age(path: Path) -> float:
    """When it was written; one that has just been deleted is as old as can be."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
