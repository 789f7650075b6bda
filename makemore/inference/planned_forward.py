"""The forward pass of a plan: each distinct node once, weighted by how often it occurs. Changes no weight."""

from collections.abc import Iterable, Iterator
from functools import reduce
from operator import add
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from makemore.data.examples import Examples
from makemore.inference.distinct_nodes import Level, Plan, Planner
from makemore.inference.understood import understands
from makemore.layers import BatchNorm1d, Embedding, FlattenConsecutive, Linear, Residual, Skip
from makemore.models import LanguageModel, LayeredModel

FEW = 64  # contexts; to plan for fewer takes longer than to compute them
CHUNK = 16384  # contexts a plain forward: large enough to be quick, small enough for the cache


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
    # Of a FlattenConsecutive that has been met and whose children are not joined yet.
    waiting: Level | None = None
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
    if cells.is_cuda:  # whose bincount adds up in any order, and so to other floats each time
        shares = plan.weights.new_zeros(size)
        return shares.index_put_((cells,), plan.weights, accumulate=True).view(-1, vocab_size)
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
