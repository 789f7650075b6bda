"""Files that jobs are gone on with after the server was killed. Knows no thread but a lock of its own."""

import re
from pathlib import Path
from threading import Lock
from typing import Any

from makemore import files
from makemore.data import Dataset
from makemore.jobs.history import History, Point
from makemore.jobs.job import Job
from makemore.jobs.log import log
from makemore.jobs.spec import JobError, Spec

FORMAT = 1
KEPT = 60  # files; the oldest go first
MAX_HEADER = 1_000_000


class Autosave:
    """One file a job in a folder; without a folder nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._lock = Lock()

    def keep(self, job: Job) -> None:
        """Write where the job can go on from, or remove the file of one that is over."""
        if self._folder is None:
            return
        with self._lock:  # the status is read inside: nothing is written after it is over
            path = self._folder / f"{job.id}.safetensors"
            try:
                if job.status in ("queued", "running", "paused"):
                    files.write_all({path: content(job)})
                    self._prune()
                else:
                    path.unlink(missing_ok=True)
            except OSError as error:  # a full disk is no reason to stop the training
                log.error("event=autosave_failed job=%s error=%s", job.id, type(error).__name__)

    def _prune(self) -> None:
        assert self._folder is not None
        found = sorted(self._folder.glob("*.safetensors"), key=lambda path: path.stat().st_mtime)
        for path in found[:-KEPT]:
            path.unlink(missing_ok=True)

    def read(self, job_id: str, dataset: Dataset, seen: float) -> Job:
        """The job as it was kept. Raises JobError."""
        if self._folder is None or not re.fullmatch("[0-9a-f]{16}", job_id):
            raise JobError("there is no such job; start a new one")
        try:
            kept = (self._folder / f"{job_id}.safetensors").read_bytes()
        except OSError:
            raise JobError("this job is not kept any more; start a new one") from None
        try:
            return restored(kept, job_id, dataset, seen)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            if isinstance(error, JobError):
                raise
            raise JobError(f"what was kept of this job is damaged ({error})") from None


def content(job: Job) -> bytes:
    """A job as bytes: its state, its history, and what JSON can say of it."""
    point = job.point
    history, about = point.history.to_parts()
    tensors = {f"history.{key}": tensor for key, tensor in history.items()}
    if point.state is not None:
        tensors |= {f"state.{key}": tensor for key, tensor in files.unpack(point.state).items()}
    said: dict[str, Any] = {"format": FORMAT, "spec": job.spec.to_json(), "history": about}
    said |= {"altered": job.altered, "letters": job.dataset.vocabulary.characters}
    return files.pack(tensors, said)


def restored(kept: bytes, job_id: str, dataset: Dataset, seen: float) -> Job:
    """The inverse of `content`."""
    said = files.about(kept, max_header=MAX_HEADER)
    if said["format"] != FORMAT:
        raise JobError("this job was kept by another version; start a new one")
    spec = Spec.from_json(said["spec"]).complete  # raises if there is no such model
    letters = dataset.vocabulary.characters
    if spec.names_sha256 != dataset.name_list.sha256 or said["letters"] != letters:
        raise JobError("this job trains on another name list; choose that list first")
    tensors = files.unpack(kept, max_header=MAX_HEADER)
    history = History.from_parts(_part(tensors, "history."), said["history"])
    state = _part(tensors, "state.")
    point = Point(files.pack(state) if state else None, history)
    job = Job(spec, dataset, history.steps, point, seen, id=job_id)
    job.altered = said["altered"]
    return job


def _part(tensors: dict[str, Any], prefix: str) -> dict[str, Any]:
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
