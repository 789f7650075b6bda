"""The net that stands on a list for a shipped one: that itself on the course's list, else one like it."""

from collections.abc import Mapping

from torch import Generator, Tensor

from makemore.by_hand import bigram_descent
from makemore.checkpoints import store
from makemore.checkpoints.shipped import SHIPPED
from makemore.checkpoints.store import COPY, TENSORS, TRAJECTORY, Checkpoint
from makemore.data.examples import Dataset, count_pairs, windows
from makemore.data.name_lists import NameList, load_names
from makemore.data.sample_lists import OWN_LISTS
from makemore.data.vocabulary import Vocabulary
from makemore.experiments import runs
from makemore.models import LanguageModel, build
from makemore.training.recipes import Recipe, recipe_for
from makemore.training.trainer import Trainer

RECIPE = "fast"
OWN = "own/"  # before the name of a checkpoint in checkpoints/own
LIST = "list/"  # before that of a shipped one: the net like it that is trained on the list itself


def net_of(key: str, names: NameList) -> Checkpoint:
    """The checkpoint of this key; for a shipped one and an own list what `train_like` makes.

    Raises CheckpointError.
    """
    if names.source in OWN_LISTS and not key.startswith((OWN, LIST)):
        key = f"{LIST}{key}"
    return find_net(key, names)


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


def find_net(key: str, names: NameList | None = None) -> Checkpoint:
    """The shipped checkpoint of this key, or for `own/NAME` the files of that name in checkpoints/own.

    For `list/NAME` what `train_like` makes of these names. Raises CheckpointError.
    """
    if key.startswith(LIST):
        assert names is not None
        return train_like(key.removeprefix(LIST), Dataset(names, Vocabulary.of(names.names)))
    return store.load(store.OWN / key.removeprefix(OWN) if key.startswith(OWN) else key)


def list_for(names: NameList, *nets: Checkpoint) -> NameList:
    """The list that all of these nets can be looked at on: this one, or the course's if they cannot read it."""
    letters = set().union(*names.names)
    reads = all(letters <= set(net.vocabulary.characters) for net in nets)
    return names if reads else load_names()


def list_of_claims(names: NameList, net: Checkpoint) -> NameList:
    """The list that the losses of a checkpoint are of, if that is this one or the course's; else as above."""
    course = load_names()
    of_course = net.metadata.data_sha256 == course.sha256
    return course if of_course else list_for(names, net)


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
