"""Twenty names of a model over the list that is looked at, from the seed of the link. Draws nothing on a page."""

from makemore.inference import sampling
from makemore.models import LanguageModel
from makemore.ui.kit.own_list import Subject

COUNT, LONGEST = 20, 30
SEED, FIRST_SEED = "seed", 14  # of all that is drawn on the counting pages


def draw_names(model: LanguageModel, about: Subject, seed: int) -> list[str]:
    """Twenty names."""
    return sampling.sample(model, about.vocabulary, COUNT, seed=seed, max_length=LONGEST)
