"""Twenty names of a model over the list that is looked at, from the seed of the link. Draws nothing on a page."""

from makemore.inference import sampling
from makemore.models import LanguageModel
from makemore.ui.kit.chosen_list import ChosenList

COUNT, LONGEST = 20, 30
SEED, FIRST_SEED = "seed", 14  # of all that is drawn on the counting pages


def draw_names(model: LanguageModel, about: ChosenList, seed: int) -> list[str]:
    """Twenty names, the i-th from the same random numbers whatever the model.

    They stand beside those of other models, so each has a generator of its own: where the models
    differ in one letter, the rest of that name differs and no other name.
    """
    return sampling.sample_each(model, about.vocabulary, COUNT, seed=seed, max_length=LONGEST)
