"""Trainings in the background: a queue, sharing, controls, forks, autosave. Knows no Streamlit.

What pages use:
    spec.py      what a job is to train, and how it stands
    registry.py  all jobs of a server: which are shared, forked, or watched by nobody
    view.py      a look at a job: how it stands, its moments
    handle.py    one session's hold on a job: a view with controls
    series.py    one session's series of trainings, which let everybody else's go first
    links.py     tokens that lead to a job, with its controls or only to look
    linked.py    which job a token leads to
What decides:
    pool.py      the queue: dispatches jobs to workers and acts on their reports
    waiting.py   the line of those who wait: turn by turn among visitors
    attendance.py  who is there to see a job, and what rests because nobody is
    quotas.py    how often one visitor, and all, may start and save
    searches.py  the searches for a learning rate that are under way
    job.py       the record of a job
    history.py   its curve, evaluations, names and weights, and the points to go on from
    health.py    tells when a loss is sick
    autosave.py  the folder of the jobs that are kept
    claims.py    which of several servers that share it has a job
    job_files.py a job as the content of a file, and the check of it
    log.py       one line an event
    messages.py  what the pool sends to a worker, and what a worker reports
What trains, in workers/:
    hosts.py     a worker as the pool sees it: a thread or a process here, or one of a crew elsewhere
    process.py   a worker process: its priority, its pipe, the lists it remembers
    cluster.py   the crew of a Dask cluster: who comes, who goes, who is refused
    cluster_host.py  a worker of it as the pool sees it
    seat.py      the same worker where it runs
    versions.py  whether it runs what the server runs
    loop.py      the worker's loop: handles messages and trains in between
    order_run.py one order, carried out event by event
"""

import atexit
import os
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from threading import Lock

from makemore.checkpoints.store import OWN
from makemore.jobs.handle import Handle
from makemore.jobs.registry import MOST_WORKERS, Jobs
from makemore.jobs.series import Series, SeriesState
from makemore.jobs.spec import JobError, JobState, Spec, Status
from makemore.jobs.view import View, Watch
from makemore.jobs.workers.hosts import Crew

__all__ = [
    "Handle",
    "JobError",
    "JobState",
    "Jobs",
    "Series",
    "SeriesState",
    "Spec",
    "Status",
    "View",
    "Watch",
    "shared",
]

_lock = Lock()
_shared: list[Jobs] = []


def shared() -> Jobs:
    """The jobs of this process: made at the first call, and anew after they were closed.

    `MAKEMORE_WORKERS` is the number of worker processes (0, the default: threads of this one), or with
    `MAKEMORE_CLUSTER`, the address of a Dask scheduler, how many of its workers are taken at most (0: all).
    `MAKEMORE_AUTOSAVE` is the folder for autosaves, which several servers may share. Raises JobError for
    an invalid number or address.
    """
    with _lock:
        if not _shared or _shared[0].closed:
            folder = Path(os.environ.get("MAKEMORE_AUTOSAVE") or OWN / "autosave")
            jobs = Jobs(workers=_read_workers(), crew=_read_cluster(), folder=folder)
            atexit.register(partial(Jobs.close, jobs))
            _shared[:] = [jobs]
        return _shared[0]


def _read_workers() -> int:
    value = os.environ.get("MAKEMORE_WORKERS") or "0"
    if not value.isdecimal() or int(value) > MOST_WORKERS:
        raise JobError(
            f"MAKEMORE_WORKERS is {value!r}; it must be a number from 0 to {MOST_WORKERS}"
        )
    return int(value)


def _read_cluster() -> Crew | None:
    """The workers of the cluster that is named; what Dask needs is imported for one alone."""
    address = os.environ.get("MAKEMORE_CLUSTER")
    if not address:
        return None
    if find_spec("distributed") is None:
        raise JobError(
            "MAKEMORE_CLUSTER needs more packages: pip install -r requirements-cluster.txt"
        )
    from makemore.experiments.cluster_security import ClusterAddressError, read_connection
    from makemore.jobs.workers.cluster import Cluster

    try:
        return Cluster(address, read_connection(address, os.environ))
    except ClusterAddressError as error:
        raise JobError(str(error)) from None
