"""Turns a batch into a plan in which each distinct node is computed once. Knows no optimizer.

A layered model fuses neighbours level by level: letters into pairs, pairs into fours, or all letters
at once. Equal letters give equal nodes, so in a batch of 3,000 contexts of 8 letters only some 400
of the 12,000 pairs differ. A plan lists the distinct nodes of each level, where their children stand
in the level below, and how often each occurs; batch norm weights its statistics by that number.
Same logits, loss and gradients as the plain forward, to rounding.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import cast

import torch
from torch import Tensor, nn

from makemore.data import Examples
from makemore.joints import Residual, Skip
from makemore.layers import BatchNorm1d, Embedding, FlattenConsecutive, Linear
from makemore.models import LanguageModel, LayeredModel

FEW = 64  # contexts; to plan for fewer takes longer than to compute them
MANY = 8  # times as many places as are looked for; sorting these is then quicker than a table


@dataclass(frozen=True)
class Level:
    """The distinct nodes of a level.

    children: (nodes, n) places in the level below. counts: (nodes,) how often each occurs.
    positions: (nodes,) where in the window, if nodes at different positions are told apart.
    """

    children: Tensor
    counts: Tensor
    positions: Tensor | None


@dataclass(frozen=True)
class Plan:
    """Levels from the letters up; then, for each pair of top node and target, what it weighs.

    rows, targets and weights (pairs,): a node's place, a next letter, and the share of the examples
    that are so. The weights add up to 1. tops: (top nodes,) their numbers among all of the planner's.
    """

    levels: tuple[Level, ...]
    rows: Tensor
    targets: Tensor
    weights: Tensor
    tops: Tensor


class Planner:
    """Numbers all distinct nodes of some examples once; a batch's plan is then a quick look-up."""

    def __init__(self, examples: Examples, model: LayeredModel) -> None:
        by_position = any(
            isinstance(layer, BatchNorm1d) and layer.reduce == "batch"
            for layer in model.layers.modules()
        )
        self._nodes: list[tuple[Tensor, Tensor, Tensor | None]] = []  # children, ids, positions
        self._targets = examples.targets
        ids, number = examples.contexts, model.vocab_size
        for layer in model.layers.modules():  # in the order in which they run
            if isinstance(layer, FlattenConsecutive):
                children, ids, positions = _distinct(ids, number, layer.n, by_position)
                self._nodes.append((children, ids, positions))
                number = len(children)

    def everything(self) -> Plan:
        """The plan for all examples, equal ones taken together."""
        levels = tuple(
            Level(children, _counts(ids, len(children)), positions)
            for children, ids, positions in self._nodes
        )
        pairs, counts = torch.unique(self.tops * 2**16 + self._targets, return_counts=True)
        rows, targets = pairs >> 16, pairs & (2**16 - 1)
        tops = torch.arange(len(self._nodes[-1][0]), device=rows.device)
        return Plan(levels, rows, targets, counts / len(self._targets), tops)

    @property
    def tops(self) -> Tensor:
        """(examples,): the place of each example's top node in the plan for everything."""
        return self._nodes[-1][1][:, 0]

    def batch(self, chosen: Tensor) -> Plan:
        """The plan for the examples with these indices (batch,)."""
        levels: list[Level] = []
        place: Tensor | None = None  # of each node among the present ones, in the level below
        for children, ids, positions in self._nodes:
            here = ids[chosen]
            present, counts = _present(here, len(children))
            below = children[present] if place is None else place[children[present]]
            where = None if positions is None else positions[present]
            levels.append(Level(below, counts.float(), where))
            place = torch.empty(len(children), dtype=torch.int64, device=ids.device)
            place[present] = torch.arange(len(present), device=ids.device)
        rows = cast(Tensor, place)[here[:, 0]]
        weights = torch.full(rows.shape, 1 / len(rows), device=rows.device)
        return Plan(tuple(levels), rows, self._targets[chosen], weights, present)


def _present(ids: Tensor, number: int) -> tuple[Tensor, Tensor]:
    """Which of `number` nodes these are, in order, and how often each.

    Counted where that is quick; sorted where it would mean to look at many nodes for a few, so that
    a batch takes no longer when there are more nodes beyond it.
    """
    if number > MANY * ids.numel():
        present, counts = torch.unique(ids, return_counts=True)
        return present, counts
    counts = torch.bincount(ids.flatten(), minlength=number)
    present = counts.nonzero()[:, 0]
    return present, counts[present]


def _counts(ids: Tensor, number: int) -> Tensor:
    return torch.bincount(ids.flatten(), minlength=number).float()


def _distinct(
    ids: Tensor, number: int, n: int, by_position: bool
) -> tuple[Tensor, Tensor, Tensor | None]:
    """Join n neighbours of (batch, positions) ids: the distinct groups, and which one stands where.

    Returns children (nodes, n), ids (batch, positions/n) and perhaps the position of each node.
    """
    groups = ids.view(len(ids), -1, n)
    place = torch.zeros(groups.shape[:2], dtype=torch.int64, device=ids.device)
    if by_position:
        place += torch.arange(groups.shape[1], device=ids.device)
    room = groups.shape[1] if by_position else 1  # places are below this
    for i in range(n):
        if room * number > 2**63 - 1:  # number them anew, so that they fit into 64 bits
            seen, place = torch.unique(place, return_inverse=True)
            room = len(seen)
        place, room = place * number + groups[:, :, i], room * number
    place, distinct = _numbered(place, room)
    first = torch.empty(distinct, dtype=torch.int64, device=ids.device)
    first[place.flatten()] = torch.arange(place.numel(), device=ids.device)
    children = groups.reshape(-1, n)[first]
    return children, place, first % groups.shape[1] if by_position else None


