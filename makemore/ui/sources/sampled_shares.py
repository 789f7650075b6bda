"""What thousands of sampled names are like, worked out once a checkpoint and temperature. Draws nothing."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from makemore.checkpoints.store import Checkpoint
from makemore.diagnostics.letters import sampled_shares
from makemore.diagnostics.letters.sampled_shares import Shares
from makemore.inference import sampling
from makemore.ui.sources import loaded
from makemore.ui.sources.kept import kept_per_checkpoint

SAMPLES, SEED = 4096, 1
LONGEST = 30  # letters of a drawn name


class _Listed(NamedTuple):
    train: frozenset[str]
    held_out: frozenset[str]  # dev and test
    known: frozenset[str]  # trigrams of train


@cache
def _listed() -> _Listed:
    dataset = loaded.dataset()
    train = frozenset(dataset.names("train"))
    held_out = frozenset((*dataset.names("dev"), *dataset.names("test")))
    return _Listed(train, held_out, sampled_shares.all_trigrams(train))


@cache
def known_names() -> frozenset[str]:
    """The names of the list, for a quick look-up."""
    return frozenset(loaded.name_list().names)


@kept_per_checkpoint(most=256)
def shares_of(checkpoint: Checkpoint, temperature: float) -> Shares:
    """The shares of so many names of this model at this temperature, from a seed of their own."""
    names = sampling.sample(
        checkpoint.model,
        checkpoint.vocabulary,
        SAMPLES,
        seed=SEED,
        temperature=temperature,
        max_length=LONGEST,
    )
    return _shares(names)


@cache
def shares_of_dev() -> Shares:
    """Those of the dev names, which people have given to children."""
    return _shares(loaded.dataset().names("dev"))


def _shares(names: Sequence[str]) -> Shares:
    train, held_out, known = _listed()
    return sampled_shares.shares(names, train=train, held_out=held_out, known=known)
