"""Turns a batch into a plan in which each distinct node is computed once. Knows no optimizer.

A layered model fuses neighbours level by level: letters into pairs, pairs into fours, or all letters
at once. Equal letters give equal nodes, so in a batch of 3,000 contexts of 8 letters only some 400
of the 12,000 pairs differ. A plan lists the distinct nodes of each level, where their children stand
in the level below, and how often each occurs; batch norm weights its statistics by that number.
Same logits, loss and gradients as the plain forward, to rounding.

That holds for nets whose every layer is known here; `understands` tells them from all others, which
take their plain forward.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from makemore.data.examples import Examples
from makemore.layers import (
    ELU,
    BatchNorm1d,
    Embedding,
    FlattenConsecutive,
    Gate,
    LeakyReLU,
    Linear,
    ReLU,
    Residual,
    Sigmoid,
    Skip,
    Tanh,
)
from makemore.models import LanguageModel, LayeredModel

FEW = 64  # contexts; to plan for fewer takes longer than to compute them
MANY = 8  # times as many places as are looked for; sorting these is then quicker than a table
CHUNK = 16384  # contexts a plain forward: large enough to be quick, small enough for the cache

# Layers that treat the numbers of each position alike, whatever stands beside it and whatever the
# mode. To be one is entered here, by the very class: a subclass may do anything.
POINTWISE: set[type[nn.Module]] = {Linear, Tanh, Sigmoid, ReLU, LeakyReLU, ELU, Gate}

GONE = 0  # positions: their axis has been dropped
HOOKS = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")


class NotUnderstoodError(ValueError):
    """A net whose plan might give other numbers than its forward; the message says what is unknown."""


def understands(model: nn.Module) -> bool:
    """Whether a plan is sure to give the very numbers of this net's forward; any other net takes that.

    Sure are stacks of POINTWISE and STRUCTURAL layers that begin with Embedding and join all
    positions, without hooks and without another forward than that of a LayeredModel.
    """
    try:
        _check(model)
    except NotUnderstoodError:
        return False
    return True


def _check(model: nn.Module, positions: int | None = None) -> None:
    """Raises NotUnderstoodError; `positions` are those of the contexts, block_size unless given."""
    if not isinstance(model, LayeredModel) or type(model).forward is not LayeredModel.forward:
        raise NotUnderstoodError(f"{type(model).__name__} has a forward of its own")
    for module in model.modules():
        own = vars(module)
        if "forward" in own or any(own[name] for name in HOOKS):
            raise NotUnderstoodError(f"{type(module).__name__} has a hook or a forward put on it")
    first, *layers = _parts(model.layers)
    if type(first) is not Embedding:
        raise NotUnderstoodError(f"the net begins with {type(first).__name__}, not Embedding")
    if left := _left(layers, positions or model.block_size):
        raise NotUnderstoodError(f"the net ends with {left} positions that nothing joins")


def _parts(layers: nn.Module) -> list[nn.Module]:
    """The layers of a Sequential in their order. Raises NotUnderstoodError for anything else."""
    if type(layers) is not nn.Sequential or not len(layers):
        raise NotUnderstoodError(f"{type(layers).__name__} is no Sequential of layers")
    return list(layers)


def _left(layers: Iterable[nn.Module], positions: int) -> int:
    """How many positions these layers leave, or GONE. Raises NotUnderstoodError."""
    for layer in layers:
        if (kind := type(layer)) in POINTWISE:
            continue
        left = STRUCTURAL[kind](layer, positions) if kind in STRUCTURAL else None
        if left is None:
            raise NotUnderstoodError(f"{kind.__name__} on {positions or 'no'} positions")
        positions = left
    return positions


def _left_by_joining(layer: FlattenConsecutive, positions: int) -> int | None:
    if positions == GONE or layer.n < 1 or positions % layer.n:
        return None
    return positions // layer.n if positions > layer.n else GONE


def _left_by_norm(layer: BatchNorm1d, positions: int) -> int | None:
    apart = (positions,) if layer.reduce == "batch" and positions != GONE else ()
    return positions if layer.running_mean.shape[:-1] == apart else None


def _left_by_adding(layer: Residual, positions: int) -> int | None:
    if positions == GONE or positions % 2:
        return None
    half = positions // 2 if positions > 2 else GONE
    return half if _left(_parts(layer.body), positions) == half else None


def _left_by_skip(layer: Skip, positions: int) -> int | None:
    if positions == GONE or _left(_parts(layer.body), positions) != GONE:
        return None
    return GONE


# The other layers that are understood, again by the very class. Each says how many of so many
# positions it leaves, and None where a plan, or the layer itself, could not go on.
STRUCTURAL: dict[type[nn.Module], Callable[[Any, int], int | None]] = {
    FlattenConsecutive: _left_by_joining,
    BatchNorm1d: _left_by_norm,
    Residual: _left_by_adding,
    Skip: _left_by_skip,
}


def _in_order(layers: Iterable[nn.Module]) -> Iterator[nn.Module]:
    """These layers and those in the bodies of some, in the order in which they run."""
    for layer in layers:
        yield layer
        if isinstance(layer, Residual | Skip):
            yield from _in_order(layer.body)


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
        _check(model, examples.contexts.shape[1])
        embedding, *layers = _in_order(model.layers)
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
        return self._plan(levels, rows, targets, counts / len(self._targets), tops)

    def _plan(self, levels: list[Level], *examples: Tensor) -> Plan:
        letters = levels.pop(0) if self._counts_letters else None
        return Plan(letters, tuple(levels), *examples)

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
        return self._plan(levels, rows, self._targets[chosen], weights, present)


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


def planned_logits(model: LayeredModel, plan: Plan) -> Tensor:
    """(top nodes, vocab): the model's own layers, each at the distinct nodes alone."""
    embedding, *layers = model.layers
    x: Tensor = cast(Embedding, embedding).weight  # at first the nodes are the letters
    if plan.letters is not None:
        x = _joined(x, plan.letters.children)
    return _walk(layers, x, plan.letters, iter(plan.levels))[0]