def _numbered(place: Tensor, room: int) -> tuple[Tensor, int]:
    """Number the distinct places, all of them below `room`, in their order; and how many there are.

    By a table of all places where there is room for one, which takes no longer for each than the
    last; by sorting where there are too many.
    """
    if room > MANY * place.numel():
        distinct, numbers = torch.unique(place, return_inverse=True)
        return numbers, len(distinct)
    taken = torch.zeros(room, dtype=torch.bool, device=place.device)
    taken[place.flatten()] = True
    number = taken.cumsum(dim=0) - 1
    return number[place], int(number[-1]) + 1


def planned_logits(model: LayeredModel, plan: Plan) -> Tensor:
    """(top nodes, vocab): the model's own layers, each at the distinct nodes alone."""
    embedding, *layers = model.layers
    letters = cast(Embedding, embedding).weight  # the nodes of level 0 are the letters
    return _walk(layers, letters, iter(plan.levels))[0]


def _walk(
    layers: Iterable[nn.Module], x: Tensor, levels: Iterator[Level]
) -> tuple[Tensor, list[Level]]:
    """Send nodes (nodes, features) through layers; also returns the levels that were passed."""
    passed: list[Level] = []
    waiting = False  # a FlattenConsecutive has been met, its children are not joined yet
    for layer in layers:
        if waiting and not isinstance(layer, Linear):
            x, waiting = _joined(x, passed[-1].children), False
        if isinstance(layer, FlattenConsecutive):
            passed.append(next(levels))
            waiting = True
        elif isinstance(layer, Linear) and waiting:
            x, waiting = _fused(x, passed[-1].children, layer), False
        elif isinstance(layer, BatchNorm1d) and passed:
            x = layer(x, counts=passed[-1].counts, positions=passed[-1].positions)
        elif isinstance(layer, Residual | Skip):
            y, inner = _walk(layer.body, x, levels)
            beside = _mean(x, inner[0]) if isinstance(layer, Residual) else x[_newest(inner)]
            x = y + beside if isinstance(layer, Residual) else torch.cat([beside, y], dim=1)
            passed += inner
        else:
            x = layer(x)
    return (_joined(x, passed[-1].children) if waiting else x), passed


def _mean(x: Tensor, level: Level) -> Tensor:
    """The mean of each node's children: (below, features) -> (nodes, features)."""
    return x.index_select(0, level.children.flatten()).view(*level.children.shape, -1).mean(dim=1)


def _newest(levels: list[Level]) -> Tensor:
    """For each node of the last level, the place of its newest descendant below the first."""
    place = levels[-1].children[:, -1]
    for level in reversed(levels[:-1]):
        place = level.children[place, -1]
    return place


def _fused(x: Tensor, children: Tensor, linear: Linear) -> Tensor:
    """FlattenConsecutive, then Linear: (below, features) -> (nodes, fan_out).

    W is n blocks, one for each child. Where the level below is the smaller one, multiply there
    and add up the products of the children; otherwise join the children first, as the layers do.
    """
    nodes, n = children.shape
    if nodes > len(x):
        blocks = linear.weight.view(n, -1, linear.fan_out)
        products = [(x @ w).index_select(0, children[:, i]) for i, w in enumerate(blocks)]
        y: Tensor = reduce(add, products)
        return y if linear.bias is None else y + linear.bias
    return cast(Tensor, linear(_joined(x, children)))


def _joined(x: Tensor, children: Tensor) -> Tensor:
    """(below, features), (nodes, n) -> (nodes, n·features)."""
    return x.index_select(0, children.flatten()).view(len(children), -1)


def planned_loss(model: LayeredModel, plan: Plan) -> Tensor:
    """Mean NLL of the examples, in nats: their plain cross-entropy."""
    logp = planned_logits(model, plan).log_softmax(dim=1)
    return cross_entropy(logp, wanted(plan, model.vocab_size))


def wanted(plan: Plan, vocab_size: int) -> Tensor:
    """(top nodes, vocab): the share of the examples that have this node and then this letter."""
    cells = plan.rows * vocab_size + plan.targets
    size = len(plan.tops) * vocab_size
    return torch.bincount(cells, plan.weights, minlength=size).view(-1, vocab_size)


def cross_entropy(logp: Tensor, shares: Tensor) -> Tensor:
    """What these log probabilities cost where letters come in these shares of all, both (nodes, vocab)."""
    return -(shares * logp).sum()


def logits(model: LanguageModel, contexts: Tensor) -> Tensor:
    """The model's logits (batch, vocab), by way of a plan where that is quicker."""
    if not isinstance(model, LayeredModel) or len(contexts) <= FEW:
        return cast(Tensor, model(contexts))
    no_targets = torch.zeros(len(contexts), dtype=torch.int64, device=contexts.device)
    planner = Planner(Examples(contexts, no_targets), model)
    return planned_logits(model, planner.everything())[planner.tops]
