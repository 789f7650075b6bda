"""What is worked out once a checkpoint or list and kept for all visitors. Knows no page and no Streamlit."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import asdict
from functools import wraps
from threading import Lock
from typing import Concatenate, Generic, ParamSpec, TypeVar, cast
from weakref import WeakKeyDictionary

from makemore.checkpoints.store import Checkpoint
from makemore.data.examples import Dataset

P = ParamSpec("P")
T = TypeVar("T")


class _Entry(Generic[T]):
    """What one call gives; whoever asks while it is being worked out waits at the lock."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.made = False
        self.value: T | None = None


class _Shelf(Generic[T]):
    """At most so many values; the one that was asked for longest ago goes first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._entries: OrderedDict[Hashable, _Entry[T]] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of this key, made now if it is not there. What `make` raises is not kept."""
        with self._lock:
            entry = self._entries.setdefault(key, _Entry())
            self._entries.move_to_end(key)
        with entry.lock:
            if not entry.made:
                self._fill(key, entry, make)
            return cast(T, entry.value)

    def _fill(self, key: Hashable, entry: _Entry[T], make: Callable[[], T]) -> None:
        try:
            entry.value = make()
            entry.made = True
        finally:
            with self._lock:
                self._tidy(key, entry)

    def _tidy(self, key: Hashable, entry: _Entry[T]) -> None:
        """Put what was made last in the row and let the oldest go, or drop what could not be made."""
        if entry.made:
            self._entries[key] = entry
            self._entries.move_to_end(key)
        elif self._entries.get(key) is entry:
            del self._entries[key]
        done = [key for key, each in self._entries.items() if each.made]
        for old in done[: max(len(done) - self._most, 0)]:
            del self._entries[old]


def kept_per_checkpoint(
    *, most: int
) -> Callable[[Callable[Concatenate[Checkpoint, P], T]], Callable[Concatenate[Checkpoint, P], T]]:
    """Keep what a function of a checkpoint gives, for at most so many calls with different arguments.

    Checkpoints are told apart by all that is in them, so that one that was saved again under its name is
    another, and a copy under another name the same; lists by their text. All other arguments must be
    hashable. Several threads that ask at once get one and the same object: nobody may change it.
    """

    def keep(
        make: Callable[Concatenate[Checkpoint, P], T],
    ) -> Callable[Concatenate[Checkpoint, P], T]:
        shelf: _Shelf[T] = _Shelf(most)

        @wraps(make)
        def kept(checkpoint: Checkpoint, /, *args: P.args, **kwargs: P.kwargs) -> T:
            key = (identity(checkpoint), *map(_told_apart, args), *sorted(kwargs.items()))
            return shelf.get(key, lambda: make(checkpoint, *args, **kwargs))

        return kept

    return keep


_identities: WeakKeyDictionary[Checkpoint, str] = WeakKeyDictionary()


def identity(checkpoint: Checkpoint) -> str:
    """Tells checkpoints apart by all that anybody could have put into a file, but for its name.

    Anybody may upload the tensors of a shipped one under another alphabet, or with another trajectory.
    """
    if checkpoint not in _identities:
        said = json.dumps(asdict(checkpoint.metadata), sort_keys=True)
        told = hashlib.sha256(said.encode())
        tensors = checkpoint.trajectory.to_tensors() if checkpoint.trajectory else {}
        for name, tensor in sorted(tensors.items()):
            told.update(f"{name} {tuple(tensor.shape)} {tensor.dtype}".encode())
            told.update(tensor.contiguous().numpy().tobytes())
        _identities[checkpoint] = told.hexdigest()
    return _identities[checkpoint]


def kept_per_list(*, most: int) -> Callable[[Callable[[Dataset], T]], Callable[[Dataset], T]]:
    """The same for a function of a list."""

    def keep(make: Callable[[Dataset], T]) -> Callable[[Dataset], T]:
        shelf: _Shelf[T] = _Shelf(most)

        @wraps(make)
        def kept(dataset: Dataset, /) -> T:
            return shelf.get(_told_apart(dataset), lambda: make(dataset))

        return kept

    return keep


def _told_apart(value: Hashable) -> Hashable:
    """A list by its text and alphabet, so that what is kept of it does not keep all of it."""
    if isinstance(value, Dataset):
        return value.name_list.sha256, value.vocabulary.characters
    return value
