"""A job as bytes and back, every value checked. Knows no folder, no worker and no session."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from makemore.checkpoints import tensor_files
from makemore.data.examples import Dataset
from makemore.jobs.history import History, Point
from makemore.jobs.job import Job
from makemore.jobs.spec import OVER, STATUSES, JobError, Spec
from makemore.models import build
from makemore.training.fitting_tensors import check_fit, part_of
from makemore.training.trainer_state import check_state

FORMAT = 3
FOUND = "found again as it was kept, at step {:,}"
MAX_HEADER = 1_000_000
# What is wrong with a file may show in any of these before a check of ours finds it.
_DAMAGE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RuntimeError)


def pack_job(job: Job) -> bytes:
    """A job as bytes: the tensors of its state and history, and values as JSON."""
    point = job.point
    history_tensors, history_values = point.history.to_parts()
    tensors = {f"history.{key}": tensor for key, tensor in history_tensors.items()}
    if point.state is not None:
        tensors |= {
            f"state.{key}": tensor for key, tensor in tensor_files.unpack(point.state).items()
        }
    if job.spec.start is not None:
        start = tensor_files.unpack(job.spec.start)
        tensors |= {f"start.{key}": tensor for key, tensor in start.items()}
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


def unpack_job(
    kept: bytes, job_id: str, dataset: Dataset, seen_at: float, *, elsewhere: bool = False
) -> Job:
    """The inverse of `pack_job`; `elsewhere`: it may run on, on another server. Raises JobError."""
    try:
        return _unpacked(kept, job_id, dataset, seen_at, elsewhere=elsewhere)
    except _DAMAGE as error:
        if isinstance(error, JobError):
            raise
        raise JobError(f"what was kept of this job is damaged ({str(error)[:200]})") from None


def links_of(head: bytes) -> set[str]:
    """The links that a job is kept under, by the header of its file; none if that cannot be read."""
    try:
        return set(tensor_files.about(head, max_header=MAX_HEADER)["links"])
    except _DAMAGE:
        return set()


def _unpacked(
    kept: bytes, job_id: str, dataset: Dataset, seen_at: float, *, elsewhere: bool
) -> Job:
    values = tensor_files.about(kept, max_header=MAX_HEADER)
    if values["format"] != FORMAT:
        raise JobError("this job was kept by another version; start a new one")
    spec = Spec.from_json(values["spec"]).complete  # raises if there is no such model
    letters = dataset.vocabulary.characters
    if spec.names_sha256 != dataset.name_list.sha256 or values["letters"] != letters:
        raise JobError("this job trains on another name list; choose that list first")
    _check_values(values)
    tensors = tensor_files.unpack(kept, max_header=MAX_HEADER)
    if start := part_of(tensors, "start."):
        spec = replace(spec, start=tensor_files.pack(start, {}))
    history = History.from_parts(part_of(tensors, "history."), values["history"])
    if history.steps > spec.recipe.steps:
        raise ValueError("it has more steps than its recipe")
    spec.recipe.at_rate(history.learning_rate)
    state = part_of(tensors, "state.")
    _check_tensors(spec, dataset, history, state, finite=values["status"] != "diverged")
    told = values["status"] in OVER or (elsewhere and values["status"] == "running")
    return Job(
        spec=spec,
        dataset=dataset,
        steps=history.steps,
        point=Point(tensor_files.pack(state) if state else None, history),
        seen_at=seen_at,
        id=job_id,
        status=values["status"] if told else "paused",
        altered=values["altered"],
        message=values["message"] if told else FOUND.format(history.step),
        searched=values["searched"],
        safer_learning_rate=values["safer"],
        links=set(values["links"]),
        elsewhere=elsewhere,
    )


def _check_values(values: Mapping[str, Any]) -> None:
    safer = values["safer"]
    right = {
        "status": values["status"] in STATUSES,
        "altered": isinstance(values["altered"], bool),
        "searched": isinstance(values["searched"], bool),
        "message": isinstance(values["message"], str),
        "links": isinstance(values["links"], list)
        and all(isinstance(link, str) for link in values["links"]),
        "safer": safer is None or (type(safer) is float and safer > 0 and math.isfinite(safer)),
    }
    for name, good in right.items():
        if not good:
            raise ValueError(f"{name!r} is of the wrong kind")


def _check_tensors(
    spec: Spec, dataset: Dataset, history: History, state: dict[str, Tensor], *, finite: bool
) -> None:
    """Raises ValueError unless the state and the kept weights are those of such a training."""
    model = build(spec.model, len(dataset.vocabulary), torch.Generator(), dict(spec.settings))
    begun = [spec.start] if spec.start is not None else []
    for packed in (*begun, *history.moments.values()):
        check_fit(tensor_files.unpack(packed), model.state_dict())
    number = len(list(model.parameters()))
    if any(len(moved) != number for moved in history.moved.values()):
        raise ValueError("it tells of updates to another net")
    if not state:
        if history.step:
            raise ValueError("its state is missing")
        return
    examples = dataset.examples(spec.recipe.trains_on, model.block_size)
    check_state(state, model, examples, spec.recipe, finite=finite)
    if int(state["step"]) != history.step:
        raise ValueError("its state is of another step")
