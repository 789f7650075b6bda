"""Packs named tensors, and what is said about them, into bytes with a seal. Knows not what they mean.

The header of a sealed file begins with two SHA-256: that of the header itself (with zeros in its place)
and that of the tensors, so that no bit of the file can change unnoticed.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

MAX_HEADER = 200_000
SEAL, TENSORS = "sha256", "tensors_sha256"
_BLANK = "0" * 64
_START = b'{"__metadata__":{"about":"{\\"sha256\\": \\"'
_BETWEEN = b'\\", \\"tensors_sha256\\": \\"'
_SEAL = slice(8 + len(_START), 8 + len(_START) + len(_BLANK))
_TENSORS = slice(_SEAL.stop + len(_BETWEEN), _SEAL.stop + len(_BETWEEN) + len(_BLANK))


def pack(tensors: Mapping[str, Tensor], about: Mapping[str, Any] | None = None) -> bytes:
    """Tensors as the content of one safetensors file; with what JSON can say about them it is sealed."""
    plain = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    if about is None:
        return save(plain)
    said = {SEAL: _BLANK, TENSORS: _BLANK, **about}
    return _sealed(save(plain, {"about": json.dumps(said)}))


def unpack(content: bytes, *, max_header: int = MAX_HEADER) -> dict[str, Tensor]:
    """The tensors of `pack`. Raises ValueError when the content is truncated, changed or something else.

    Parses after a look at the header's length, so that a lie about it costs no memory.
    """
    head = _head(content, max_header)
    if is_sealed(content):
        _check_seal(head)
        if head[_TENSORS] != _hash(memoryview(content)[len(head) :]):
            raise ValueError("the tensors are damaged")
    try:
        return load(content)
    except (SafetensorError, ValueError, KeyError, TypeError, OverflowError) as error:
        raise ValueError(f"no safetensors content ({error})") from None


def about(content: bytes, *, max_header: int = MAX_HEADER) -> dict[str, Any]:
    """What is said about the tensors of a sealed file, both hashes too; its header alone will do.

    Raises ValueError.
    """
    head = _head(content, max_header)
    _check_seal(head)
    try:
        said = json.loads(json.loads(head[8:])["__metadata__"]["about"])
    except (ValueError, LookupError, TypeError, RecursionError):
        raise ValueError("it says nothing about its tensors") from None
    if not isinstance(said, dict):
        raise ValueError("it says nothing about its tensors")
    return said


def is_sealed(content: bytes) -> bool:
    """Whether this begins as a sealed file does."""
    return content[8 : _SEAL.start] == _START and content[_SEAL.stop : _TENSORS.start] == _BETWEEN


def header_length(start: bytes) -> int:
    """How many bytes of a file are its header, by its first eight."""
    return 8 + int.from_bytes(start[:8], "little")


def _head(content: bytes, max_header: int) -> bytes:
    length = header_length(content)
    if len(content) < 8 or length > min(8 + max_header, len(content)):
        raise ValueError("truncated, or no safetensors file")
    return content[:length]


def _check_seal(head: bytes) -> None:
    if not is_sealed(head):
        raise ValueError("it says nothing about its tensors")
    if head[_SEAL] != _hash(head[: _SEAL.start] + _BLANK.encode() + head[_SEAL.stop :]):
        raise ValueError("the header is damaged")


def _sealed(content: bytes) -> bytes:
    head = bytearray(_head(content, len(content)))
    head[_TENSORS] = _hash(content[len(head) :])
    head[_SEAL] = _hash(head)
    return bytes(head) + content[len(head) :]


def _hash(content: bytes | bytearray | memoryview) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()
