"""What the name lab needs of the shipped models, begun as a server starts. Draws nothing."""

from contextlib import suppress

from makemore.lessons.name_lab.few_and_many import prepare_shares
from makemore.lessons.name_lab.name_rankings import prepare_rankings
from makemore.ui.kit.chosen_list import shipped_list
from makemore.ui.kit.side_by_side import course_models


def prepare_lab() -> None:
    """Have every name ranked and many sampled, beside whatever else goes on: some seconds of one core."""
    with suppress(ValueError):  # a damaged list or checkpoint is explained where it is asked for
        about = shipped_list()
        five = course_models(about, "five")
        prepare_rankings(about, five)
        prepare_shares(about, five)
        prepare_rankings(about, course_models(about, "all"))
