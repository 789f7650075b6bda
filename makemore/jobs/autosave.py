"""Keeps jobs as files, to go on with them after the server has ended. Knows no worker and no session."""

import re
from pathlib import Path
from threading import Lock
from typing import Any

from makemore.checkpoints import tensor_files
from makemore.data.examples import Dataset
from makemore.jobs.history import History, Point
from makemore.jobs.job import Job
from makemore.jobs.log import logger
from makemore.jobs.spec import JobError, Spec

FORMAT = 1
MOST_FILES = 60  # the oldest are deleted first
MAX_HEADER = 1_000_000


class Autosave:
    """One file a job in a folder; without a folder nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._lock = Lock()

    def keep(self, job: Job) -> None:
        """Write the file of a job that can go on; delete that of any other."""
        if self._folder is None:
            return
        # The status is read under the lock, so that no file is written after the job has ended.
        with self._lock:
            path = self._folder / f"{job.id}.safetensors"
            try:
                if job.status in ("queued", "running", "paused"):
                    tensor_files.write_all({path: pack_job(job)})
                    self._prune()
                else:
                    path.unlink(missing_ok=True)
            except OSError as error:  # a full disk is no reason to stop the training
                kind = type(error).__name__
                logger.error("event=autosave_failed job=%s error=%s", job.id, kind)

    def _prune(self) -> None:
        assert self._folder is not None
        found = sorted(self._folder.glob("*.safetensors"), key=lambda path: path.stat().st_mtime)
        for path in found[:-MOST_FILES]:
            path.unlink(missing_ok=True)

    def read(self, job_id: str, dataset: Dataset, seen_at: float) -> Job:
        """Read a job from its file. Raises JobError."""
        if self._folder is None or not re.fullmatch("[0-9a-f]{16}", job_id):
            raise JobError("there is no such job; start a new one")
        try:
            kept = (self._folder / f"{job_id}.safetensors").read_bytes()
        except OSError:
            raise JobError("this job is not kept any more; start a new one") from None
        try:
            return unpack_job(kept, job_id, dataset, seen_at)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            if isinstance(error, JobError):
                raise
            raise JobError(f"what was kept of this job is damaged ({error})") from None


def pack_job(job: Job) -> bytes:
    """A job as bytes: the tensors of its state and history, and values as JSON."""
    point = job.point
    history_tensors, history_values = point.history.to_parts()
    tensors = {f"history.{key}": tensor for key, tensor in history_tensors.items()}
    if point.state is not None:
        tensors |= {
            f"state.{key}": tensor for key, tensor in tensor_files.unpack(point.state).items()
        }
    values: dict[str, Any] = {
        "format": FORMAT,
        "spec": job.spec.to_json(),
        "history": history_values,
        "altered": job.altered,
        "letters": job.dataset.vocabulary.characters,
    }
    return tensor_files.pack(tensors, values)


def unpack_job(kept: bytes, job_id: str, dataset: Dataset, seen_at: float) -> Job:
    """The inverse of `pack_job`. Raises JobError, ValueError, LookupError, TypeError, AttributeError."""
    values = tensor_files.about(kept, max_header=MAX_HEADER)
    if values["format"] != FORMAT:
        raise JobError("this job was kept by another version; start a new one")
    spec = Spec.from_json(values["spec"]).complete  # raises if there is no such model
    letters = dataset.vocabulary.characters
    if spec.names_sha256 != dataset.name_list.sha256 or values["letters"] != letters:
        raise JobError("this job trains on another name list; choose that list first")
    tensors = tensor_files.unpack(kept, max_header=MAX_HEADER)
    history = History.from_parts(_part(tensors, "history."), values["history"])
    state = _part(tensors, "state.")
    point = Point(tensor_files.pack(state) if state else None, history)
    return Job(
        spec=spec,
        dataset=dataset,
        steps=history.steps,
        point=point,
        seen_at=seen_at,
        id=job_id,
        altered=values["altered"],
    )


def _part(tensors: dict[str, Any], prefix: str) -> dict[str, Any]:
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
