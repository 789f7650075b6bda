"""What each node of a tree is worth, and which fragments of the data it reacts to alike. Trains nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from makemore.data import Examples, count
from makemore.evaluation import eval_mode
from makemore.models.wavenet import WaveNet
from makemore.vocabulary import Vocabulary


@dataclass(frozen=True)
class Fragments:
    """All distinct fragments of 2**level letters in the data, at one level of a tree.

    letters: one string a fragment. counts: (n,) how often it occurs. activations: (n, features).
    mean: (features,) of the activations, weighted by the counts.
    """

    level: int
    letters: tuple[str, ...]
    counts: Tensor
    activations: Tensor
    mean: Tensor


def fragments(model: WaveNet, examples: Examples, vocabulary: Vocabulary) -> list[Fragments]:
    """Every level's fragments, from the pairs up; each distinct one is computed once."""
    found = []
    for level in range(1, model.levels + 1):
        span = 2**level
        pieces = examples.contexts.view(-1, span)
        tally = count(Examples(pieces, torch.zeros(len(pieces), dtype=torch.int64)))
        distinct, counts = tally.contexts, tally.counts  # without targets: one count a context
        # A fragment is the newest part of a window whose other part plays no role for its node.
        windows = torch.zeros(len(distinct), model.block_size, dtype=torch.int64)
        windows[:, -span:] = distinct
        activations = node(model, windows, level)
        mean = (counts.double() @ activations.double() / counts.sum()).float()
        letters = tuple(vocabulary.decode(row) for row in distinct.tolist())
        found.append(Fragments(level, letters, counts, activations, mean))
    return found


def node(model: WaveNet, contexts: Tensor, level: int) -> Tensor:
    """(n, block) -> (n, features): the newest node of a level, in eval mode."""
    seen: list[Tensor] = []
    with eval_mode(model), _watched(level_layer(model, level), seen.append):
        model(contexts)
    return seen[0][:, -1].clone() if seen[0].dim() == 3 else seen[0].clone()


def nearest(found: Fragments, activation: Tensor, n: int = 8) -> list[tuple[str, int, float]]:
    """The n fragments whose node lies nearest to this activation (features,).

    Each with its letters, how often it occurs, and the distance (Euclidean).
    """
    distances = (found.activations - activation).norm(dim=1)
    order = distances.argsort()[:n].tolist()
    return [(found.letters[i], int(found.counts[i]), float(distances[i])) for i in order]


def level_layer(model: WaveNet, level: int) -> nn.Module:
    """The layer that the nodes of a level come out of. Raises ValueError for a level that is not there."""
    found: dict[str, nn.Module] = {}
    for path, layer in model.layers.named_modules():
        found[path.split(".")[-1]] = layer
    for kind in ("node", "gate", "tanh"):  # a residual level ends in its sum
        if f"{kind}{level}" in found:
            return found[f"{kind}{level}"]
    raise ValueError(f"no level {level}; the tree has {model.levels}")


@contextmanager
def _watched(layer: nn.Module, change: Callable[[Tensor], Tensor | None]) -> Iterator[None]:
    """While open, `change` sees each output of the layer and may give another in its place."""
    handle = layer.register_forward_hook(lambda _layer, _inputs, output: change(output))
    try:
        yield
    finally:
        handle.remove()


def worth(
    model: WaveNet, context: Tensor, target: int, found: list[Fragments]
) -> dict[tuple[int, int], float]:
    """What the prediction loses when a node is replaced by its mean over the data.

    context: (block,) ids; target: the id that came next. Returns by (level, position from 1) the
    log probability of the target lost, in nats; below zero if the mean would have done better.
    """
    with eval_mode(model):
        whole = model(context[None]).log_softmax(dim=1)[0, target]
        lost = {}
        for level, those in enumerate(found, 1):
            width = model.block_size // 2**level

            def without_one_each(output: Tensor, mean: Tensor = those.mean) -> Tensor:
                """Example i goes without node i."""
                nodes = output.clone().view(len(output), len(output), -1)
                nodes.diagonal(dim1=0, dim2=1).copy_(mean[:, None])
                return nodes.view(output.shape)

            with _watched(level_layer(model, level), without_one_each):
                changed = model(context.expand(width, -1)).log_softmax(dim=1)[:, target]
            for i in range(width):
                lost[level, i + 1] = float(whole - changed[i])
    return lost
