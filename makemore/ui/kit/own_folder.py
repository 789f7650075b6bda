"""Own checkpoints as files in checkpoints/own, of a server on a machine of one's own. Knows no session."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from makemore.checkpoints import store, uploads, whole_files
from makemore.checkpoints.checked_files import beside
from makemore.checkpoints.metadata import CheckpointError
from makemore.checkpoints.store import COPY, TENSORS, TRAJECTORY, Checkpoint
from makemore.ui.sources import loaded

ENDINGS = (TENSORS, TRAJECTORY, COPY)  # the first one decides whether there is a checkpoint
MOST_SHOWN = 40  # the newest


def read_folder() -> tuple[dict[str, Checkpoint], dict[str, str]]:
    """The checkpoints of the folder, the newest first, and what is wrong with those that cannot be read."""
    found: dict[str, Checkpoint] = {}
    wrong: dict[str, str] = {}
    for path in store.newest_first(store.OWN)[:MOST_SHOWN]:
        try:
            found[path.name] = loaded.checkpoint(str(path))
        except CheckpointError as error:
            wrong[path.name] = str(error)
    return found, wrong


def find_checkpoint(name: str) -> Checkpoint:
    """The one of this name. Raises CheckpointError."""
    return loaded.checkpoint(str(path_of(name)))


def stat_files(path: Path) -> tuple[datetime | None, int]:
    """When a checkpoint was written, None where there is none, and how many bytes its files are.

    Reads none of them.
    """
    there = []
    for ending in ENDINGS:
        with suppress(OSError):
            there.append(beside(path, ending).stat())
    if not there:
        return None, 0
    written = max(each.st_mtime for each in there)
    return datetime.fromtimestamp(written, UTC), sum(each.st_size for each in there)


def read_files(path: Path) -> dict[str, bytes]:
    """What is in its files, by their endings."""
    files: dict[str, bytes] = {}
    for ending in ENDINGS:
        with suppress(OSError):
            files[ending] = beside(path, ending).read_bytes()
    return files


def path_of(name: str) -> Path:
    """Where the files of the checkpoint of this name are, without ending."""
    return store.OWN / uploads.clean_name(name)


def write_files(name: str, files: Mapping[str, bytes]) -> None:
    """Write all that there are. Raises CheckpointError."""
    whole = {ending: files.get(ending) for ending in ENDINGS}
    try:
        whole_files.write_files(
            {beside(store.OWN / name, ending): content for ending, content in whole.items()}
        )
    except OSError as error:
        raise CheckpointError(
            f"{name}: could not be saved ({error.strerror or error}); free some space"
        ) from None


def delete_files(name: str) -> None:
    """Delete those that there are. Raises CheckpointError."""
    try:
        for ending in ENDINGS:
            beside(path_of(name), ending).unlink(missing_ok=True)
    except OSError as error:
        raise CheckpointError(f"{name}: could not be deleted ({error.strerror})") from None
