"""The visitor's own checkpoints: trained here or uploaded, in their session. Draws nothing.

With MAKEMORE_KEEP=1, on a machine of one's own, they are the files in checkpoints/own instead.
"""

import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from weakref import WeakSet

import streamlit as st

from makemore.checkpoints import store, uploads
from makemore.checkpoints.metadata import CheckpointError
from makemore.checkpoints.store import COPY, TENSORS, TRAJECTORY, Checkpoint
from makemore.ui.kit import own_folder

MOST, MOST_BYTES = 12, 48_000_000  # of one visitor
MOST_BYTES_OF_ALL = 600_000_000
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
        return own_folder.read_folder()[0]
    return {name: own.checkpoint for name, own in reversed(_shelf().kept.items())}


def unreadable_checkpoints() -> dict[str, str]:
    """What is wrong with the files in the folder that are no checkpoint."""
    return own_folder.read_folder()[1] if keeps_on_disk() else {}


def find_own(name: str) -> Own:
    """One of them with its files. Raises CheckpointError where it is no longer there."""
    if keeps_on_disk():
        return _read_own(name)
    if name not in _shelf().kept:
        raise _gone(name)
    return _shelf().kept[name]


def stat_own(name: str) -> tuple[datetime, int]:
    """When one of them came, and how many bytes its files are; reads none. Raises CheckpointError."""
    if not keeps_on_disk():
        own = find_own(name)
        return own.added, own.size
    written, size = own_folder.stat_files(own_folder.path_of(name))
    if written is None:
        raise _gone(name)
    return written, size


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
            own_folder.write_files(name, given)
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
        own_folder.write_files(new, own.files)
        own_folder.delete_files(old)
        return new
    renamed = {new: replace(own, checkpoint=replace(own.checkpoint, name=new))}
    shelf = _shelf()
    places = [(renamed if each == old else {each: own}) for each, own in shelf.kept.items()]
    shelf.kept = {name: own for place in places for name, own in place.items()}
    return new


def delete(name: str) -> None:
    """Let go of it; what is no longer there is gone already. Raises CheckpointError."""
    if keeps_on_disk():
        own_folder.delete_files(name)
    else:
        _shelf().kept.pop(name, None)


def packing(name: str) -> Callable[[], bytes]:
    """What zips its files; it may be called where the visitor's session is not at hand.

    Of a folder they are read only then. Raises CheckpointError.
    """
    if keeps_on_disk():
        return partial(_zip_folder, own_folder.path_of(name))
    return partial(uploads.zip_files, name, find_own(name).files)


def packing_of_shipped(name: str) -> Callable[[], bytes]:
    """What zips the files of a checkpoint that comes with the project. Raises CheckpointError."""
    return partial(_zip_folder, store.locate(name))


def _zip_folder(path: Path) -> bytes:
    return uploads.zip_files(path.name, own_folder.read_files(path))


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


def _gone(name: str) -> CheckpointError:
    return CheckpointError(f"{name} is no longer there; choose another checkpoint")


def _read_own(name: str) -> Own:
    added, _ = stat_own(name)
    files = own_folder.read_files(own_folder.path_of(name))
    return Own(own_folder.find_checkpoint(name), files, added)
