"""Turns a batch into a plan in which each distinct node is computed once. Knows no optimizer.

A layered model fuses neighbours level by level: letters into pairs, pairs into fours, or all letters
at once. Equal letters give equal nodes, so in a batch of 3,000 contexts of 8 letters only some 400
of the 12,000 pairs differ. A plan lists the distinct nodes of each level, where their children stand
in the level below, and how often each occurs; batch norm weights its statistics by that number.
Same logits, loss and gradients as the plain forward, to rounding.

That holds for nets whose every layer is known; `understood.py` tells them from all others, which take
their plain forward, and `planned_forward.py` computes what a plan says.
"""

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor

from makemore.data.examples import Examples
from makemore.inference.understood import check_understood, layers_in_order
from makemore.layers import BatchNorm1d, Embedding, FlattenConsecutive
from makemore.models import LayeredModel

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
    letters: the level of single letters, if a layer asks how often each occurs.
    """

    letters: Level | None
    levels: tuple[Level, ...]
    rows: Tensor
    targets: Tensor
    weights: Tensor
    tops: Tensor


class Planner:
    """Numbers all distinct nodes of some examples once; a batch's plan is then a quick look-up.

    Raises NotUnderstoodError for a net that `understands` denies.
    """

    def __init__(self, examples: Examples, model: LayeredModel) -> None:
        check_understood(model, examples.contexts.shape[1])
        embedding, *layers = layers_in_order(model.layers)
        apart = any(isinstance(layer, BatchNorm1d) and layer.reduce == "batch" for layer in layers)
        kinds = [type(layer) for layer in layers]
        self._counts_letters = BatchNorm1d in kinds[: kinds.index(FlattenConsecutive)]
        joins = [1] if self._counts_letters else []
        joins += [layer.n for layer in layers if isinstance(layer, FlattenConsecutive)]
        self._nodes: list[tuple[Tensor, Tensor, Tensor | None]] = []  # children, ids, positions
        self._targets = examples.targets
        ids, number = examples.contexts, len(cast(Embedding, embedding).weight)
        for n in joins:
            children, ids, positions = _distinct(ids, number, n, apart)
            self._nodes.append((children, ids, positions))
            number = len(children)

    def everything(self) -> Plan:
        """The plan for all examples, equal ones taken together."""
        levels = [
            Level(children, _counts(ids, len(children)), positions)
            for children, ids, positions in self._nodes
        ]
        pairs, counts = torch.unique(self.tops * 2**16 + self._targets, return_counts=True)
        rows, targets = pairs >> 16, pairs & (2**16 - 1)
        tops = torch.arange(len(self._nodes[-1][0]), device=rows.device)
        weights = counts / len(self._targets)
        return self._plan(levels, rows=rows, targets=targets, weights=weights, tops=tops)

    def _plan(self, levels: list[Level], **examples: Tensor) -> Plan:
        letters = levels.pop(0) if self._counts_letters else None
        return Plan(letters=letters, levels=tuple(levels), **examples)

    @property
    def tops(self) -> Tensor:
        """(examples,): the place of each example's top node in the plan for everything."""
        return self._nodes[-1][1][:, 0]

    @property
    def places(self) -> list[Tensor]:
        """Level by level, (examples, nodes): the place of each node in the plan for everything."""
        return [ids for _, ids, _ in self._nodes]

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
        targets = self._targets[chosen]
        return self._plan(levels, rows=rows, targets=targets, weights=weights, tops=present)


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


def distinct_contexts(contexts: Tensor) -> tuple[Tensor, Tensor]:
    """The distinct ones among contexts (batch, block_size), and for each of all (batch,) its number."""
    number = int(contexts.max()) + 1
    distinct, ids, _ = _distinct(contexts, number, contexts.shape[1], by_position=False)
    return distinct, ids[:, 0]


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
