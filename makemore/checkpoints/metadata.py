"""What a checkpoint's JSON says, and the check of every field of it. Knows no tensors."""

import json
import math
import platform
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

import torch

from makemore.training.recipes import Recipe

FORMAT = 1
MAX_JSON = 200_000
MAX_BYTES = 200_000_000


class CheckpointError(ValueError):
    """A checkpoint cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Metadata:
    """What a checkpoint's JSON says of its tensors. Losses are mean NLL a character in nats."""

    model: str
    config: dict[str, Any]
    vocabulary: str
    data: str  # where the names came from
    data_sha256: str
    recipe: dict[str, Any]
    seed: int
    step: int
    losses: dict[str, float]  # train, dev, test
    seconds: float  # of training, evaluation not counted
    device: str
    versions: dict[str, str]
    parameters: int
    tensors_sha256: str
    format: int = FORMAT

    @property
    def trained_on(self) -> Literal["train", "all"]:
        """The split that the model has learned from."""
        return Recipe.from_json(self.recipe).trains_on


def versions() -> dict[str, str]:
    """The versions that decide about the floats."""
    return {"python": platform.python_version(), "torch": str(torch.__version__)}


def read_limited(path: Path, limit: int = MAX_BYTES) -> bytes:
    """A file's content. Raises CheckpointError if it is larger than the limit or cannot be read."""
    try:
        if path.stat().st_size > limit:
            raise CheckpointError(
                f"{path.name}: {path.stat().st_size:,} bytes; the limit is {limit:,}"
            )
        return path.read_bytes()
    except OSError as error:
        raise CheckpointError(
            f"{path.name}: {error.strerror}; a checkpoint is a .safetensors and a .json file side by side"
        ) from None


def read_json(path: Path) -> Metadata:
    """The metadata in a checkpoint's JSON, every field checked. Raises CheckpointError."""
    try:
        values = json.loads(read_limited(path, MAX_JSON), parse_constant=_no_constant)
        if not isinstance(values, dict):
            raise ValueError("it holds no JSON object")
    except (ValueError, RecursionError) as error:
        if isinstance(error, CheckpointError):
            raise
        raise CheckpointError(
            f"{path.name}: not a checkpoint's JSON ({error}); get it again"
        ) from None
    if values.get("format") != FORMAT:
        raise CheckpointError(
            f"{path.name}: format {values.get('format')!r:.40}, expected {FORMAT}; train it again"
        )
    return _checked_metadata(path.name, values)


def _no_constant(constant: str) -> None:
    raise ValueError(f"{constant} is no number")


def _finite(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def _checked_metadata(name: str, values: dict[str, Any]) -> Metadata:
    kinds: dict[type | str, tuple[type, ...]] = {float: (int, float), int: (int,), str: (str,)}
    for each in fields(Metadata):
        if each.name not in values:
            raise CheckpointError(f"{name}: {each.name!r} is missing; train it again")
        wanted = kinds.get(each.type, (dict,)) if isinstance(each.type, type) else (dict,)
        if not isinstance(values[each.name], wanted):
            raise CheckpointError(f"{name}: {each.name!r} is of the wrong kind; train it again")
    losses = values["losses"]
    if not losses.keys() >= {"train", "dev", "test"} or not all(map(_finite, losses.values())):
        raise CheckpointError(f"{name}: 'losses' needs numbers for train, dev and test")
    try:
        Recipe.from_json(values["recipe"])
        return Metadata(**{each.name: values[each.name] for each in fields(Metadata)})
    except ValueError as error:
        raise CheckpointError(f"{name}: recipe: {error}; train it again") from None
