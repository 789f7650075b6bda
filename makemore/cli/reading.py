"""Reads what a command is about: a name list, a checkpoint. Prints nothing but warnings."""

from makemore.checkpoints import store
from makemore.checkpoints.metadata import CheckpointError
from makemore.checkpoints.store import Checkpoint
from makemore.cli.terminal import warn
from makemore.data import name_lists
from makemore.data.name_lists import NameList

ENDINGS = (".json", ".safetensors", ".trajectory.safetensors")  # of the parts of a checkpoint


def load_names() -> NameList:
    """The list to work with; what is wrong with it is said before anything is made from it."""
    found = name_lists.load_names()
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
