"""Writes files that appear whole or not at all, whoever is killed meanwhile. Knows not what they hold.

A save writes its files under hidden names with one token, `.NAME.TOKEN` the first and
`.NAME.TOKEN.later` the others, and then moves each to its place, the first one first: that move decides.
A folder is locked while somebody saves into it, so a hidden file that the next save finds is what a
killed one left: it is moved to its place if the first one of its token was, and deleted if not.
"""

import contextlib
import errno
import os
import re
import secrets
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

if sys.platform != "win32":
    import fcntl

PATIENCE = 30.0  # seconds that a save waits for another one in the same folder
_RETRY = 0.005
_LATER = ".later"
_HIDDEN = re.compile(r"\.(.+\.(?:safetensors|json))\.([0-9a-f]{16})(\.later)?")


def write_file(target: Path, content: bytes) -> None:
    """Replace one file. Raises OSError; what was there before then stays."""
    write_files({target: content})


def write_files(files: Mapping[Path, bytes | None]) -> None:
    """Replace files of one folder together; those with None are deleted. The first one decides.

    Raises OSError, and then nothing has changed. Whoever is killed leaves either all that was there,
    or the first file new and the others where `pending` finds them.
    """
    first = next(iter(files))
    first.parent.mkdir(parents=True, exist_ok=True)
    with _locked(first.parent) as (folder, alone):
        if alone:
            _clear_up(first.parent)
        hidden = _hide(files, folder)
        try:
            os.replace(hidden[first], first)
        except BaseException:
            _delete(hidden)
            raise
        # It is decided: what goes wrong from here on is set right by the next save.
        with contextlib.suppress(OSError):
            _sync(folder)
            for target in files:
                if target in hidden and target != first:
                    os.replace(hidden[target], target)
                elif target not in hidden:
                    target.unlink(missing_ok=True)
            if len(files) > 1:
                _sync(folder)


@contextlib.contextmanager
def saves_waiting(folder: Path) -> Iterator[None]:
    """Let saves into this folder wait; for whoever reads files of it that belong together.

    Where that cannot be had, as in a network's folder without locks, saves go on.
    """
    with contextlib.ExitStack() as held:
        with contextlib.suppress(OSError):
            held.enter_context(_locked(folder, shared=True))
        yield


def pending(target: Path) -> list[Path]:
    """Where the content of this place may be found that a killed save had no time to move there."""
    try:
        names = os.listdir(target.parent)
    except OSError:
        return []
    found = {name: _HIDDEN.fullmatch(name) for name in names if name.endswith(_LATER)}
    return [target.with_name(n) for n, match in found.items() if match and match[1] == target.name]


def _hide(files: Mapping[Path, bytes | None], folder: int | None) -> dict[Path, Path]:
    """Write each content under its hidden name and flush it; all or none."""
    token, hidden = secrets.token_hex(8), dict[Path, Path]()
    try:
        for target, content in files.items():
            if content is not None:
                later = _LATER if hidden else ""
                hidden[target] = target.with_name(f".{target.name}.{token}{later}")
                with hidden[target].open("xb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                if len(hidden) == 1 < len(files):
                    _sync(folder)  # none of the others may be found without the first
    except BaseException:
        _delete(hidden)
        raise
    return hidden


def _delete(hidden: Mapping[Path, Path]) -> None:
    # The first one last: while it is there nothing is decided.
    for place in reversed(list(hidden.values())):
        with contextlib.suppress(OSError):
            place.unlink(missing_ok=True)


def _clear_up(folder: Path) -> None:
    """End what killed saves began."""
    found = [match for match in map(_HIDDEN.fullmatch, os.listdir(folder)) if match]
    undecided = {match[2] for match in found if not match[3]}
    for match in sorted(found, key=lambda match: not match[3]):  # the first ones last, as above
        with contextlib.suppress(OSError):
            if match[2] in undecided:
                (folder / match[0]).unlink(missing_ok=True)
            else:
                os.replace(folder / match[0], folder / match[1])


@contextlib.contextmanager
def _locked(folder: Path, *, shared: bool = False) -> Iterator[tuple[int | None, bool]]:
    """The opened folder, and whether nobody else writes there; a system without locks cannot tell.

    The lock is one on the folder itself and ends with its process; those who read can share it. Raises
    TimeoutError.
    """
    if sys.platform == "win32":
        yield None, False
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        yield opened, _lock(opened, shared=shared)
    finally:
        os.close(opened)


def _lock(opened: int, *, shared: bool) -> bool:
    if sys.platform == "win32":
        return False
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    until = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(opened, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                what = "another save into this folder does not end"
                raise TimeoutError(errno.ETIMEDOUT, what) from None
            time.sleep(_RETRY)
        except OSError:  # a network's folder may have no locks
            return False
        else:
            return True


def _sync(folder: int | None) -> None:
    if folder is not None:
        os.fsync(folder)
