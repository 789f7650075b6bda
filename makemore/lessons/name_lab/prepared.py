"""What the name lab needs of the shipped models, begun as a server starts. Draws nothing."""

from contextlib import suppress

from makemore.lessons.name_lab.name_rankings import prepare_rankings
from makemore.ui.kit.chosen_list import shipped_list
from makemore.ui.kit.side_by_side import course_models


def prepare_lab() -> None:
    """Have every name ranked by the five that the first view shows: some seconds of one core, beside the rest."""
    with suppress(ValueError):  # a damaged list or checkpoint is explained where it is asked for
        about = shipped_list()
        prepare_rankings(about, course_models(about, "five"))
