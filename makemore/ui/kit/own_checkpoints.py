"""The visitor's own checkpoints: trained here or uploaded, in their session. Draws nothing.

With MAKEMORE_KEEP=1, on a machine of one's own, they are the files in checkpoints/own instead.
"""

import os
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from weakref import WeakSet

import streamlit as st

from makemore.checkpoints import store, uploads, whole_files
from makemore.checkpoints.checked_files import beside
from makemore.checkpoints.metadata import CheckpointError
from makemore.checkpoints.store import COPY, TENSORS, TRAJECTORY, Checkpoint
from makemore.ui.sources import loaded

MOST, MOST_BYTES = 12, 48_000_000  # of one visitor
MOST_BYTES_OF_ALL = 600_000_000
MOST_SHOWN = 40  # of a folder, the newest
SHELF = "own_checkpoints"
FULL = "delete one on the page Checkpoints, or download it first"

Files = Mapping[str, bytes | None]  # by ending


@dataclass(frozen=True, eq=False)
class Own:
    """A checkpoint with the files that it was read from, by their endings, and when it came."""

    checkpoint: Checkpoint
    files: dict[str, bytes]
    added: datetime

    @property
    def size(self) -> int:
        return sum(map(len, self.files.values()))


@dataclass(eq=False)
class Shelf:
    """What one visitor has, the oldest first."""

    kept: dict[str, Own] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return sum(own.size for own in self.kept.values())


_shelves: WeakSet[Shelf] = WeakSet()  # of all visitors that are here
_adding = threading.Lock()


def keeps_on_disk() -> bool:
    """Whether own checkpoints are files of this machine."""
    return os.environ.get("MAKEMORE_KEEP") == "1"


def own_checkpoints() -> dict[str, Checkpoint]:
    """The visitor's own by name, the newest first."""
    if keeps_on_disk():
        return _read_folder()[0]
    return {name: own.checkpoint for name, own in reversed(_shelf().kept.items())}


def unreadable_checkpoints() -> dict[str, str]:
    """What is wrong with the files in the folder that are no checkpoint."""
    return _read_folder()[1] if keeps_on_disk() else {}


def find_own(name: str) -> Own:
    """One of them with its files. Raises CheckpointError where it is no longer there."""
    if keeps_on_disk():
        return _read_own(name)
    if name not in _shelf().kept:
        raise CheckpointError(f"{name} is no longer there; choose another checkpoint")
    return _shelf().kept[name]


def add_upload(sent: Mapping[str, bytes]) -> str:
    """Take in uploaded files by name, or a zip; returns the name that it got. Raises CheckpointError."""
    name, files = uploads.read_upload(sent)
    return add_checkpoint(name, files)


def add_checkpoint(name: str, files: Files) -> str:
    """Take in a checkpoint by its files; returns the name that it got, which nobody else has.

    Raises CheckpointError for files that are none, and where there is no room.
    """
    given = {ending: content for ending, content in files.items() if content is not None}
    with _adding:
        name = _free_name(uploads.clean_name(name))
        checkpoint = store.loads(name, given[TENSORS], given.get(TRAJECTORY), given.get(COPY))
        if checkpoint.trajectory is None:
            given.pop(TRAJECTORY, None)  # it is of other tensors
        if keeps_on_disk():
            _write_files(name, given)
            return name
        _check_room(sum(map(len, given.values())))
        _shelf().kept[name] = Own(checkpoint, given, datetime.now(UTC))
    return name


def rename(old: str, new: str) -> str:
    """Give it another name; returns that, made fit. Raises CheckpointError."""
    own, new = find_own(old), uploads.clean_name(new)
    if new == old:
        return old
    new = _free_name(new)
    if keeps_on_disk():
        _write_files(new, own.files)
        _delete_files(old)
        return new
    renamed = {new: replace(own, checkpoint=replace(own.checkpoint, name=new))}
    shelf = _shelf()
    places = [(renamed if each == old else {each: own}) for each, own in shelf.kept.items()]
    shelf.kept = {name: own for place in places for name, own in place.items()}
    return new


def delete(name: str) -> None:
    """Let go of it; what is no longer there is gone already. Raises CheckpointError."""
    if keeps_on_disk():
        _delete_files(name)
    else:
        _shelf().kept.pop(name, None)


