"""What the prediction loses when a node of a tree, or a letter, is replaced by its mean. Trains nothing."""

import torch
from torch import Tensor

from makemore.data.examples import Examples
from makemore.inference.evaluation import eval_mode
from makemore.inference.fragments import Fragments
from makemore.inference.tree_nodes import _watched, level_layer
from makemore.layers import Embedding
from makemore.models import LayeredModel
from makemore.models.wavenet import WaveNet


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
