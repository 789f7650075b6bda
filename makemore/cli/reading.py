"""Reads what a command is about: a name list, a checkpoint. Prints nothing but warnings."""

from pathlib import Path

from makemore.checkpoints import store
from makemore.checkpoints.metadata import CheckpointError
from makemore.checkpoints.store import Checkpoint
from makemore.cli.terminal import warn
from makemore.data import name_lists
from makemore.data.examples import Dataset
from makemore.data.name_lists import NameList

ENDINGS = (".json", ".safetensors", ".trajectory.safetensors")  # of the parts of a checkpoint


def load_names(file: Path | None = None) -> NameList:
    """The list to work with, that of the file if one is named; what is wrong with it is said first."""
    found = name_lists.read_names(file) if file else name_lists.load_names()
    if found.warning:
        warn(found.warning)
    return found


def load_checkpoint(where: str) -> Checkpoint:
    """The checkpoint of this name or path. Raises CheckpointError, also for parts that are no files."""
    path = store.locate(where)
    for part in (path.with_name(path.name + ending) for ending in ENDINGS):
        if part.exists() and not part.is_file():  # reading it might never end
            raise CheckpointError(f"{part}: not a file; name a checkpoint")
    return store.load(where)


def lacking(checkpoint: Checkpoint, names: NameList) -> str:
    """The letters of the list that the checkpoint does not know."""
    return "".join(sorted(set("".join(names.names)) - set(checkpoint.vocabulary.characters)))


def dataset_for(checkpoint: Checkpoint, names: NameList) -> Dataset:
    """The list in the checkpoint's alphabet. Raises CheckpointError where that lacks a letter of it."""
    if lacks := lacking(checkpoint, names):
        raise CheckpointError(
            f"{checkpoint.name} does not know {' '.join(lacks[:20])} of {names.label}; name a list in its "
            "letters with --names FILE"
        )
    return Dataset(names, checkpoint.vocabulary)
