"""The nets with one batch norm that the steps look at, and what goes into that layer. Knows no page."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import streamlit as st
import torch
from torch import Tensor

from makemore.data.examples import Dataset
from makemore.experiments import recorded_starts
from makemore.inference import evaluation
from makemore.inference.capture import Snapshot, capture, layers_of, snapshot
from makemore.layers import BatchNorm1d
from makemore.models import LanguageModel
from makemore.ui.kit import links
from makemore.ui.kit.choose_checkpoint import choose_checkpoint, has_one
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.examined import BATCH, batch_of
from makemore.ui.sources.kept import identity

USUAL = "mlp_bn"
PART = 4096  # contexts that are looked at at once


@dataclass(frozen=True, eq=False)
class Normed:
    """A net with one batch norm; `key` tells it from others, also in what is kept of a list."""

    key: str
    model: LanguageModel

    @property
    def norm(self) -> BatchNorm1d:
        """The layer."""
        return self._found[1]

    @property
    def name(self) -> str:
        """What the layer is called."""
        return self._found[0]

    @property
    def _found(self) -> tuple[str, BatchNorm1d]:
        (only,) = layers_of(self.model, BatchNorm1d).items()
        return only

    def before(self, contexts: Tensor) -> Tensor:
        """(examples, ..., neurons): what goes into the layer for these contexts."""
        with (
            evaluation.eval_mode(self.model),
            torch.inference_mode(),
            capture(self.model) as outputs,
        ):
            self.model(contexts)
        names = list(outputs)
        return outputs[names[names.index(self.name) - 1]]


def choose_normed(about: ChosenList) -> Normed:
    """The box for a trained one; a step finds what another one was left with."""
    checkpoint = choose_checkpoint(
        has_one(BatchNorm1d, "batch norm", "batch norms"),
        key="norm_net",
        first=USUAL,
        about=about,
        in_link="checkpoint",
    )
    return Normed(identity(checkpoint), checkpoint.model)


def draw_start(about: ChosenList) -> Normed:
    """The MLP with Kaiming initialisation and batch norm, as its seed draws it."""
    make = partial(recorded_starts.fresh, "batch norm", len(about.vocabulary))
    return Normed("start", about.kept("normed start", make))


def choose_neuron(count: int) -> int:
    """A neuron of the layer, by its number."""
    links.bound("neuron", key="norm_neuron", options=range(count), first=0)
    return int(st.number_input("Neuron", min_value=0, max_value=count - 1, key="norm_neuron"))


def one_batch(about: ChosenList, net: Normed) -> Snapshot:
    """A batch as training sees it: normalised by its own mean and variance."""

    def make() -> Snapshot:
        twin = copy.deepcopy(net.model).train()
        examples = batch_of(about.dataset, twin.block_size, BATCH)
        return snapshot(twin, examples.contexts, examples.targets)

    return about.kept((net.key, "one batch"), make)


def batch_before(about: ChosenList, net: Normed) -> Tensor:
    """(examples, neurons): what goes into the layer; where positions have rows of their own, each counts."""
    look = one_batch(about, net)
    return look.activations[look.before(net.name)].flatten(0, -2)


def true_statistics(about: ChosenList, net: Normed) -> tuple[Tensor, Tensor]:
    """Mean and (unbiased) variance of each neuron over all train examples, in double."""
    return about.kept((net.key, "true statistics"), partial(_statistics, net, about.dataset))


def _statistics(net: Normed, dataset: Dataset) -> tuple[Tensor, Tensor]:
    # Measured from what the layer believes: squares of what is far from 0 lose digits.
    from_here = net.norm.running_mean.double().view(-1, len(net.norm.gamma)).mean(0)
    total, squares, count = torch.zeros_like(from_here), torch.zeros_like(from_here), 0.0
    for pre, weights in _parts(net, dataset):
        moved = pre - from_here
        total += weights @ moved
        squares += weights @ moved**2
        count += float(weights.sum())
    mean = total / count
    return from_here + mean, (squares - count * mean**2) / (count - 1)


def train_values(about: ChosenList, net: Normed, neuron: int) -> Tensor:
    """(examples,): what the neuron gets before batch norm, for each train example."""

    def make() -> Tensor:
        parts = _parts(net, about.dataset)
        columns = [pre[:, neuron].repeat_interleave(weights.long()) for pre, weights in parts]
        return torch.cat(columns)

    return about.kept((net.key, "values before", neuron), make)


def _parts(net: Normed, dataset: Dataset) -> Iterator[tuple[Tensor, Tensor]]:
    """(rows, neurons) before batch norm and how often each row comes, part by part, in double."""
    tally = dataset.examples("train", net.model.block_size).tally  # each context once
    for at in range(0, len(tally.contexts), PART):
        pre = net.before(tally.contexts[at : at + PART]).double()
        times = pre[0].numel() // pre.shape[-1]
        weights = tally.weights[at : at + PART].double()
        yield pre.flatten(0, -2), weights.repeat_interleave(times)
