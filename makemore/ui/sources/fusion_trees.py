"""The trees that are here, and what one of them makes of a name at a letter. Knows wavenets; draws nothing."""

from dataclasses import dataclass
from functools import cached_property

from torch import Tensor

from makemore.checkpoints.shipped import SHIPPED
from makemore.checkpoints.store import Checkpoint
from makemore.data.examples import Dataset, windows
from makemore.data.vocabulary import DOT
from makemore.diagnostics.trees import fusion_tree
from makemore.diagnostics.trees.fusion_tree import Tree, Worth
from makemore.inference import ablation, evaluation, substrings, tree_nodes
from makemore.inference.substrings import Substrings
from makemore.models import LayeredModel
from makemore.models.wavenet import WaveNet
from makemore.ui.sources import loaded
from makemore.ui.sources.kept import kept_per_checkpoint

LARGEST = "wavenet"  # of the course's trees; the one to begin with
LOOKS = 512  # of all visitors together that are kept


@dataclass(frozen=True, eq=False)
class Look:
    """A net at one letter of a name; the same object for everybody who looks there.

    context: the letters in view. target: the letter that comes. probabilities: (vocab,). worth: by
    (level, position), letters at level 0, in nats; see ablation.worth.
    """

    context: str
    target: str
    probabilities: Tensor
    worth: Worth
    tree: Tree

    @cached_property
    def letters(self) -> dict[str, str]:
        """What each node sees, by its name, in the order of the tree."""
        nodes = self.tree.nodes
        return dict(zip(nodes["node"].tolist(), nodes["letters"].tolist(), strict=True))


def shipped_trees() -> list[str]:
    """The names of the trees that come with the project, the largest of the course's first."""
    names = [name for name in loaded.present(tuple(SHIPPED)) if SHIPPED[name].model == WaveNet.name]
    return sorted(names, key=lambda name: name != LARGEST)


def wavenet_of(checkpoint: Checkpoint) -> WaveNet:
    """The net of a checkpoint that is known to hold a tree."""
    assert isinstance(checkpoint.model, WaveNet)
    return checkpoint.model


@kept_per_checkpoint(most=12)
def substrings_of(checkpoint: Checkpoint, dataset: Dataset) -> list[Substrings]:
    """Every distinct substring of the train names with its node."""
    net = wavenet_of(checkpoint)
    examples = dataset.examples("train", net.block_size)
    return substrings.substrings(net, examples, checkpoint.vocabulary)


@kept_per_checkpoint(most=16)
def position_means_of(checkpoint: Checkpoint, dataset: Dataset) -> list[Tensor]:
    """The mean of each node and letter over the train names, position by position."""
    net = _layered(checkpoint)
    return ablation.position_means(net, dataset.examples("train", net.block_size))


def _layered(checkpoint: Checkpoint) -> LayeredModel:
    assert isinstance(checkpoint.model, LayeredModel)
    return checkpoint.model


@kept_per_checkpoint(most=LOOKS)
def look_at_net(checkpoint: Checkpoint, dataset: Dataset, name: str, at: int) -> Look:
    """The tree over the letters before letter number `at` (from 0) of the name; a flat net is one node."""
    net, vocabulary = _layered(checkpoint), checkpoint.vocabulary
    examples = windows((name,), vocabulary, net.block_size)
    contexts, target = examples.contexts[at : at + 1], int(examples.targets[at])
    worth = ablation.worth(net, contexts[0], target, position_means_of(checkpoint, dataset))
    context = vocabulary.decode(contexts[0].tolist())
    return Look(
        context=context,
        target=vocabulary.letters[target],
        probabilities=evaluation.log_probabilities(net, contexts)[0].exp(),
        worth=worth,
        tree=fusion_tree.tree(
            context, [each[0] for each in tree_nodes.nodes(net, contexts)], worth
        ),
    )


def targets_of(name: str) -> str:
    """The letters that are to be guessed: those of the name, and the dot that ends it."""
    return name + DOT
