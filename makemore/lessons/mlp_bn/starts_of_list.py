"""Both starts for the list that is looked at. Knows which checkpoints they are, not what is shown of them."""

from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.sources.two_starts import PANELS, Starts


def starts_of(about: ChosenList) -> Starts:
    """The two nets trained on this list. Raises CheckpointError."""
    nets = about.checkpoints(tuple(PANELS.values()))
    return about.kept("starts", lambda: Starts(dict(zip(PANELS, nets, strict=True)), about.dataset))
