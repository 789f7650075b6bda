"""Saves and loads models as safetensors, never pickle. Trusts nothing that it reads.

NAME.safetensors is the checkpoint: the tensors, and what they mean, under one seal. NAME.json is a copy
of what they mean, for people to read. NAME.trajectory.safetensors tells how the training went; it may
be missing, and one of other tensors counts as missing.
"""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from makemore.checkpoints import tensor_files, whole_files
from makemore.checkpoints.checked_files import (
    CHECKPOINT,
    beside,
    check_content,
    check_trajectory,
    read_checkpoint,
    read_description,
    read_trajectory,
)
from makemore.checkpoints.metadata import START, CheckpointError, Metadata, checked, versions
from makemore.data.vocabulary import Vocabulary
from makemore.inference.capture import AGAIN, layers_of
from makemore.layers import Activation, Embedding, Nonlinearity
from makemore.models import LanguageModel, build
from makemore.models.shapes import shapes_of
from makemore.training.fitting_tensors import check_fit
from makemore.training.trajectory import Trajectory
from makemore.training.trajectory_form import EMBEDDING, STEP

FOLDER = Path(__file__).resolve().parents[2] / "checkpoints"
OWN = FOLDER / "own"  # what somebody trains here; not part of the project
MOST_TRIES = 3  # to read while others save, before they have to wait
TENSORS, TRAJECTORY, COPY = "safetensors", "trajectory.safetensors", "json"


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
    return sorted(path.name for path in paths_in(FOLDER))


def paths_in(folder: Path) -> list[Path]:
    """The checkpoints in a folder, without ending, whether they can be read or not."""
    files = {path.name for path in folder.glob(f"*.{TENSORS}") if path.is_file()}
    names = {name.removesuffix(f".{TENSORS}") for name in files if not name.startswith(".")}
    return sorted(folder / name for name in names if not name.endswith(".trajectory"))


def newest_first(folder: Path) -> list[Path]:
    """The same, the newest first; those that are deleted meanwhile are left out."""
    found: dict[Path, int] = {}
    for path in paths_in(folder):
        with suppress(OSError):
            found[path] = beside(path, TENSORS).stat().st_mtime_ns
    return sorted(found, key=lambda path: -found[path])


def save(
    path: Path | str,
    model: LanguageModel,
    trajectory: Trajectory | None = None,
    **about: Any,
) -> Path:
    """Write the files of `path` (without ending); `about` holds the rest of Metadata's fields.

    Whoever reads meanwhile, or after a kill, gets the former checkpoint or this one. Raises
    CheckpointError when the disk refuses, and for values that could not be loaded again; what was
    there before stays.
    """
    path = Path(path)
    packed = pack(path.name, model, trajectory, **about)
    try:
        whole_files.write_files({beside(path, ending): each for ending, each in packed.items()})
    except OSError as error:
        raise CheckpointError(
            f"{path.name}: could not be saved ({error.strerror or error}); "
            "choose another folder or free some space"
        ) from None
    return path


def pack(
    name: str, model: LanguageModel, trajectory: Trajectory | None = None, **about: Any
) -> dict[str, bytes | None]:
    """The content of each file of a checkpoint by its ending, None for one that there is not.

    Raises CheckpointError for values that could not be loaded again.
    """
    metadata = Metadata(
        model=model.name,
        config=model.config.to_json(),
        parameters=model.size,
        versions=versions(),
        **about,
    )
    if not all(loss < float("inf") for loss in metadata.losses.values()):
        raise CheckpointError(
            f"{name}: a loss is infinite, which JSON cannot say; give bigram a smoothing above 0"
        )
    said = {key: value for key, value in asdict(metadata).items() if key != tensor_files.TENSORS}
    if not metadata.start:
        del said[START]
    content = tensor_files.pack(model.state_dict(), said)
    values = tensor_files.about(content)
    checked(name, values)
    return {
        TENSORS: content,
        TRAJECTORY: _packed(trajectory, values[tensor_files.TENSORS]),
        COPY: f"{json.dumps(values, indent=1, ensure_ascii=False)}\n".encode(),
    }


def files_of(checkpoint: Checkpoint) -> dict[str, bytes | None]:
    """The same of one that is loaded."""
    told = ("model", "config", "parameters", "versions", "format", tensor_files.TENSORS)
    about = {key: each for key, each in asdict(checkpoint.metadata).items() if key not in told}
    return pack(checkpoint.name, checkpoint.model, checkpoint.trajectory, **about)