def _walk(
    layers: Iterable[nn.Module], x: Tensor, here: Level | None, levels: Iterator[Level]
) -> tuple[Tensor, list[Level]]:
    """Send the nodes of the level `here`, (nodes, features), through layers that are understood.

    Also returns the levels that were passed.
    """
    passed: list[Level] = []
    waiting: Level | None = (
        None  # a FlattenConsecutive has been met, its children are not joined yet
    )
    for layer in layers:
        if waiting and not isinstance(layer, Linear):
            x, waiting = _joined(x, waiting.children), None
        if isinstance(layer, FlattenConsecutive):
            here = waiting = next(levels)
            passed.append(here)
        elif isinstance(layer, Linear) and waiting:
            x, waiting = _fused(x, waiting.children, layer), None
        elif isinstance(layer, BatchNorm1d):
            x = _normalized(x, layer, cast(Level, here))
        elif isinstance(layer, Residual | Skip):
            y, inner = _walk(layer.body, x, here, levels)
            beside = _mean(x, inner) if isinstance(layer, Residual) else x[_below(inner)[:, -1]]
            x = y + beside if isinstance(layer, Residual) else torch.cat([beside, y], dim=1)
            here, passed = inner[-1], passed + inner
        else:
            x = layer(x)
    return (_joined(x, waiting.children) if waiting else x), passed


def _mean(x: Tensor, levels: list[Level]) -> Tensor:
    """The mean of what each node of the last level joins: (below, features) -> (nodes, features)."""
    places = _below(levels)
    return x.index_select(0, places.flatten()).view(*places.shape, -1).mean(dim=1)


def _below(levels: list[Level]) -> Tensor:
    """(nodes of the last level, n): the places of all that each joins from below the first level."""
    places = levels[-1].children
    for level in reversed(levels[:-1]):
        places = level.children[places].flatten(start_dim=1)
    return places


def _normalized(x: Tensor, norm: BatchNorm1d, level: Level) -> Tensor:
    """Batch norm on (nodes, features), where each node stands for as many equal ones as it occurs."""
    if norm.training:
        mean, var = _weighted_statistics(x, norm, level)
        norm.remember(mean, var)
    else:
        mean, var = norm.running_mean, norm.running_var
    if level.positions is not None and mean.dim() == 2:
        mean, var = mean[level.positions], var[level.positions]
    scale = norm.gamma / torch.sqrt(var + norm.eps)  # from here on as in the layer itself
    return torch.addcmul(norm.beta - mean * scale, x, scale)


def _weighted_statistics(x: Tensor, norm: BatchNorm1d, level: Level) -> tuple[Tensor, Tensor]:
    """Mean and unbiased variance of a whole batch, from each distinct node once."""
    shape, positions = norm.running_mean.shape, level.positions
    counts = level.counts.to(x.dtype)
    weights = counts[None]  # (groups, nodes): one group, or one for each position
    if positions is not None and len(shape) == 2:
        weights = F.one_hot(positions, shape[0]).T * counts
    total = weights.sum(dim=1, keepdim=True)
    norm.check(int(total.min()))
    mean = weights @ x / total
    # No gradient goes by way of this mean: deviations add up to nothing, so moving it changes nothing.
    middle = mean.detach()
    centred = x - (middle if len(middle) == 1 else middle[positions])
    var = weights @ centred.square() / (total - 1)
    return mean.view(shape), var.view(shape)


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
    return cross_entropy(logp, wanted(plan, logp.shape[1]))


def wanted(plan: Plan, vocab_size: int) -> Tensor:
    """(top nodes, vocab): the share of the examples that have this node and then this letter."""
    cells = plan.rows * vocab_size + plan.targets
    size = len(plan.tops) * vocab_size
    return torch.bincount(cells, plan.weights, minlength=size).view(-1, vocab_size)


def cross_entropy(logp: Tensor, shares: Tensor) -> Tensor:
    """What these log probabilities cost where letters come in these shares of all, both (nodes, vocab)."""
    return -(shares * logp).sum()


def logits(model: LanguageModel, contexts: Tensor) -> Tensor:
    """The logits (batch, vocab) of a model in eval mode, by way of a plan where that is quicker."""
    if len(contexts) <= FEW or not understands(model) or contexts.shape[1] != model.block_size:
        return torch.cat([model(part) for part in contexts.split(CHUNK)])
    no_targets = torch.zeros(len(contexts), dtype=torch.int64, device=contexts.device)
    model = cast(LayeredModel, model)
    planner = Planner(Examples(contexts, no_targets), model)
    return planned_logits(model, planner.everything())[planner.tops]
