"""Makes checkpoints that are wrong in one way. No tests here."""

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load as load_tensors
from safetensors.torch import save as dump_tensors
from torch import Tensor

from makemore.checkpoints import store, tensor_files
from makemore.checkpoints.metadata import CheckpointError

ENDINGS = ("json", "safetensors", "trajectory.safetensors")
HASHES = ("sha256", "tensors_sha256")
Parts = dict[str, bytes]


def put(folder: Path, parts: Parts) -> Path:
    for ending in ENDINGS:
        (folder / f"m.{ending}").unlink(missing_ok=True)
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


def said(content: bytes) -> dict[str, Any]:
    """What a sealed file says, read by nobody but json, without the hashes."""
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    about = json.loads(header["__metadata__"]["about"])
    return {key: value for key, value in about.items() if key not in HASHES}


def resealed(content: bytes) -> bytes:
    """The same with hashes that vouch for it, worked out here once more."""
    length = 8 + int.from_bytes(content[:8], "little")
    head, rest = content[:length], content[length:]

    def set_hash(head: bytes, name: bytes, value: bytes) -> bytes:
        found = re.search(rb'\\"' + name + rb'\\": \\"', head)
        assert found is not None
        return head[: found.end()] + value + head[found.end() + 64 :]

    head = set_hash(head, b"tensors_sha256", hashlib.sha256(rest).hexdigest().encode())
    head = set_hash(head, b"sha256", b"0" * 64)
    return set_hash(head, b"sha256", hashlib.sha256(head).hexdigest().encode()) + rest


def with_json(parts: Parts, **changes: Any) -> Parts:
    """Another description of the same tensors, and a file that vouches for it."""
    about = said(parts["safetensors"]) | changes
    kept = {key: value for key, value in about.items() if value is not ...}
    content = tensor_files.pack(load_tensors(parts["safetensors"]), kept)
    return parts | {"safetensors": content, "json": json.dumps(kept).encode()}


def with_tensors(parts: Parts, change: Callable[[dict[str, Tensor]], object]) -> Parts:
    """Other tensors, in a file that vouches for them."""
    tensors = load_tensors(parts["safetensors"])
    change(tensors)
    content = tensor_files.pack(tensors, said(parts["safetensors"]))
    return {key: value for key, value in parts.items() if key != "trajectory.safetensors"} | {
        "safetensors": content
    }


def with_trajectory(parts: Parts, change: Callable[[dict[str, Tensor]], object]) -> Parts:
    """Another trajectory, in a file that vouches for it and names this checkpoint."""
    tensors = load_tensors(parts["trajectory.safetensors"])
    change(tensors)
    about = said(parts["trajectory.safetensors"])
    return parts | {"trajectory.safetensors": tensor_files.pack(tensors, about)}


def as_pair(parts: Parts, content: bytes | None = None) -> Parts:
    """The checkpoint as an earlier version wrote it: a JSON that vouches for a file of tensors alone."""
    if content is None:
        content = dump_tensors(load_tensors(parts["safetensors"]))
    sha = hashlib.sha256(content).hexdigest()
    about = said(parts["safetensors"]) | {"format": 1, "tensors_sha256": sha}
    return parts | {"safetensors": content, "json": json.dumps(about).encode()}
