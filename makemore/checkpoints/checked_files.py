"""Reads the files of a checkpoint and believes nothing that their hashes do not vouch for. Builds no model."""

import hashlib
from pathlib import Path
from typing import Any

from torch import Tensor

from makemore.checkpoints import tensor_files, whole_files
from makemore.checkpoints.metadata import PAIR, CheckpointError, Metadata, checked, parse_json
from makemore.training.trajectory import Trajectory

MAX_JSON = 200_000
MAX_BYTES = 200_000_000
CHECKPOINT = "checkpoint"  # what a trajectory calls the hash of the tensors that it belongs to


def beside(path: Path, ending: str) -> Path:
    """The file with this ending of a checkpoint, by its path without one."""
    return path.with_name(f"{path.name}.{ending}")


def read_description(path: Path) -> Metadata:
    """What a checkpoint says of its tensors, without reading these. Raises CheckpointError."""
    file = beside(path, "safetensors")
    start = read_start(file, 8)
    head = read_start(file, min(tensor_files.header_length(start), 8 + tensor_files.MAX_HEADER))
    if tensor_files.is_sealed(head):
        return checked(path.name, _sealed_values(path.name, head))
    return checked(path.name, _pair_values(path.name, _read_copy(path)), PAIR)


def read_checkpoint(path: Path) -> tuple[Metadata, dict[str, Tensor]]:
    """What a checkpoint says, and its tensors. Raises CheckpointError."""
    content = read_limited(beside(path, "safetensors"))
    copy = None if tensor_files.is_sealed(content) else _read_copy(path)
    return check_content(path.name, content, copy)


def check_content(
    name: str, content: bytes, copy: bytes | None = None
) -> tuple[Metadata, dict[str, Tensor]]:
    """The same of bytes: those of the tensors, and of the JSON beside them. Raises CheckpointError."""
    if tensor_files.is_sealed(content):
        metadata = checked(name, _sealed_values(name, content))
    else:
        metadata = checked(name, _pair_values(name, copy), PAIR)
        if hashlib.sha256(content).hexdigest() != metadata.tensors_sha256:
            raise CheckpointError(
                f"{name}: the tensors are not those that {name}.json was written for; "
                "copy both files again, together"
            )
    return metadata, _tensors(name, content)


def read_trajectory(path: Path, metadata: Metadata) -> Trajectory | None:
    """How this very checkpoint was trained; None where nothing is there that belongs to it.

    Raises CheckpointError for a file that is damaged.
    """
    usual = beside(path, "trajectory.safetensors")
    for place in (usual, *whole_files.pending(usual), usual):  # it may be moved while we look
        if not place.exists():
            continue
        if found := check_trajectory(usual.name, read_limited(place), metadata):
            return found
    return None


def check_trajectory(name: str, content: bytes, metadata: Metadata) -> Trajectory | None:
    """The same of the bytes of a file of this name. Raises CheckpointError."""
    tensors = _tensors(name, content)
    if not tensor_files.is_sealed(content):
        return None  # that of an earlier version does not say what it belongs to
    if _sealed_values(name, content).get(CHECKPOINT) != metadata.tensors_sha256:
        return None
    try:
        return Trajectory.from_tensors(tensors)
    except ValueError as error:
        raise CheckpointError(f"{name}: {error}; delete it or get it again") from None


def read_limited(path: Path, limit: int = MAX_BYTES) -> bytes:
    """A file's content. Raises CheckpointError if it is larger than the limit or cannot be read."""
    try:
        if path.stat().st_size > limit:
            raise CheckpointError(
                f"{path.name}: {path.stat().st_size:,} bytes; the limit is {limit:,}"
            )
        return path.read_bytes()
    except OSError as error:
        raise CheckpointError(f"{path.name}: {error.strerror}; get it again") from None


def read_start(path: Path, most: int) -> bytes:
    """The first bytes of a file. Raises CheckpointError."""
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise CheckpointError(f"{path.name}: {error.strerror}; get it again") from None


def _sealed_values(name: str, content: bytes) -> dict[str, Any]:
    try:
        return tensor_files.about(content)
    except ValueError as error:
        raise CheckpointError(f"{name}: {error}; get it again") from None


def _read_copy(path: Path) -> bytes | None:
    """The JSON beside the tensors, which in an earlier version was the only place for what they mean."""
    file = beside(path, "json")
    return read_limited(file, MAX_JSON) if file.is_file() else None


def _pair_values(name: str, copy: bytes | None) -> dict[str, Any]:
    if copy is None:
        raise CheckpointError(f"{name}: the file says nothing about its tensors; get it again")
    if len(copy) > MAX_JSON:
        raise CheckpointError(f"{name}.json: {len(copy):,} bytes; the limit is {MAX_JSON:,}")
    values = parse_json(f"{name}.json", copy)
    if values.get("format") != PAIR:
        raise CheckpointError(f"{name}: the header is damaged; get it again")
    return values


def _tensors(name: str, content: bytes) -> dict[str, Tensor]:
    try:
        return tensor_files.unpack(content)
    except ValueError as error:
        raise CheckpointError(f"{name}: {error}; get it again") from None
