"""A visitor's own checkpoints made from files, for tests of pages. No tests here."""

from collections.abc import Mapping
from datetime import UTC, datetime

from makemore.checkpoints import store
from makemore.ui.kit.own_checkpoints import Own, Shelf

WHEN = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


def shelf(**named: Mapping[str, bytes]) -> Shelf:
    """A shelf of checkpoints, each by its files by ending."""
    kept = {}
    for name, files in named.items():
        read = store.loads(
            name,
            files[store.TENSORS],
            files.get(store.TRAJECTORY),
            files.get(store.COPY),
        )
        kept[name] = Own(read, dict(files), WHEN)
    return Shelf(kept)


def shipped_files(name: str) -> dict[str, bytes]:
    """The files of a shipped checkpoint by ending."""
    endings = (store.TENSORS, store.TRAJECTORY, store.COPY)
    return {ending: (store.FOLDER / f"{name}.{ending}").read_bytes() for ending in endings}