def packing(name: str) -> Callable[[], bytes]:
    """What zips its files; it may be called where the visitor's session is not at hand.

    Raises CheckpointError.
    """
    return partial(uploads.zip_files, name, find_own(name).files)


def zip_of_shipped(name: str) -> bytes:
    """The files of a checkpoint that comes with the project as one. Raises CheckpointError."""
    return uploads.zip_files(name, _read_files(store.locate(name)))


def zip_of_loaded(checkpoint: Checkpoint) -> bytes:
    """The files of a checkpoint that has none yet as one. Raises CheckpointError."""
    files = store.files_of(checkpoint)
    return uploads.zip_files(checkpoint.name, {e: each for e, each in files.items() if each})


def room_left() -> tuple[int, int]:
    """How many more checkpoints, and bytes, the visitor's session has room for."""
    shelf = _shelf()
    return MOST - len(shelf.kept), MOST_BYTES - shelf.size


def _shelf() -> Shelf:
    if SHELF not in st.session_state:
        st.session_state[SHELF] = Shelf()
    shelf: Shelf = st.session_state[SHELF]
    _shelves.add(shelf)
    return shelf


def _check_room(size: int) -> None:
    """Raises CheckpointError where so many bytes more are too many."""
    number, left = room_left()
    if number < 1:
        raise CheckpointError(
            f"you have {MOST} checkpoints of your own, which is the limit; {FULL}"
        )
    if size > left:
        raise CheckpointError(
            f"your own checkpoints have room for {left / 1e6:.1f} of {MOST_BYTES / 1e6:.0f} MB, and "
            f"this one takes {size / 1e6:.1f} MB; {FULL}"
        )
    if sum(shelf.size for shelf in list(_shelves)) + size > MOST_BYTES_OF_ALL:
        raise CheckpointError(
            f"all visitors together keep {MOST_BYTES_OF_ALL / 1e6:.0f} MB of checkpoints, which is the "
            "limit; try again when some have left"
        )


def _free_name(name: str) -> str:
    """The name, or with a number behind it where it is taken."""
    taken = {*own_checkpoints(), *unreadable_checkpoints(), *store.shipped()}
    if name not in taken:
        return name
    stem = name[: uploads.MOST_NAME - 5]
    return next(each for n in range(2, 10_000) if (each := f"{stem} ({n})") not in taken)


def _read_folder() -> tuple[dict[str, Checkpoint], dict[str, str]]:
    """The checkpoints of the folder, and what is wrong with those that cannot be read."""
    found: dict[str, Checkpoint] = {}
    wrong: dict[str, str] = {}
    for path in store.newest_first(store.OWN)[:MOST_SHOWN]:
        try:
            found[path.name] = loaded.checkpoint(str(path))
        except CheckpointError as error:
            wrong[path.name] = str(error)
    return found, wrong


def _read_own(name: str) -> Own:
    path = store.OWN / uploads.clean_name(name)
    checkpoint = loaded.checkpoint(str(path))
    written, _, _ = store.stamp(path)
    return Own(checkpoint, _read_files(path), datetime.fromtimestamp(written / 1e9, UTC))


def _read_files(path: Path) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for ending in (TENSORS, TRAJECTORY, COPY):
        with suppress(OSError):
            files[ending] = beside(path, ending).read_bytes()
    return files


def _write_files(name: str, files: Mapping[str, bytes]) -> None:
    whole = {ending: files.get(ending) for ending in (TENSORS, TRAJECTORY, COPY)}
    try:
        whole_files.write_files(
            {beside(store.OWN / name, ending): content for ending, content in whole.items()}
        )
    except OSError as error:
        raise CheckpointError(
            f"{name}: could not be saved ({error.strerror or error}); free some space"
        ) from None


def _delete_files(name: str) -> None:
    try:
        for ending in (TENSORS, TRAJECTORY, COPY):  # the first one decides
            beside(store.OWN / uploads.clean_name(name), ending).unlink(missing_ok=True)
    except OSError as error:
        raise CheckpointError(f"{name}: could not be deleted ({error.strerror})") from None
