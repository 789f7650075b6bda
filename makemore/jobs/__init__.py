"""Trainings in the background: a queue, sharing, controls, forks, autosave. Knows no Streamlit.

spec.py      what is to be trained, and what can be said of a job
jobs.py      all jobs of a server: sharing, forks, the reaper
handle.py    one session's grip on a job
pool.py      the queue and the workers
job.py       the record of a job           history.py   its curve, names and moments
autosave.py  files to go on from           crews.py     a worker as a thread or a process
messages.py  what both sides say           worker.py    the worker's loop     engine.py  its work
    log.py       one line an event
"""

import atexit
import os
from functools import partial
from pathlib import Path
from threading import Lock

from makemore.checkpoints import OWN
from makemore.jobs.handle import Handle
from makemore.jobs.jobs import Jobs
from makemore.jobs.spec import JobError, JobState, Spec, Status

__all__ = ["Handle", "JobError", "JobState", "Jobs", "Spec", "Status", "shared"]

MOST_WORKERS = 64
_lock = Lock()
_shared: list[Jobs] = []


def shared() -> Jobs:
    """The jobs of this process, made when first asked for; new ones if the former were closed.

    `MAKEMORE_WORKERS` is the number of worker processes (0, the default: threads of this one),
    `MAKEMORE_AUTOSAVE` the folder for autosaves. Raises JobError for a value that is no such thing.
    """
    with _lock:
        if not _shared or _shared[0].closed:
            folder = Path(os.environ.get("MAKEMORE_AUTOSAVE") or OWN / "autosave")
            jobs = Jobs(workers=_workers(), folder=folder)
            atexit.register(partial(Jobs.close, jobs))
            _shared[:] = [jobs]
        return _shared[0]


def _workers() -> int:
    said = os.environ.get("MAKEMORE_WORKERS") or "0"
    if not said.isdecimal() or int(said) > MOST_WORKERS:
        raise JobError(
            f"MAKEMORE_WORKERS is {said!r}; it must be a number from 0 to {MOST_WORKERS}"
        )
    return int(said)
