"""The loss of every example, and its means by place in the name and by letter. Changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from makemore.data.examples import Dataset, Split
from makemore.inference import evaluation
from makemore.models import LanguageModel

Losses = Tensor  # (examples,) in nats, in the order of a split


@dataclass(frozen=True)
class Means:
    """(groups,) each: the mean loss of a group in nats, NaN for an empty one, and its examples."""

    loss: Tensor
    number: Tensor


def example_losses(
    model: LanguageModel, dataset: Dataset, split: Split, *, trained_on: Split, same_data: bool
) -> Tensor:
    """(n,) in nats, in the order of the split, of the model by which `evaluation.judge` goes."""
    judged = evaluation.judged_model(
        model, dataset, split, trained_on=trained_on, same_data=same_data
    )
    examples = dataset.examples(split, model.block_size)
    logp = evaluation.log_probabilities(judged, examples.contexts)
    return -logp.gather(1, examples.targets[:, None])[:, 0].double()


def places(dataset: Dataset, split: Split) -> Tensor:
    """(n,) which letter of its name each example guesses, from 0; the end of a name counts as one."""
    lengths = torch.tensor([len(name) + 1 for name in dataset.names(split)])
    starts = torch.repeat_interleave(lengths.cumsum(0) - lengths, lengths)
    return torch.arange(len(starts)) - starts


def mean_by(losses: Tensor, groups: Tensor, count: int) -> Means:
    """The mean loss of each of `count` groups; `groups` (n,) says which one an example is in."""
    number = torch.bincount(groups, minlength=count)
    total = torch.bincount(groups, weights=losses.double(), minlength=count)
    return Means(loss=total / number, number=number)


def means_by_label(
    losses: Sequence[Tensor], groups: Tensor, labels: Sequence[str]
) -> dict[str, list[float]]:
    """Label of each group that has an example -> the mean loss of each of these nets."""
    means = [mean_by(each, groups, len(labels)) for each in losses]
    there = means[0].number > 0
    return {
        label: [float(each.loss[i]) for each in means] for i, label in enumerate(labels) if there[i]
    }
