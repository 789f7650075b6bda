"""The net that stands on a list for a shipped one: that itself on the course's list, else one like it."""

from collections.abc import Mapping

from torch import Generator, Tensor

from makemore.by_hand import bigram_descent
from makemore.checkpoints import store
from makemore.checkpoints.shipped import SHIPPED
from makemore.checkpoints.store import COPY, TENSORS, TRAJECTORY, Checkpoint
from makemore.data.examples import Dataset, count_pairs, windows
from makemore.data.name_lists import NameList
from makemore.data.sample_lists import OWN_LISTS
from makemore.data.vocabulary import Vocabulary
from makemore.experiments import runs
from makemore.models import LanguageModel, build
from makemore.training.recipes import Recipe, recipe_for
from makemore.training.trainer import Trainer

RECIPE = "fast"
OWN = "own/"  # before the name of a checkpoint in checkpoints/own


def net_of(key: str, names: NameList) -> Checkpoint:
    """The checkpoint of this key; for a shipped one and an own list what `train_like` makes.

    Raises CheckpointError.
    """
    if names.source in OWN_LISTS and not key.startswith(OWN):
        return train_like(key, Dataset(names, Vocabulary.of(names.names)))
    return find_net(key)


def pair_net(names: NameList) -> LanguageModel:
    """The bigram as a net: the shipped one; for an own list one that is fitted to its pairs at once.

    Raises CheckpointError.
    """
    if names.source not in OWN_LISTS:
        return find_net("bigram_nn").model
    vocabulary = Vocabulary.of(names.names)
    counts = count_pairs(windows(names.names, vocabulary, 1), len(vocabulary))
    return net_with_logits(bigram_descent.fitted(counts, seed=bigram_descent.LECTURE_SEED))


def net_with_logits(W: Tensor) -> LanguageModel:
    """The bigram as a net that has these logits (vocab, vocab)."""
    net = build("bigram_nn", len(W), Generator())
    net.load_state_dict({"layers.W.weight": W.float()})
    return net


def find_net(key: str) -> Checkpoint:
    """The shipped checkpoint of this key, or for `own/NAME` the files of that name in checkpoints/own.

    Raises CheckpointError.
    """
    return store.load(store.OWN / key.removeprefix(OWN) if key.startswith(OWN) else key)


def recipe_of(key: str, dataset: Dataset) -> Recipe:
    """How a net like this shipped one is trained on a list."""
    recipe = recipe_for(RECIPE, SHIPPED[key].model)
    return recipe.for_examples(dataset.sizes[recipe.trains_on])


def train_like(key: str, dataset: Dataset) -> Checkpoint:
    """A net like this shipped one, trained on a list now: model, settings and seed are the same."""
    made, recipe = SHIPPED[key], recipe_of(key, dataset)
    trainer = Trainer.start(
        made.model, dataset, recipe, seed=made.seed, settings=dict(made.settings)
    )
    return unpack(key, runs.pack(runs.run(trainer, made.seed, evaluate_every=recipe.steps), key))


def unpack(name: str, files: Mapping[str, bytes | None]) -> Checkpoint:
    """The checkpoint that these files are. Raises CheckpointError."""
    content = files[TENSORS]
    assert content is not None
    return store.loads(name, content, files.get(TRAJECTORY), files.get(COPY))