def _packed(trajectory: Trajectory | None, tensors_sha256: str) -> bytes | None:
    if trajectory is None:
        return None
    return tensor_files.pack(trajectory.to_tensors(), {CHECKPOINT: tensors_sha256})


def load(where: Path | str) -> Checkpoint:
    """Load a checkpoint by the name of a shipped one or by path, with or without an ending.

    Checks format version, hashes, every value that is said, names, shapes, dtypes and that every
    number is finite. Raises CheckpointError.
    """
    path = locate(where)
    for _ in range(MOST_TRIES):
        before = stamp(path)
        found = _read(path)
        if found.trajectory is not None or stamp(path) == before:
            return found
        # It was replaced while we read, and the trajectory is that of the new one.
    with whole_files.saves_waiting(path.parent):
        return _read(path)


def loads(
    name: str, content: bytes, trajectory: bytes | None = None, copy: bytes | None = None
) -> Checkpoint:
    """The checkpoint that these bytes are, checked as `load` does; `copy` is the JSON of an earlier version.

    Raises CheckpointError.
    """
    metadata, tensors = check_content(name, content, copy)
    found = None
    if trajectory is not None:
        found = check_trajectory(f"{name}.{TRAJECTORY}", trajectory, metadata)
    return _built(name, metadata, tensors, found)


def _read(path: Path) -> Checkpoint:
    metadata, tensors = read_checkpoint(path)
    return _built(path.name, metadata, tensors, read_trajectory(path, metadata))


def _built(
    name: str, metadata: Metadata, tensors: dict[str, Tensor], trajectory: Trajectory | None
) -> Checkpoint:
    try:
        check_fit(tensors, shapes_of(partial(_fresh_model, metadata)))  # a lie costs no memory
        model = _fresh_model(metadata)
    except ValueError as error:
        raise CheckpointError(f"{name}: {error}; train it again") from None
    if model.size != metadata.parameters:
        said = f"{metadata.parameters:,} parameters, but it has {model.size:,}"
        raise CheckpointError(f"{name}: it says {said}; train it again")
    model.load_state_dict(tensors)
    if trajectory is not None and not tells_of(trajectory, model, metadata):
        raise CheckpointError(
            f"{name}.trajectory.safetensors: it is of another net; delete it or get it again"
        )
    return Checkpoint(
        name=name,
        model=model.eval(),
        vocabulary=Vocabulary(metadata.vocabulary),
        metadata=metadata,
        trajectory=trajectory,
    )


def _fresh_model(metadata: Metadata) -> LanguageModel:
    vocab_size = len(Vocabulary(metadata.vocabulary))
    return build(metadata.model, vocab_size, torch.Generator(), metadata.config)


def tells_of(
    trajectory: Trajectory, model: LanguageModel, metadata: Metadata, *, embedded: bool = True
) -> bool:
    """Whether it tells of such a net, and of no step that is yet to come.

    embedded: the embedding table has to be in it, where the net has one.
    """
    probed, losses = trajectory.probed, trajectory.losses
    steps = (trajectory.evaluated[STEP], probed[STEP], *([losses[STEP]] if losses else ()))
    fits = not any(bool((each > metadata.step).any()) for each in steps)
    if len(probed[STEP]):
        tables = [layer.weight.shape for layer in layers_of(model, Embedding).values()][:1]
        told = [probed[EMBEDDING].shape[1:]] if EMBEDDING in probed else []
        fits &= told == (tables if embedded else [])
        bending = {layer.partition(AGAIN)[0] for layer in trajectory.intervals}
        fits &= layers_of(model, Activation).keys() <= bending
        fits &= bending <= layers_of(model, Nonlinearity).keys()  # gates were not kept at first
    for reading in trajectory.readings[:1]:
        fits &= reading.layers.keys() == trajectory.intervals.keys()
        fits &= reading.parameters.keys() == {name for name, _ in model.named_parameters()}
    return fits


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
        return beside(path, TENSORS).is_file()
    except (OSError, ValueError):  # no name at all, or none that a file can have
        return False


def stamp(where: Path | str) -> tuple[int, int, int]:
    """When a checkpoint was written, how long it is, and which file: quicker to ask for than its content.

    Raises CheckpointError.
    """
    path = locate(where)
    try:
        found = beside(path, TENSORS).stat()
    except OSError as error:
        raise CheckpointError(f"{path.name}: {error.strerror}; get it again") from None
    return found.st_mtime_ns, found.st_size, found.st_ino


def read_metadata(where: Path | str) -> Metadata:
    """The metadata alone, without touching the tensors. Raises CheckpointError."""
    return read_description(locate(where))
