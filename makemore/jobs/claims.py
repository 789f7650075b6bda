"""Which of several servers that share a folder has a job: only that one writes its file. Knows no job.

A file of the folder stands for all jobs there can be, a byte each, and whoever has a job holds the lock of
its byte. The system takes a lock away when its process ends, however it ends, so what a killed server had
is free at once, and nobody has to guess by a clock whether another server is still there.
"""

import os
import sys
from pathlib import Path
from threading import RLock

if sys.platform != "win32":
    import fcntl

NAME = ".claims"
_BYTES = (
    2**62
)  # as far as a file can reach on the systems that there are, and a place for 16 digits


class Claims:
    """Those of this process. Without a folder, or where a folder has no locks, every job is its own.

    A process may take a job several times and has it until it has let go as often. One folder belongs to
    one object a process: the system knows the locks of processes, not of objects.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder if sys.platform != "win32" else None
        # Also a garbage collection in the midst of these may let go of a job.
        self._lock = RLock()
        self._held: dict[str, int] = {}
        self._opened: int | None = None
        self._closed = False

    def take(self, job_id: str) -> bool:
        """Have this job from now on; False if another server has it, or this one is closed."""
        with self._lock:
            if self._closed or not (job_id in self._held or self._locked(job_id)):
                return False
            self._held[job_id] = self._held.get(job_id, 0) + 1
            return True

    def holds(self, job_id: str) -> bool:
        """Whether this process has the job."""
        with self._lock:
            return job_id in self._held

    def is_free(self, job_id: str) -> bool:
        """Whether no server has it."""
        with self._lock:
            if job_id in self._held or not self._locked(job_id):
                return False
            self._unlock(job_id)
            return True

    def let_go(self, job_id: str) -> None:
        """Undo one `take`."""
        with self._lock:
            left = self._held.get(job_id, 0) - 1
            if left > 0:
                self._held[job_id] = left
            elif self._held.pop(job_id, None):
                self._unlock(job_id)

    def leave(self) -> None:
        """Let go of all of them, and take no more."""
        with self._lock:
            self._closed = True
            for job_id in self._held:
                self._unlock(job_id)
            self._held.clear()

    def close(self) -> None:
        """Close the file; before that, `leave`."""
        with self._lock:
            if self._opened is not None:
                os.close(self._opened)
                self._opened = None

    def _locked(self, job_id: str) -> bool:
        """Lock the byte of a job; False if another process has it."""
        if self._folder is None or sys.platform == "win32":
            return True
        try:
            opened = self._file()
        except OSError:  # a folder that cannot be written to; nothing will be kept there either
            return True
        try:
            fcntl.lockf(opened, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _place(job_id))
        except (BlockingIOError, PermissionError):  # either, says POSIX
            return False
        except OSError:  # a network's folder may have no locks
            return True
        return True

    def _unlock(self, job_id: str) -> None:
        if self._opened is not None and sys.platform != "win32":
            fcntl.lockf(self._opened, fcntl.LOCK_UN, 1, _place(job_id))

    def _file(self) -> int:
        if self._opened is None:
            assert self._folder is not None
            self._folder.mkdir(parents=True, exist_ok=True)
            self._opened = os.open(self._folder / NAME, os.O_RDWR | os.O_CREAT, 0o666)
        return self._opened


def _place(job_id: str) -> int:
    return int(job_id, 16) % _BYTES
