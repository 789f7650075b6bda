"""Writes files whole or not at all, and packs named tensors into bytes. Knows not what they mean."""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

MAX_HEADER = 200_000


def pack(tensors: Mapping[str, Tensor], about: Mapping[str, Any] | None = None) -> bytes:
    """Tensors, and what JSON can say about them, as the content of one safetensors file."""
    plain = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    return save(plain, {"about": json.dumps(about)} if about is not None else None)


def unpack(content: bytes, *, max_header: int = MAX_HEADER) -> dict[str, Tensor]:
    """The tensors of `pack`. Raises ValueError when the content is truncated or something else.

    Parses after a look at the header's length, so that a lie about it costs no memory.
    """
    header = int.from_bytes(content[:8], "little")
    if len(content) < 8 or header > min(max_header, len(content) - 8):
        raise ValueError("truncated, or no safetensors file")
    try:
        return load(content)
    except (SafetensorError, ValueError, KeyError) as error:
        raise ValueError(f"no safetensors content ({error})") from None


def about(content: bytes, *, max_header: int = MAX_HEADER) -> Any:
    """What `pack` was told about the tensors. Raises ValueError."""
    header = int.from_bytes(content[:8], "little")
    if header > min(max_header, len(content) - 8):
        raise ValueError("truncated, or no safetensors file")
    try:
        return json.loads(json.loads(content[8 : 8 + header])["__metadata__"]["about"])
    except (ValueError, LookupError, TypeError, RecursionError):
        raise ValueError("it says nothing about its tensors") from None


def write_all(files: Mapping[Path, bytes]) -> None:
    """Write every file beside its place and flush it; only when all are safe move them there.

    Raises OSError; what was there before then stays.
    """
    written: list[tuple[Path, Path]] = []
    try:
        for target, content in files.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
            written.append((temporary, target))
            with temporary.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        for temporary, target in written:
            os.replace(temporary, target)
    finally:
        for temporary, _ in written:
            temporary.unlink(missing_ok=True)
