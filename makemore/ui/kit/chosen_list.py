"""The name list that all pages are about: the shipped one, or one of the visitor's own. Draws nothing.

An own list lives in the visitor's session and nowhere else. What is worked out for it, trained nets
too, goes with it; visitors who brought the same one share that.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakValueDictionary

import streamlit as st
import torch
from torch import Generator, Tensor

from makemore.by_hand import bigram_descent
from makemore.checkpoints.store import Checkpoint
from makemore.data.examples import Dataset, count_pairs, windows
from makemore.data.name_lists import NameList, NameListError
from makemore.data.vocabulary import Vocabulary
from makemore.experiments import nets_of_lists
from makemore.models import Bigram, LanguageModel
from makemore.training.trainer import log_spaced
from makemore.ui.sources import loaded, own_nets

T = TypeVar("T")


class NotTrainedError(Exception):
    """A net that a step shows has yet to be trained on the visitor's own list."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(f"not trained on this list: {', '.join(names)}")
        self.names = tuple(names)


SMALL = 40  # letters; larger tables take longer to train and to keep
MOST_KEPT = 512  # charts and frames of one list
MOST_LETTERS = (
    20_000_000  # of the own lists of all visitors; as numbers they take ten times the room
)
COUNTED_AT_ONCE = 5_000  # names
KEPT = "own_list"  # in the session


@dataclass(frozen=True, eq=False, repr=False)  # what it would say: all names, all that is kept
class ChosenList:
    """A name list with all that follows from it. Of the shipped one the checkpoints are those shipped.

    `alphabet` is that of an own list, if it is another than the letters in it.
    """

    name_list: NameList
    own: bool
    alphabet: Vocabulary | None = None
    _nets: dict[Hashable, Checkpoint] = field(default_factory=dict)  # of an own list
    _training: Lock = field(default_factory=Lock)
    _kept: dict[Hashable, Any] = field(default_factory=dict)

    @property
    def vocabulary(self) -> Vocabulary:
        """The alphabet of the list; of the shipped one that of its checkpoints. Raises CheckpointError."""
        return self._letters if self.own else loaded.vocabulary()

    @cached_property
    def _letters(self) -> Vocabulary:
        return self.alphabet or Vocabulary.of(self.names)

    def in_alphabet(self, alphabet: Vocabulary) -> "ChosenList":
        """The same list over a larger alphabet, for a net that knows more letters than it has."""
        if alphabet.characters == self.vocabulary.characters:
            return self
        key = "in alphabet", alphabet.characters
        return self.kept(key, lambda: ChosenList(self.name_list, own=True, alphabet=alphabet))

    @cached_property
    def counts(self) -> Tensor:
        """(vocab, vocab): how often each letter follows each. Raises CheckpointError."""
        if self.own:
            return self._count_names()
        bigram = loaded.checkpoint("bigram").model
        assert isinstance(bigram, Bigram)
        return bigram.counts

    def _count_names(self) -> Tensor:
        """Some names after the other: as examples all of them take fifty times the room."""
        size = len(self.vocabulary)
        counts = torch.zeros(size, size, dtype=torch.int64)
        for start in range(0, len(self.names), COUNTED_AT_ONCE):
            some = self.names[start : start + COUNTED_AT_ONCE]
            counts += count_pairs(windows(some, self.vocabulary, 1), size)
        return counts

    @property
    def names(self) -> tuple[str, ...]:
        return self.name_list.names

    @cached_property
    def letters(self) -> int:
        """How many letters its names have together, and one for the end of each."""
        return sum(map(len, self.names)) + len(self.names)

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
        """The shipped checkpoint of this name, or for an own list the net like it that was trained on it.

        Raises CheckpointError, or NotTrainedError where there is none yet.
        """
        return self.checkpoints([name])[0]

    def checkpoints(self, names: Sequence[str]) -> list[Checkpoint]:
        """The same for several, all of which NotTrainedError then names."""
        if not self.own:
            return [loaded.checkpoint(name) for name in names]
        if missing := self.missing(names):
            raise NotTrainedError(missing)
        return [self._nets[own_nets.recipe_key(name)] for name in names]

    def missing(self, names: Sequence[str]) -> list[str]:
        """Those of them that have yet to be trained on this list; of several that are one net, the first."""
        if not self.own:
            return []
        found: dict[Hashable, str] = {}
        for name in names:
            key = own_nets.recipe_key(name)
            if key not in self._nets and own_nets.is_made_at_once(name):
                self.take_net(name, partial(nets_of_lists.train_like, name, self.dataset))
            if key not in self._nets:
                found.setdefault(key, name)
        return list(found.values())

    def trained(self, names: Iterable[str]) -> dict[str, Checkpoint]:
        """Those of the shipped checkpoints, or of the nets like them on an own list, that are there."""
        if not self.own:
            return {name: loaded.checkpoint(name) for name in loaded.present(tuple(names))}
        keys = {name: own_nets.recipe_key(name) for name in names}
        return {name: self._nets[key] for name, key in keys.items() if key in self._nets}

    def take_net(self, name: str, make: Callable[[], Checkpoint]) -> None:
        """Keep what was trained on this list for the shipped checkpoint of this name, unless it is there."""
        with self._training:
            key = own_nets.recipe_key(name)
            if key not in self._nets:
                self._nets[key] = make()

    def present(self, wanted: Sequence[str]) -> list[str]:
        """Those of the wanted shipped checkpoints that there can be for this list, in their order."""
        return list(wanted) if self.own else loaded.present(tuple(wanted))

    def kept(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gave for this key before, to whoever looked; it goes when the list goes."""
        if key in self._kept:
            found: T = self._kept[key]
            return found
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        made = make()
        self._kept[key] = made
        return made

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
        W = bigram_descent.fitted(self.counts, seed=bigram_descent.LECTURE_SEED)
        return nets_of_lists.net_with_logits(W)

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


def logits_of(net: LanguageModel) -> Tensor:
    """(vocab, vocab): the net's answer to each letter."""
    with torch.inference_mode():
        table: Tensor = net(torch.arange(net.vocab_size)[:, None])
    return table


@cache
def shipped_list() -> ChosenList:
    """The names that are here, and what the shipped checkpoints know of them. Raises NameListError."""
    return ChosenList(loaded.name_list(), own=False)


_own_lists: WeakValueDictionary[tuple[str, str], ChosenList] = WeakValueDictionary()
_adding = Lock()


def own_list(names: NameList) -> ChosenList:
    """A list of the visitor's own; the same object for all who have it, as long as anybody does.

    Raises NameListError where the lists of all visitors together have no room for it.
    """
    key = names.sha256, names.source
    with _adding:
        if (found := _own_lists.get(key)) is not None:
            return found
        new = ChosenList(names, own=True)
        if sum(each.letters for each in _own_lists.values()) + new.letters > MOST_LETTERS:
            raise NameListError(
                f"the lists of all visitors together have {MOST_LETTERS:,} letters, which is the limit; "
                "take a shorter one, or try again when some have left"
            )
        return _own_lists.setdefault(key, new)


def current_list() -> ChosenList:
    """What this visitor's pages are about."""
    own: ChosenList | None = st.session_state.get(KEPT)
    return own or shipped_list()
