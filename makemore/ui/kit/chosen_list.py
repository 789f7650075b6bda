"""The name list that all pages are about: the shipped one, or one of the visitor's own. Draws nothing.

An own list lives in the visitor's session and nowhere else. What is worked out for it goes with it.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, TypeVar

import streamlit as st
import torch
from torch import Generator, Tensor

from makemore.by_hand import bigram_descent
from makemore.checkpoints.store import Checkpoint
from makemore.data.examples import Dataset, count_pairs, windows
from makemore.data.name_lists import NameList
from makemore.data.vocabulary import Vocabulary
from makemore.models import Bigram, LanguageModel, build
from makemore.training.trainer import log_spaced
from makemore.ui.sources import loaded

T = TypeVar("T")

SMALL = 40  # letters; larger tables take longer to train and to keep
MOST_KEPT = 512  # charts and frames of one list
KEPT = "own_list"  # in the session


@dataclass(frozen=True, eq=False)
class ChosenList:
    """A name list with all that follows from it. Of the shipped one the checkpoints are those shipped."""

    name_list: NameList
    own: bool

    @property
    def vocabulary(self) -> Vocabulary:
        """The alphabet of the list; of the shipped one that of its checkpoints. Raises CheckpointError."""
        return self._letters if self.own else loaded.vocabulary()

    @cached_property
    def _letters(self) -> Vocabulary:
        return Vocabulary.of(self.names)

    @cached_property
    def counts(self) -> Tensor:
        """(vocab, vocab): how often each letter follows each. Raises CheckpointError."""
        if self.own:
            size = len(self.vocabulary)
            return count_pairs(windows(self.names, self.vocabulary, 1), size)
        bigram = loaded.checkpoint("bigram").model
        assert isinstance(bigram, Bigram)
        return bigram.counts

    @property
    def names(self) -> tuple[str, ...]:
        return self.name_list.names

    @property
    def key(self) -> str:
        """Tells lists apart, for the keys of widgets whose options come from the list."""
        return self.name_list.sha256[:12]

    @property
    def dataset(self) -> Dataset:
        """The list split, with its examples."""
        return self._split if self.own else loaded.dataset()

    @cached_property
    def _split(self) -> Dataset:
        return Dataset(self.name_list, self.vocabulary)

    def checkpoint(self, name: str) -> Checkpoint:
        """What stands on this list for the shipped checkpoint of this name. Raises CheckpointError."""
        return loaded.checkpoint(name)

    def checkpoints(self, names: Sequence[str]) -> list[Checkpoint]:
        """The same for several at once."""
        return [self.checkpoint(name) for name in names]

    def present(self, wanted: tuple[str, ...]) -> list[str]:
        """Those of the wanted shipped checkpoints that there can be for this list, in their order."""
        return loaded.present(wanted)

    def kept(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gave for this key before, to whoever looked; it goes when the list goes."""
        if key not in self._kept:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = make()
        found: T = self._kept[key]
        return found

    @cached_property
    def _kept(self) -> dict[Hashable, Any]:
        return {}

    @cached_property
    def known(self) -> frozenset[str]:
        """The names of the list, for a quick look-up."""
        return frozenset(self.names)

    def bigram(self, k: float = 1.0) -> Bigram:
        """The counting model with this smoothing; k = 0 and no counts at all make it uniform."""
        config = Bigram.Config.from_json({"smoothing": k})
        model = Bigram(config, len(self.vocabulary), Generator())
        model.counts += self.counts
        return model

    def uniform(self) -> Bigram:
        """A model that has counted nothing."""
        model = self.bigram(0.0)
        model.counts.zero_()
        return model

    @cached_property
    def net(self) -> LanguageModel:
        """The trained net: the shipped one, or for an own list one that is trained here and now."""
        if not self.own:
            return loaded.checkpoint("bigram_nn").model
        return net_with_logits(bigram_descent.fitted(self.counts, seed=bigram_descent.LECTURE_SEED))

    @cached_property
    def moments(self) -> dict[int, Tensor]:
        """Step -> logits of a long descent, dense at the start; a second at most."""
        far = 20_000 if len(self.vocabulary) <= SMALL else 1_000
        W, step, kept = (
            bigram_descent.start(len(self.vocabulary), bigram_descent.LECTURE_SEED),
            0,
            {},
        )
        for moment in sorted({20, 200, *log_spaced(far, 36)}):
            W = bigram_descent.descend(
                W, self.counts, rate=bigram_descent.LECTURE_RATE, steps=moment - step
            )
            step = moment
            kept[step] = W
        return kept


def net_with_logits(W: Tensor) -> LanguageModel:
    """The net that has these logits."""
    net = build("bigram_nn", len(W), Generator())
    net.load_state_dict({"layers.W.weight": W.float()})
    return net


def logits_of(net: LanguageModel) -> Tensor:
    """(vocab, vocab): the net's answer to each letter."""
    with torch.inference_mode():
        table: Tensor = net(torch.arange(net.vocab_size)[:, None])
    return table


@cache
def shipped_list() -> ChosenList:
    """The names that are here, and what the shipped checkpoints know of them. Raises NameListError."""
    return ChosenList(loaded.name_list(), own=False)


def own_list(names: NameList) -> ChosenList:
    """A list of the visitor's own."""
    return ChosenList(names, own=True)


def current_list() -> ChosenList:
    """What this visitor's pages are about."""
    own: ChosenList | None = st.session_state.get(KEPT)
    return own or shipped_list()
