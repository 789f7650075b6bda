"""Loads what pages show, once for all visitors. Knows no page and no chart."""

from functools import cache, lru_cache
from pathlib import Path
from time import monotonic

from makemore.checkpoints import store
from makemore.checkpoints.metadata import CheckpointError
from makemore.checkpoints.store import Checkpoint
from makemore.data import name_lists
from makemore.data.examples import Dataset
from makemore.data.name_lists import NameList
from makemore.data.vocabulary import Vocabulary

FRESH = (
    0.5  # seconds for which a file is taken to be as it was: a run of a page asks dozens of times
)


@cache
def name_list() -> NameList:
    """The names that everything on the pages is about. Raises NameListError."""
    return name_lists.load_names()


@cache
def dataset() -> Dataset:
    """These names split, over the alphabet of the shipped checkpoints where it fits."""
    known = vocabulary()
    fits = set("".join(name_list().names)) <= set(known.characters)
    return Dataset(name_list(), known if fits else None)


def vocabulary() -> Vocabulary:
    """The alphabet that the shipped checkpoints know. Raises CheckpointError if none can be read."""
    if can_be_read("bigram"):
        return checkpoint("bigram").vocabulary
    return checkpoint(next(filter(can_be_read, store.shipped()), "bigram")).vocabulary


def checkpoint(name: str) -> Checkpoint:
    """A shipped checkpoint, shared: read it, never change it. Raises CheckpointError."""
    found = _checkpoint(name, _stamp(name))
    if isinstance(found, CheckpointError):
        raise CheckpointError(str(found))
    return found


_stamps: dict[
    tuple[Path, str], tuple[float, tuple[int, ...]]
] = {}  # when it was asked for, and what it was


def _stamp(name: str) -> tuple[int, ...]:
    """That of the file now or a moment ago. Raises CheckpointError."""
    now, key = monotonic(), (store.FOLDER, name)
    asked, found = _stamps.get(key, (0.0, ()))
    if not found or now - asked > FRESH:
        found = store.stamp(name)
        _stamps[key] = now, found
    return found


# Streamlit's own cache would take longer to look up than all else that a page does with it.
@lru_cache(maxsize=64)
def _checkpoint(name: str, stamp: tuple[int, ...]) -> Checkpoint | CheckpointError:
    """Read again when its file is replaced; what is wrong with a damaged one is kept, too."""
    try:
        return store.load(name)
    except CheckpointError as error:
        return error


def present(wanted: tuple[str, ...]) -> list[str]:
    """Those of the wanted checkpoints that are there and can be read, in the wanted order."""
    return [name for name in wanted if can_be_read(name)]


def can_be_read(name: str) -> bool:
    """Whether a checkpoint can be loaded, or has been."""
    try:
        checkpoint(name)
    except CheckpointError:
        return False
    return True
