"""Turns a batch into a plan in which each distinct node is computed once. Knows no optimizer.

A layered model fuses neighbours level by level: letters into pairs, pairs into fours, or all letters
at once. Equal letters give equal nodes, so in a batch of 3,000 contexts of 8 letters only some 400
of the 12,000 pairs differ. A plan lists the distinct nodes of each level, where their children stand
in the level below, and how often each occurs; batch norm weights its statistics by that number.
Same logits, loss and gradients as the plain forward, to rounding.
"""

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn

from makemore.data import Examples
from makemore.layers import BatchNorm1d, Embedding, FlattenConsecutive, Linear
from makemore.models import LayeredModel


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
    """Levels from the letters up, and for each example the `rows` (batch,) of its top node."""

    levels: tuple[Level, ...]
    rows: Tensor


class Planner:
    """Numbers all distinct nodes of some examples once; a batch's plan is then a quick look-up."""

    def __init__(self, contexts: Tensor, model: LayeredModel) -> None:
        by_position = any(
            isinstance(layer, BatchNorm1d) and layer.reduce == "batch" for layer in model.layers
        )
        self._nodes: list[tuple[Tensor, Tensor, Tensor | None]] = []  # children, ids, positions
        ids, number = contexts, model.vocab_size
        for layer in model.layers:
            if isinstance(layer, FlattenConsecutive):
                children, ids, positions = _distinct(ids, number, layer.n, by_position)
                self._nodes.append((children, ids, positions))
                number = len(children)

    def everything(self) -> Plan:
        """The plan for all examples."""
        levels = tuple(
            Level(children, _counts(ids, len(children)), positions)
            for children, ids, positions in self._nodes
        )
        return Plan(levels, self._nodes[-1][1][:, 0])

    def batch(self, chosen: Tensor) -> Plan:
        """The plan for the examples with these indices (batch,)."""
        levels: list[Level] = []
        place: Tensor | None = None  # of each node among the present ones, in the level below
        for children, ids, positions in self._nodes:
            here = ids[chosen]
            counts = _counts(here, len(children))
            present = counts.nonzero()[:, 0]
            below = children[present] if place is None else place[children[present]]
            levels.append(
                Level(below, counts[present], None if positions is None else positions[present])
            )
            place = torch.empty(len(children), dtype=torch.int64, device=ids.device)
            place[present] = torch.arange(len(present), device=ids.device)
        return Plan(tuple(levels), cast(Tensor, place)[here[:, 0]])


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
    for i in range(n):  # one child at a time: the numbers stay small enough for 64 bits
        _, place = torch.unique(place * number + groups[:, :, i], return_inverse=True)
    first = torch.empty(int(place.max()) + 1, dtype=torch.int64, device=ids.device)
    first[place.flatten()] = torch.arange(place.numel(), device=ids.device)
    children = groups.reshape(-1, n)[first]
    return children, place, first % groups.shape[1] if by_position else None


def planned_logits(model: LayeredModel, plan: Plan) -> Tensor:
    """(top nodes, vocab): the model's own layers, each at the distinct nodes alone."""
    levels = iter(plan.levels)
    level: Level | None = None
    layers = iter(model.layers)
    x: Tensor = cast(Embedding, next(layers)).weight  # the nodes of level 0 are the letters
    for layer in layers:
        if isinstance(layer, FlattenConsecutive):
            level = next(levels)
            x = _fused(x, level.children, cast(Linear, next(layers)))
        elif isinstance(layer, BatchNorm1d) and level is not None:
            x = layer(x, counts=level.counts, positions=level.positions)
        else:
            x = layer(x)
    return x


def _fused(x: Tensor, children: Tensor, linear: Linear) -> Tensor:
    """FlattenConsecutive, then Linear: (below, features) -> (nodes, fan_out).

    W is n blocks, one for each child. Where the level below is the smaller one, multiply there
    and add up the products of the children; otherwise join the children first, as the layers do.
    """
    nodes, n = children.shape
    if nodes > len(x):
        blocks = linear.weight.view(n, -1, linear.fan_out)
        y = sum(
            (x @ block).index_select(0, children[:, i]) for i, block in enumerate(blocks)
        )
        return cast(Tensor, y) if linear.bias is None else cast(Tensor, y) + linear.bias
    joined = x.index_select(0, children.flatten()).view(nodes, -1)
    return cast(Tensor, linear(joined))


def planned_loss(model: LayeredModel, plan: Plan, targets: Tensor) -> Tensor:
    """Mean NLL of the batch, in nats: the plain cross-entropy of its examples."""
    logp = planned_logits(model, plan).log_softmax(dim=1)
    return -logp[plan.rows, targets].mean()
