"""The nets of an own list: like the shipped ones, trained by the recipe `fast`. Knows no page and no session."""

from collections.abc import Hashable, Mapping

from torch import Generator

from makemore.checkpoints import store
from makemore.checkpoints.shipped import SHIPPED
from makemore.checkpoints.store import COPY, TENSORS, TRAJECTORY, Checkpoint
from makemore.data.examples import Dataset
from makemore.experiments import runs
from makemore.jobs import Spec
from makemore.models import build
from makemore.training import step_cost
from makemore.training.recipes import recipe_for
from makemore.training.trainer import Trainer

RECIPE = "fast"
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
    recipe = recipe_for(RECIPE, made.model)
    recipe = recipe.for_examples(dataset.sizes[recipe.trains_on])
    return Spec.of(made.model, recipe, seed=made.seed, dataset=dataset, settings=made.settings)


def make_at_once(name: str, dataset: Dataset) -> Checkpoint:
    """Train it here and now."""
    spec = spec_of(name, dataset)
    trainer = Trainer.start(
        spec.model, dataset, spec.recipe, seed=spec.seed, settings=dict(spec.settings)
    )
    finished = runs.run(trainer, spec.seed, evaluate_every=spec.recipe.steps)
    return unpack(name, runs.pack(finished, name))


def unpack(name: str, files: Mapping[str, bytes | None]) -> Checkpoint:
    """The checkpoint that these files are. Raises CheckpointError."""
    content = files[TENSORS]
    assert content is not None
    return store.loads(name, content, files.get(TRAJECTORY), files.get(COPY))


def reckon_seconds(name: str, dataset: Dataset) -> float:
    """How long its training takes about, on a free core of a server."""
    spec = spec_of(name, dataset)
    net = build(spec.model, len(dataset.vocabulary), Generator(), dict(spec.settings))
    examples = dataset.examples(spec.recipe.trains_on, net.block_size)
    _, seconds = step_cost.cost(net, spec.recipe, examples)
    return spec.recipe.steps * seconds
