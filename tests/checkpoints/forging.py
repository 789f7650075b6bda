"""Makes checkpoints that are wrong in one way. No tests here."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load as load_tensors
from safetensors.torch import save as dump_tensors
from torch import Tensor

from makemore.checkpoints import store
from makemore.checkpoints.metadata import CheckpointError

ENDINGS = ("json", "safetensors", "trajectory.safetensors")
Parts = dict[str, bytes]


def put(folder: Path, parts: Parts) -> Path:
    for ending, content in parts.items():
        (folder / f"m.{ending}").write_bytes(content)
    return folder / "m"


def refused(folder: Path, parts: Parts) -> str:
    """The message that a checkpoint of these files gets."""
    path = put(folder, parts)
    with pytest.raises(CheckpointError) as caught:
        store.load(path)
    message = str(caught.value)
    assert message.startswith("m")
    assert "\n" not in message
    assert len(message) < 400
    return message


def with_json(parts: Parts, **changes: Any) -> Parts:
    about = json.loads(parts["json"]) | changes
    kept = {key: value for key, value in about.items() if value is not ...}
    return parts | {"json": json.dumps(kept).encode()}


def with_content(parts: Parts, content: bytes) -> Parts:
    """Other tensors, with a JSON that vouches for them."""
    sha = hashlib.sha256(content).hexdigest()
    return with_json(parts | {"safetensors": content}, tensors_sha256=sha)


def with_tensors(parts: Parts, change: Callable[[dict[str, Tensor]], object]) -> Parts:
    tensors = load_tensors(parts["safetensors"])
    change(tensors)
    return with_content(parts, dump_tensors(tensors))
