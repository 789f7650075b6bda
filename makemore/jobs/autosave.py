"""Keeps jobs as files, to go on with them after the server has ended. Knows no worker and no session."""

import re
from collections.abc import Collection
from pathlib import Path
from threading import Lock
from typing import Any

from makemore.checkpoints import tensor_files
from makemore.data.examples import Dataset
from makemore.jobs.history import History, Point
from makemore.jobs.job import Job
from makemore.jobs.log import logger
from makemore.jobs.spec import OVER, JobError, Spec

FORMAT = 2
MOST_FILES = 100  # the oldest are deleted first
FOUND = "found again as it was kept, at step {:,}"
MAX_HEADER = 1_000_000


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
                tensor_files.write_all({path: pack_job(job)})
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
        return sorted(self._folder.glob("*.safetensors"), key=lambda path: path.stat().st_mtime)

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
        "status": job.status,
        "message": job.message,
        "links": sorted(job.links),
        "searched": job.searched,
        "safer": job.safer_learning_rate,
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
    over = values["status"] in OVER
    return Job(
        spec=spec,
        dataset=dataset,
        steps=history.steps,
        point=point,
        seen_at=seen_at,
        id=job_id,
        status=values["status"] if over else "paused",
        altered=values["altered"],
        message=values["message"] if over else FOUND.format(history.step),
        searched=values["searched"],
        safer_learning_rate=values["safer"],
        links=set(values["links"]),
    )


def _links(path: Path) -> set[str]:
    """The links that a file is kept under; none for one that cannot be read."""
    try:
        with path.open("rb") as file:
            start = file.read(8)
            header = min(int.from_bytes(start, "little"), MAX_HEADER)
            about = tensor_files.about(start + file.read(header), max_header=MAX_HEADER)
            return set(about["links"])
    except (OSError, ValueError, LookupError, TypeError):
        return set()


def _part(tensors: dict[str, Any], prefix: str) -> dict[str, Any]:
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
