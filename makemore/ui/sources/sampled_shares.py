"""What thousands of sampled names are like, worked out once a checkpoint and temperature. Draws nothing."""

from collections.abc import Sequence
from typing import NamedTuple

from makemore.checkpoints.store import Checkpoint
from makemore.data.examples import Dataset
from makemore.diagnostics.letters import sampled_shares
from makemore.diagnostics.letters.sampled_shares import Shares
from makemore.inference import sampling
from makemore.ui.sources.kept import kept_per_checkpoint, kept_per_list

SAMPLES, SEED = 10_000, 1
LONGEST = 30  # letters of a drawn name


class _Listed(NamedTuple):
    train: frozenset[str]
    held_out: frozenset[str]  # dev and test
    known: frozenset[str]  # trigrams of train


@kept_per_list(most=8)
def _listed(dataset: Dataset) -> _Listed:
    train = frozenset(dataset.names("train"))
    held_out = frozenset((*dataset.names("dev"), *dataset.names("test")))
    return _Listed(train, held_out, sampled_shares.all_trigrams(train))


@kept_per_checkpoint(most=256)
def shares_of(checkpoint: Checkpoint, dataset: Dataset, temperature: float) -> Shares:
    """The shares of so many names of this model at this temperature, from a seed of their own."""
    names = sampling.sample(
        checkpoint.model,
        checkpoint.vocabulary,
        SAMPLES,
        seed=SEED,
        temperature=temperature,
        max_length=LONGEST,
    )
    return _shares(names, dataset)


@kept_per_list(most=32)
def shares_of_dev(dataset: Dataset) -> Shares:
    """Those of the dev names, which nobody made up."""
    return _shares(dataset.names("dev"), dataset)


def _shares(names: Sequence[str], dataset: Dataset) -> Shares:
    train, held_out, known = _listed(dataset)
    return sampled_shares.shares(names, train=train, held_out=held_out, known=known)
