"""Saves and loads models as safetensors beside JSON, never pickle. Trusts nothing that it reads.

NAME.safetensors holds the tensors, NAME.json what they mean, NAME.trajectory.safetensors how the
training went (it may be missing).
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from makemore.checkpoints import tensor_files
from makemore.checkpoints.metadata import (
    CheckpointError,
    Metadata,
    read_json,
    read_limited,
    versions,
)
from makemore.data.vocabulary import Vocabulary
from makemore.models import LanguageModel, build
from makemore.training.trajectory import Trajectory

FOLDER = Path(__file__).resolve().parents[2] / "checkpoints"
OWN = FOLDER / "own"  # what somebody trains here; not part of the project


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A model in eval mode with all that is known about it; what is worked out may be kept by it."""

    name: str
    model: LanguageModel
    vocabulary: Vocabulary
    metadata: Metadata
    trajectory: Trajectory | None


def shipped() -> list[str]:
    """The names of the checkpoints that come with the project."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def save(
    path: Path | str,
    model: LanguageModel,
    trajectory: Trajectory | None = None,
    **about: Any,
) -> Path:
    """Write the files of `path` (without ending); `about` holds the rest of Metadata's fields.

    The JSON is written last, so a checkpoint that has one is complete; each file appears whole or
    not at all. Raises CheckpointError when the disk refuses; what was there before stays.
    """
    path = Path(path)
    content = tensor_files.pack(model.state_dict())
    metadata = Metadata(
        model=model.name,
        config=model.config.to_json(),
        parameters=model.size,
        tensors_sha256=hashlib.sha256(content).hexdigest(),
        versions=versions(),
        **about,
    )
    try:
        text = json.dumps(asdict(metadata), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    except ValueError:
        raise CheckpointError(
            f"{path.name}: a loss is infinite, which JSON cannot say; give bigram a smoothing above 0"
        ) from None
    parts = {path.with_name(f"{path.name}.safetensors"): content}
    beside = path.with_name(f"{path.name}.trajectory.safetensors")
    if trajectory is not None:
        parts[beside] = tensor_files.pack(trajectory.to_tensors())
    parts[path.with_name(f"{path.name}.json")] = text.encode()
    try:
        tensor_files.write_all(parts)
        if trajectory is None:
            beside.unlink(missing_ok=True)  # that of a former training
    except OSError as error:
        raise CheckpointError(
            f"{path.name}: could not be saved ({error.strerror or error}); "
            "choose another folder or free some space"
        ) from None
    return path


def load(where: Path | str) -> Checkpoint:
    """Load a checkpoint by the name of a shipped one or by path, with or without an ending.

    Checks format version, hash, names, shapes, dtypes and that every value is finite.
    Raises CheckpointError.
    """
    path = locate(where)
    metadata = read_json(path.with_name(f"{path.name}.json"))
    content = read_limited(path.with_name(f"{path.name}.safetensors"))
    if hashlib.sha256(content).hexdigest() != metadata.tensors_sha256:
        raise CheckpointError(
            f"{path.name}: the tensors are not those that {path.name}.json was written for; "
            "copy both files again, together"
        )
    vocabulary, model = _empty_model(path.name, metadata)
    tensors = _read_tensors(path.name, content)
    _check_tensors(path.name, tensors, model.state_dict())
    model.load_state_dict(tensors)
    return Checkpoint(
        name=path.name,
        model=model.eval(),
        vocabulary=vocabulary,
        metadata=metadata,
        trajectory=_read_trajectory(path),
    )


def locate(where: Path | str) -> Path:
    """The path without ending that a name or path means."""
    path = Path(where)
    for ending in (".trajectory.safetensors", ".safetensors", ".json"):
        if path.name.endswith(ending):
            path = path.with_name(path.name.removesuffix(ending))
    if path.parent == Path() and not _is_there(path):
        path = FOLDER / path.name
    if not _is_there(path):
        raise CheckpointError(
            f"no checkpoint {str(where)[:100]!r}; shipped ones: {', '.join(shipped())}"
        )
    return path


def _is_there(path: Path) -> bool:
    try:
        return path.with_name(f"{path.name}.json").is_file()
    except (OSError, ValueError):  # no name at all, or none that a file can have
        return False


def stamp(where: Path | str) -> tuple[int, int]:
    """When a checkpoint was written and how long its JSON is: quicker to ask for than its content.

    Raises CheckpointError.
    """
    path = locate(where)
    try:
        about = path.with_name(f"{path.name}.json").stat()
    except OSError as error:
        raise CheckpointError(f"{path.name}: {error.strerror}; get it again") from None
    return about.st_mtime_ns, about.st_size


def read_metadata(where: Path | str) -> Metadata:
    """The metadata alone, without touching the tensors. Raises CheckpointError."""
    path = locate(where)
    return read_json(path.with_name(f"{path.name}.json"))


def _empty_model(name: str, metadata: Metadata) -> tuple[Vocabulary, LanguageModel]:
    try:
        vocabulary = Vocabulary(metadata.vocabulary)
        generator = torch.Generator()
        return vocabulary, build(metadata.model, len(vocabulary), generator, metadata.config)
    except ValueError as error:
        raise CheckpointError(f"{name}: {error}; train it again") from None


def _read_tensors(name: str, content: bytes) -> dict[str, Tensor]:
    try:
        return tensor_files.unpack(content)
    except ValueError as error:
        raise CheckpointError(f"{name}: {error}; get it again") from None


def _check_tensors(name: str, found: dict[str, Tensor], expected: dict[str, Tensor]) -> None:
    if found.keys() != expected.keys():
        odd = sorted(found.keys() ^ expected.keys())[0]
        raise CheckpointError(f"{name}: tensor {odd!r} is missing or too many; train it again")
    for key, like in expected.items():
        tensor = found[key]
        if tensor.shape != like.shape or tensor.dtype != like.dtype:
            raise CheckpointError(
                f"{name}: {key} is {tensor.dtype} {tuple(tensor.shape)}, expected {like.dtype} "
                f"{tuple(like.shape)}; train it again"
            )
        if not torch.isfinite(tensor).all():
            raise CheckpointError(f"{name}: {key} holds NaN or infinity; train it again")


def _read_trajectory(path: Path) -> Trajectory | None:
    beside = path.with_name(f"{path.name}.trajectory.safetensors")
    if not beside.exists():
        return None
    tensors = _read_tensors(beside.name, read_limited(beside))
    if not all(torch.isfinite(tensor.float()).all() for tensor in tensors.values()):
        raise CheckpointError(f"{beside.name}: it holds NaN or infinity; delete it or get it again")
    try:
        return Trajectory.from_tensors(tensors)
    except (ValueError, KeyError) as error:
        raise CheckpointError(f"{beside.name}: {error}; delete it or get it again") from None
