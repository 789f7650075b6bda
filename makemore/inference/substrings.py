"""Every distinct substring of the data with its node, and which lie nearest to one. Trains nothing."""

from dataclasses import dataclass

import torch
from torch import Tensor

from makemore.data.examples import Examples, count
from makemore.data.vocabulary import Vocabulary
from makemore.inference.distinct_nodes import Planner
from makemore.inference.evaluation import eval_mode
from makemore.inference.planned_forward import planned_logits
from makemore.inference.tree_nodes import node, watch_levels
from makemore.inference.understood import understands
from makemore.models.wavenet import WaveNet


@dataclass(frozen=True)
class Substrings:
    """All distinct substrings of 2**level letters in the data, at one level of a tree.

    letters: one string a substring. counts: (n,) how often it occurs, wherever a node of the level
    stands. activations: (n, features).
    """

    level: int
    letters: tuple[str, ...]
    counts: Tensor
    activations: Tensor


def substrings(model: WaveNet, examples: Examples, vocabulary: Vocabulary) -> list[Substrings]:
    """Every level's substrings, from the pairs up; each distinct one is computed once."""
    if model.config.residual or model.config.reduce == "batch" or not understands(model):
        return _substrings_by_window(model, examples, vocabulary)
    plan, letters = Planner(examples, model).everything(), list(vocabulary.letters)
    seen: list[Tensor] = []
    with eval_mode(model), watch_levels(model, seen.append):
        planned_logits(model, plan)
    found = []
    for level, (part, activations) in enumerate(zip(plan.levels, seen, strict=True), 1):
        letters = ["".join(letters[child] for child in row) for row in part.children.tolist()]
        found.append(Substrings(level, tuple(letters), part.counts.long(), activations.clone()))
    return found


def _substrings_by_window(
    model: WaveNet, examples: Examples, vocabulary: Vocabulary
) -> list[Substrings]:
    """The slow way, for trees whose nodes are more than the layers that a plan walks through."""
    found = []
    for level in range(1, model.levels + 1):
        span = 2**level
        pieces = examples.contexts.view(-1, span)
        tally = count(Examples(pieces, torch.zeros(len(pieces), dtype=torch.int64)))
        # A substring is the newest part of a window whose other part plays no role for its node.
        windows = torch.zeros(len(tally.contexts), model.block_size, dtype=torch.int64)
        windows[:, -span:] = tally.contexts
        letters = [vocabulary.decode(row) for row in tally.contexts.tolist()]
        counts = tally.counts  # without targets: one count a context
        found.append(Substrings(level, tuple(letters), counts, node(model, windows, level)))
    return found


def nearest(found: Substrings, activation: Tensor, n: int = 8) -> list[tuple[str, int, float]]:
    """The n substrings whose node lies nearest to this activation (features,).

    Each with its letters, how often it occurs, and the distance (Euclidean).
    """
    distances = (found.activations - activation).norm(dim=1)
    order = distances.topk(min(n, len(distances)), largest=False).indices.tolist()
    return [(found.letters[i], int(found.counts[i]), float(distances[i])) for i in order]
