"""Mean ablation: what a prediction loses when a node or a letter is held at its mean. Trains nothing.

The mean is that of its own position over the data. One over all positions of a level would be a mean of
padding more than of letters: names are shorter than the window.
"""

import torch
from torch import Tensor

from makemore.data.examples import Examples
from makemore.inference.distinct_nodes import Planner
from makemore.inference.evaluation import CHUNK, eval_mode
from makemore.inference.planned_forward import planned_logits
from makemore.inference.tree_nodes import node_layers, nodes, watch_layer, watch_levels
from makemore.inference.understood import understands
from makemore.layers import Embedding, Residual
from makemore.models import LayeredModel


def worth(
    model: LayeredModel, context: Tensor, target: int, means: list[Tensor]
) -> dict[tuple[int, int], float]:
    """What the prediction loses when one node, or one letter, is replaced by its mean.

    context: (block,) ids; target: the id that came next; means: see `position_means`. Returns by
    (level, position from 1) the log probability of the target lost, in nats; level 0 are the letters.
    Below zero where the mean would have done better.
    """
    lost: dict[tuple[int, int], float] = {}
    with eval_mode(model):
        whole = model(context[None]).log_softmax(dim=1)[0, target]
        for level, (layer, mean) in enumerate(zip(node_layers(model), means, strict=True)):
            width = len(mean)

            def without_one_each(output: Tensor, mean: Tensor = mean) -> Tensor:
                """Example i goes without node i."""
                nodes = output.clone().view(len(mean), len(mean), -1)
                nodes.diagonal(dim1=0, dim2=1).copy_(mean.T)
                return nodes.view(output.shape)

            with watch_layer(layer, without_one_each):
                changed = model(context.expand(width, -1)).log_softmax(dim=1)[:, target]
            lost |= {(level, i + 1): float(whole - changed[i]) for i in range(width)}
    return lost


def position_means(model: LayeredModel, examples: Examples) -> list[Tensor]:
    """For each level, letters first, the mean at each position over all examples: (positions, features).

    Weighs every example alike, those that see much padding too.
    """
    first = node_layers(model)[0]
    assert isinstance(first, Embedding)
    letters = _mean_of_each_position(examples.contexts, first.weight.detach())
    return [letters, *(_planned if _is_planned(model) else _plain)(model, examples)]


def _is_planned(model: LayeredModel) -> bool:
    """Whether each level is a layer that a plan walks through; it takes a Residual apart."""
    return understands(model) and not any(isinstance(x, Residual) for x in node_layers(model))


def _planned(model: LayeredModel, examples: Examples) -> list[Tensor]:
    """Each distinct node is computed once."""
    planner = Planner(examples, model)
    seen: list[Tensor] = []
    with eval_mode(model), watch_levels(model, seen.append):
        planned_logits(model, planner.everything())
    return [
        _mean_of_each_position(places, activations)
        for places, activations in zip(planner.places[-len(seen) :], seen, strict=True)
    ]


def _mean_of_each_position(places: Tensor, rows: Tensor) -> Tensor:
    """Which row stands where, (examples, positions), and the rows (n, features) -> (positions, features)."""
    counts = torch.stack([torch.bincount(each, minlength=len(rows)) for each in places.T])
    return (counts.double() @ rows.double() / len(places)).float()


def _plain(model: LayeredModel, examples: Examples) -> list[Tensor]:
    """Each distinct context is looked at once, some at a time."""
    tally, sums = examples.tally, list[Tensor]()
    for contexts, weights in zip(
        tally.contexts.split(CHUNK), tally.weights.split(CHUNK), strict=True
    ):
        parts = [
            torch.einsum("n,npf->pf", weights.double(), each.double())
            for each in nodes(model, contexts)
        ]
        sums = [a + b for a, b in zip(sums, parts, strict=True)] if sums else parts
    return [(each / len(examples)).float() for each in sums]
