"""What decides the floats of a training beside its spec: the source here and what it runs on. Compares only."""

import platform
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
SHORT = 12  # digits of a hash that people compare


@cache
def versions() -> dict[str, str]:
    """The hash of this package's source, as it was when first asked, and the versions under it.

    A process asks before it has anything to train, so files that change later do not count: what it
    runs is what it has read.
    """
    return {
        "makemore": hash_source(PACKAGE),
        "python": ".".join(platform.python_version_tuple()[:2]),
        "torch": version("torch"),
        "distributed": version("distributed"),
    }


def hash_source(folder: Path) -> str:
    """The first digits of the SHA-256 over every .py file below the folder and its place there."""
    found = sha256()
    for path in sorted(folder.rglob("*.py")):
        source = path.read_bytes().replace(b"\r\n", b"\n")
        found.update(f"{path.relative_to(folder).as_posix()} {len(source)}\n".encode() + source)
    return found.hexdigest()[:SHORT]


def differences(ours: Mapping[str, str], theirs: Mapping[str, str]) -> str:
    """What differs and what to do about it; "" where nothing does."""
    differ = [
        f"{name} {theirs.get(name, 'none')} there, {own} here"
        for name, own in ours.items()
        if theirs.get(name) != own
    ]
    if not differ:
        return ""
    return f"{'; '.join(differ)}. Install the same release on both and start the worker again"
