"""Why the recipe “fast” is fast: one of its batches, computed plainly and by way of a plan. Knows no page."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import streamlit as st
import torch
import torch.nn.functional as F
from torch import Tensor

from makemore.checkpoints.store import Checkpoint
from makemore.data.examples import Dataset, Examples
from makemore.inference.distinct_nodes import Planner
from makemore.inference.planned_forward import planned_loss
from makemore.inference.understood import understands
from makemore.models import LayeredModel
from makemore.training.recipes import BATCH
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.safe_text import plain
from makemore.ui.sources.kept import kept_per_checkpoint

ROUNDS = 3  # the quickest counts
SEED = 1


@dataclass(frozen=True)
class Way:
    """How many nodes were computed, the loss in nats, and the seconds of a forward and a backward pass."""

    nodes: int
    loss: float
    seconds: float


def show_both_ways(checkpoint: Checkpoint, dataset: Dataset) -> None:
    """A table of both ways; nothing for a net that has one way only, as no plan understands it."""
    if not understands(_net(checkpoint)):
        return
    ways = _ways(checkpoint, dataset)
    rows = [
        {
            "a batch of the recipe “fast”": plain(way),
            "nodes": f"{each.nodes:,}",
            "loss": f"{each.loss:.5f}",
            "milliseconds": f"{1000 * each.seconds:.0f}",
        }
        for way, each in ways.items()
    ]
    place_table(rows)
    slow, quick = ways.values()
    st.caption(
        f"{BATCH:,} examples forward and backward, on one thread. Names share so many substrings that "
        f"{slow.nodes / quick.nodes:.1f} times fewer nodes give the same loss and the same gradients: "
        "batch norm weights each node by how often it occurs."
    )


def _net(checkpoint: Checkpoint) -> LayeredModel:
    assert isinstance(checkpoint.model, LayeredModel)
    return checkpoint.model


@kept_per_checkpoint(most=8)
def _ways(checkpoint: Checkpoint, dataset: Dataset) -> dict[str, Way]:
    net = _net(checkpoint)
    return time_both_ways(net, dataset.examples("train", net.block_size))


def time_both_ways(net: LayeredModel, examples: Examples) -> dict[str, Way]:
    """One batch both ways, with a copy of the net in train mode."""
    net = copy.deepcopy(net).train()
    chosen = torch.randperm(len(examples), generator=torch.Generator().manual_seed(SEED))[:BATCH]
    contexts, targets = examples.contexts[chosen], examples.targets[chosen]
    planner = Planner(examples, net)
    plan = planner.batch(chosen)
    afresh = len(chosen) * (net.block_size - 1)
    distinct = sum(len(level.children) for level in plan.levels)
    return {
        "every node of every example": _time_way(
            net, afresh, lambda: F.cross_entropy(net(contexts), targets)
        ),
        "each distinct node once": _time_way(
            net, distinct, lambda: planned_loss(net, planner.batch(chosen))
        ),
    }


def _time_way(net: LayeredModel, nodes: int, run: Callable[[], Tensor]) -> Way:
    """The loss and its gradients, a few times over."""
    rounds = []
    for _ in range(ROUNDS):
        net.zero_grad(set_to_none=True)
        started = perf_counter()
        loss = run()
        loss.backward()
        rounds.append(perf_counter() - started)
    return Way(nodes, loss.item(), min(rounds))
