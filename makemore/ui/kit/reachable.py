"""Every checkpoint within a visitor's reach by its key, and how each is called. Draws nothing."""

from makemore.checkpoints.shipped import FIVE, SHIPPED
from makemore.checkpoints.store import Checkpoint
from makemore.experiments.nets_of_lists import LIST, OWN
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.own_checkpoints import own_checkpoints
from makemore.ui.sources import loaded, own_nets

__all__ = ["LIST", "OWN", "label_of", "nets_of_list", "within_reach"]


def within_reach(about: ChosenList | None = None) -> dict[str, Checkpoint]:
    """The shipped checkpoints, as the table of them orders them, and then the visitor's own, by key.

    With `about` the nets that were trained on that list, if it is an own one, stand between them.
    """
    shipped = {name: loaded.checkpoint(name) for name in loaded.present(tuple(SHIPPED))}
    own = {f"{OWN}{name}": checkpoint for name, checkpoint in own_checkpoints().items()}
    return shipped | (nets_of_list(about) if about else {}) | own


def nets_of_list(about: ChosenList) -> dict[str, Checkpoint]:
    """The nets that were trained on an own list, and those that take no waiting, by key; each once."""
    if not about.own:
        return {}
    about.missing(own_nets.AT_ONCE)  # which makes them
    there = about.trained((*FIVE, *SHIPPED))
    first: dict[int, str] = {}
    for name, net in there.items():
        first.setdefault(id(net), name)
    return {f"{LIST}{name}": there[name] for name in SHIPPED if name in first.values()}


def label_of(key: str) -> str:
    """How the checkpoint of this key is called in a list."""
    if key.startswith(OWN):
        return f"{key.removeprefix(OWN)} (own)"
    if key.startswith(LIST):
        return f"{label_of(key.removeprefix(LIST))} (your list)"
    return SHIPPED[key].label if key in SHIPPED else key
