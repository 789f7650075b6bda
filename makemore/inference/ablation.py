"""What each node of a tree is worth, and which fragments of the data it reacts to alike. Trains nothing."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from makemore.data.examples import Examples, count
from makemore.data.vocabulary import Vocabulary
from makemore.inference.distinct_nodes import Planner, planned_logits, understands
from makemore.inference.evaluation import eval_mode
from makemore.layers import Embedding
from makemore.models import LayeredModel
from makemore.models.wavenet import WaveNet


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
    if model.config.residual or model.config.reduce == "batch" or not understands(model):
        return _fragments_by_window(model, examples, vocabulary)
    plan, letters = Planner(examples, model).everything(), list(vocabulary.letters)
    seen: list[Tensor] = []
    with eval_mode(model), ExitStack() as stack:
        for level in range(1, model.levels + 1):
            stack.enter_context(_watched(level_layer(model, level), seen.append))
        planned_logits(model, plan)
    found = []
    for level, (part, activations) in enumerate(zip(plan.levels, seen, strict=True), 1):
        letters = ["".join(letters[child] for child in row) for row in part.children.tolist()]
        found.append(_counted(level, letters, part.counts.long(), activations.clone()))
    return found


def _fragments_by_window(
    model: WaveNet, examples: Examples, vocabulary: Vocabulary
) -> list[Fragments]:
    """The slow way, for trees whose nodes are more than the layers that a plan walks through."""
    found = []
    for level in range(1, model.levels + 1):
        span = 2**level
        pieces = examples.contexts.view(-1, span)
        tally = count(Examples(pieces, torch.zeros(len(pieces), dtype=torch.int64)))
        # A fragment is the newest part of a window whose other part plays no role for its node.
        windows = torch.zeros(len(tally.contexts), model.block_size, dtype=torch.int64)
        windows[:, -span:] = tally.contexts
        letters = [vocabulary.decode(row) for row in tally.contexts.tolist()]
        counts = tally.counts  # without targets: one count a context
        found.append(_counted(level, letters, counts, node(model, windows, level)))
    return found


def _counted(level: int, letters: list[str], counts: Tensor, activations: Tensor) -> Fragments:
    mean = (counts.double() @ activations.double() / counts.sum()).float()
    return Fragments(level, tuple(letters), counts, activations, mean)


def nodes(model: WaveNet, contexts: Tensor) -> list[Tensor]:
    """(n, block) -> for each level (n, nodes, features), in eval mode."""
    seen: list[Tensor] = []
    with eval_mode(model), ExitStack() as stack:
        for level in range(1, model.levels + 1):
            stack.enter_context(_watched(level_layer(model, level), seen.append))
        model(contexts)
    return [each.reshape(len(contexts), -1, each.shape[-1]).clone() for each in seen]


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
    order = distances.topk(min(n, len(distances)), largest=False).indices.tolist()
    return [(found.letters[i], int(found.counts[i]), float(distances[i])) for i in order]


def level_layer(model: WaveNet, level: int) -> nn.Module:
    """The layer that the nodes of a level come out of. Raises ValueError for a level that is not there."""
    if not 1 <= level <= model.levels:
        raise ValueError(f"no level {level}; the tree has {model.levels}")
    return model.level_outputs[level - 1]


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


def mean_letter(model: LayeredModel, examples: Examples) -> Tensor:
    """(embedding,): the mean row of the embedding over all letters of all contexts."""
    table = _embedding(model).weight.detach()
    counts = torch.bincount(examples.contexts.flatten(), minlength=len(table))
    return (counts.double() @ table.double() / counts.sum()).float()


def letters_worth(model: LayeredModel, context: Tensor, target: int, mean: Tensor) -> list[float]:
    """What the prediction loses when a letter is replaced by the mean letter, for each of (block,).

    In nats of the log probability of `target`, as in `worth`; also for a flat net.
    """

    def without_one_each(output: Tensor) -> Tensor:
        """Example i goes without letter i; the last one is whole."""
        rows = output.clone()
        rows[:-1].diagonal(dim1=0, dim2=1).copy_(mean[:, None])
        return rows

    with eval_mode(model), _watched(_embedding(model), without_one_each):
        every = model(context.expand(len(context) + 1, -1)).log_softmax(dim=1)[:, target]
    lost: list[float] = (every[-1] - every[:-1]).tolist()
    return lost


def _embedding(model: LayeredModel) -> Embedding:
    first = next(iter(model.layers))
    assert isinstance(first, Embedding)
    return first
