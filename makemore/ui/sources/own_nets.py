"""The nets of an own list as the jobs train them. Knows no page and no session."""

from collections.abc import Hashable

from torch import Generator

from makemore.checkpoints.shipped import SHIPPED
from makemore.data.examples import Dataset
from makemore.experiments.nets_of_lists import recipe_of
from makemore.jobs import Spec
from makemore.models import build
from makemore.training import step_cost

AT_ONCE = ("bigram", "bigram_nn")  # models that take no longer than a page may


def is_made_at_once(name: str) -> bool:
    """Whether it takes no waiting."""
    return SHIPPED[name].model in AT_ONCE


def recipe_key(name: str) -> Hashable:
    """Equal for shipped checkpoints that differ in their recipe alone: on an own list they are one net."""
    made = SHIPPED[name]
    return made.model, tuple(sorted(made.settings.items())), made.seed


def spec_of(name: str, dataset: Dataset) -> Spec:
    """The training of a net like this shipped one on a list: model, settings and seed are the same."""
    made = SHIPPED[name]
    recipe = recipe_of(name, dataset)
    return Spec.of(made.model, recipe, seed=made.seed, dataset=dataset, settings=made.settings)


def reckon_seconds(name: str, dataset: Dataset) -> float:
    """How long its training takes about, on a free core of a server."""
    spec = spec_of(name, dataset)
    net = build(spec.model, len(dataset.vocabulary), Generator(), dict(spec.settings))
    examples = dataset.examples(spec.recipe.trains_on, net.block_size)
    _, seconds = step_cost.cost(net, spec.recipe, examples)
    return spec.recipe.steps * seconds
