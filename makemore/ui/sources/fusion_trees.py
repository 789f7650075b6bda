"""The trees that are here, and what one of them makes of a name at a letter. Knows wavenets; draws nothing."""

import contextlib
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from makemore.checkpoints import store
from makemore.checkpoints.metadata import CheckpointError
from makemore.checkpoints.shipped import SHIPPED
from makemore.checkpoints.store import OWN, Checkpoint
from makemore.data.examples import windows
from makemore.data.vocabulary import DOT
from makemore.diagnostics.trees import fusion_tree
from makemore.diagnostics.trees.fusion_tree import Tree, Worth
from makemore.inference import ablation, evaluation, fragments, tree_nodes
from makemore.inference.fragments import Fragments
from makemore.models import LayeredModel
from makemore.models.wavenet import WaveNet
from makemore.ui.sources import loaded
from makemore.ui.sources.kept import kept_per_checkpoint

LARGEST = "wavenet"  # of the course's trees; the one to begin with
LOOKS = 512  # of all visitors together that are kept
MOST_OWN = 5  # of the checkpoints trained here, the newest


@dataclass(frozen=True, eq=False)
class Look:
    """A net at one letter of a name; the same object for everybody who looks there.

    context: the letters in view. target: the letter that comes. probabilities: (vocab,).
    contexts: (1, block). worth: by (level, position), in nats; see ablation.worth.
    """

    context: str
    target: str
    probabilities: Tensor
    contexts: Tensor
    worth: Worth
    tree: Tree


def trees_by_size() -> dict[str, dict[str, str]]:
    """Every tree that can be opened, by the number of letters that it sees: name -> label."""
    labels = {name: SHIPPED[name].label for name in shipped_trees()} | _own()
    found: dict[str, dict[str, str]] = {}
    for name, label in labels.items():
        found.setdefault(str(wavenet_of(loaded.checkpoint(name)).block_size), {})[name] = label
    return {letters: found[letters] for letters in sorted(found, key=int)}


def _own() -> dict[str, str]:
    """The newest trees in the folder of one's own that can be opened and are over the same alphabet."""
    found: dict[str, str] = {}
    paths = [path for path in OWN.glob("*.json") if path.is_file()]
    for path in sorted(paths, key=lambda path: -path.stat().st_mtime):
        with contextlib.suppress(CheckpointError):  # a file that is none is no reason to fail here
            about, name = store.read_metadata(path), str(path.with_suffix(""))
            fits = about.vocabulary == loaded.vocabulary().characters
            if about.model == WaveNet.name and fits and len(found) < MOST_OWN:
                loaded.checkpoint(name)  # the weights may be damaged all the same
                found[name] = f"Own: {path.stem}"
    return found


def shipped_trees() -> list[str]:
    """The names of the trees that come with the project, the largest of the course's first."""
    names = [name for name in loaded.present(tuple(SHIPPED)) if SHIPPED[name].model == WaveNet.name]
    return sorted(names, key=lambda name: name != LARGEST)


def wavenet_of(checkpoint: Checkpoint) -> WaveNet:
    """The net of a checkpoint that is known to hold a tree."""
    assert isinstance(checkpoint.model, WaveNet)
    return checkpoint.model


@kept_per_checkpoint(most=12)
def fragments_of(checkpoint: Checkpoint) -> list[Fragments]:
    """Every distinct fragment of the train names with its node."""
    net = wavenet_of(checkpoint)
    examples = loaded.dataset().examples("train", net.block_size)
    return fragments.fragments(net, examples, checkpoint.vocabulary)


@kept_per_checkpoint(most=12)
def _mean_letter(checkpoint: Checkpoint) -> Tensor:
    """(embedding,): the mean over all letters of the train names."""
    net = _layered(checkpoint)
    return ablation.mean_letter(net, loaded.dataset().examples("train", net.block_size))


def _layered(checkpoint: Checkpoint) -> LayeredModel:
    assert isinstance(checkpoint.model, LayeredModel)
    return checkpoint.model


@lru_cache(maxsize=LOOKS)
def look_at_tree(checkpoint: Checkpoint, name: str, at: int) -> Look:
    """The tree over the letters before letter number `at` (from 0) of the name."""
    net, (contexts, target) = wavenet_of(checkpoint), _example(checkpoint, name, at)
    levels = [each[0] for each in tree_nodes.nodes(net, contexts)]
    worth = ablation.worth(net, contexts[0], target, fragments_of(checkpoint))
    return _build_look(checkpoint, contexts, target, levels, worth)


@lru_cache(maxsize=LOOKS)
def look_at_flat_net(checkpoint: Checkpoint, name: str, at: int) -> Look:
    """The same for a flat net with one hidden layer: a tree of one node."""
    net, (contexts, target) = checkpoint.model, _example(checkpoint, name, at)
    with evaluation.eval_mode(net):
        hidden = _hidden(net, contexts)
        whole = net(contexts).log_softmax(dim=1)[0, target]
        *_, last = net.get_submodule("layers").children()
        even = last(_mean_hidden(checkpoint)[None])
        lost = float(whole - even.log_softmax(dim=1)[0, target])
    return _build_look(checkpoint, contexts, target, [hidden], {(1, 1): lost})


def _hidden(net: torch.nn.Module, contexts: Tensor) -> Tensor:
    x = contexts
    for layer in list(net.get_submodule("layers").children())[:-1]:
        x = layer(x)
    return x


@kept_per_checkpoint(most=4)
def _mean_hidden(checkpoint: Checkpoint) -> Tensor:
    """(hidden,): the mean over all contexts of the train names."""
    net = checkpoint.model
    tally = loaded.dataset().examples("train", net.block_size).tally
    counts = tally.weights.float()
    with evaluation.eval_mode(net):
        return counts @ _hidden(net, tally.contexts) / counts.sum()


def _example(checkpoint: Checkpoint, name: str, at: int) -> tuple[Tensor, int]:
    examples = windows((name,), checkpoint.vocabulary, checkpoint.model.block_size)
    return examples.contexts[at : at + 1], int(examples.targets[at])


def _build_look(
    checkpoint: Checkpoint, contexts: Tensor, target: int, levels: list[Tensor], worth: Worth
) -> Look:
    net, vocabulary = _layered(checkpoint), checkpoint.vocabulary
    letters = ablation.letters_worth(net, contexts[0], target, _mean_letter(checkpoint))
    worth = {**worth, **{(0, i): lost for i, lost in enumerate(letters, 1)}}
    context = vocabulary.decode(contexts[0].tolist())
    probabilities = evaluation.log_probabilities(net, contexts)[0].exp()
    tree = fusion_tree.tree(context, levels, worth)
    return Look(
        context=context,
        target=vocabulary.letters[target],
        probabilities=probabilities,
        contexts=contexts,
        worth=worth,
        tree=tree,
    )


def targets_of(name: str) -> str:
    """The letters that are to be guessed: those of the name, and the dot that ends it."""
    return name + DOT
