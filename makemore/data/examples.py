"""Splits a name list and turns names into examples: contexts and targets. Knows nothing of files or models."""

import random
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

import numpy as np
import torch
from torch import Tensor

from makemore.data.name_lists import NameList
from makemore.data.vocabulary import DOT, Vocabulary

Split = Literal["train", "dev", "test", "all"]
SPLITS: tuple[Split, ...] = get_args(Split)


@dataclass(frozen=True)
class Examples:
    """`contexts` (n, block_size) and `targets` (n,), both int64 ids."""

    contexts: Tensor
    targets: Tensor

    def __len__(self) -> int:
        return len(self.targets)

    @cached_property
    def tally(self) -> "Tally":
        """The same examples, counted."""
        return count(self)

    def to(self, device: torch.device) -> "Examples":
        """The same on another device."""
        return Examples(self.contexts.to(device), self.targets.to(device))

    def draw(self, size: int, seed: int) -> "Examples":
        """So many of them, perhaps some twice; for a seed always the same ones."""
        generator = torch.Generator().manual_seed(seed)
        chosen = torch.randint(0, len(self), (size,), generator=generator)
        return Examples(self.contexts[chosen], self.targets[chosen])


def windows(names: tuple[str, ...], vocabulary: Vocabulary, block_size: int) -> Examples:
    """Slide a window over each name, padded with dots on the left, one example a letter and one for the end.

    em, 3 letters -> ... -> e, ..e -> m, .em -> .
    Raises UnknownLetterError for a letter outside the vocabulary, or a dot inside a name.
    """
    text = "".join(name + DOT for name in names)
    if text.count(DOT) > len(names):
        vocabulary.encode(DOT)  # raises
    targets = _ids(text, vocabulary)
    lengths = np.fromiter((len(name) + 1 for name in names), dtype=np.int64, count=len(names))
    starts = np.repeat(np.cumsum(lengths) - lengths, lengths)
    seen = np.arange(len(targets)) - starts  # letters of the same name before this one
    contexts = np.zeros((len(targets), block_size), dtype=np.int64)
    for back in range(1, block_size + 1):
        inside = seen >= back
        contexts[inside, block_size - back] = targets[np.flatnonzero(inside) - back]
    return Examples(torch.from_numpy(contexts), torch.from_numpy(targets))


def _ids(text: str, vocabulary: Vocabulary) -> np.ndarray:
    """One id a character, looked up for all at once."""
    codes = np.frombuffer(text.encode("utf-32-le", errors="surrogatepass"), dtype=np.uint32)
    known = np.array([ord(c) for c in vocabulary.letters], dtype=np.uint32)
    order = np.argsort(known)
    place = np.minimum(np.searchsorted(known[order], codes), len(known) - 1)
    ids = order[place]
    wrong = known[ids] != codes
    if wrong.any():
        vocabulary.encode(chr(codes[np.argmax(wrong)]))  # raises, naming the letter
    return ids.astype(np.int64)


def count_pairs(examples: Examples, size: int) -> Tensor:
    """How often each letter follows each: (size, size) int64, row = last letter in view, column = next.

    `size` is that of the vocabulary.
    """
    pairs = examples.contexts[:, -1] * size + examples.targets
    return torch.bincount(pairs, minlength=size**2).view(size, size)


@dataclass(frozen=True)
class Tally:
    """Examples by distinct context: all that a loss depends on.

    `contexts` (m, block_size), each once. For each distinct pair of context and target: `rows` (p,)
    the place of its context, `targets` (p,), and `counts` (p,) how often it occurs.
    """

    contexts: Tensor
    rows: Tensor
    targets: Tensor
    counts: Tensor

    @cached_property
    def weights(self) -> Tensor:
        """(m,) int64: how often each context occurs, whatever follows it."""
        return torch.zeros_like(self.contexts[:, 0]).index_add_(0, self.rows, self.counts)


def count(examples: Examples) -> Tally:
    """Find the distinct contexts of the examples and count what follows each."""
    place = torch.zeros(len(examples), dtype=torch.int64)
    # Number the distinct beginnings, one letter longer each time.
    for column in examples.contexts.T:
        _, place = torch.unique(place * (2**16) + column, return_inverse=True)
    pairs, counts = torch.unique(place * (2**16) + examples.targets, return_counts=True)
    first = torch.empty(int(place.max()) + 1, dtype=torch.int64)
    first[place] = torch.arange(len(examples))  # any example that has the context
    return Tally(
        contexts=examples.contexts[first],
        rows=pairs >> 16,
        targets=pairs & (2**16 - 1),
        counts=counts,
    )


class Dataset:
    """A name list with its vocabulary, its 80/10/10 split by name, and its examples."""

    def __init__(self, name_list: NameList, vocabulary: Vocabulary | None = None) -> None:
        self.name_list = name_list
        self.vocabulary = vocabulary or Vocabulary.of(name_list.names)
        self._examples: dict[tuple[Split, int], Examples] = {}

    def __reduce__(self) -> tuple[type["Dataset"], tuple[NameList, Vocabulary]]:
        """To another process go the names alone; splits and examples are made anew there."""
        return Dataset, (self.name_list, self.vocabulary)

    @cached_property
    def _split(self) -> dict[Split, tuple[str, ...]]:
        """The lecture's split: shuffled by `random.seed(42)`, then cut at 80 % and 90 %."""
        names = list(self.name_list.names)
        random.Random(42).shuffle(names)
        first, second = int(0.8 * len(names)), int(0.9 * len(names))
        return {
            "train": tuple(names[:first]),
            "dev": tuple(names[first:second]),
            "test": tuple(names[second:]),
            "all": tuple(names),  # train, dev and test one after the other
        }

    def names(self, split: Split) -> tuple[str, ...]:
        """The names of a split, in the order of the shuffle."""
        return self._split[split]

    @cached_property
    def sizes(self) -> dict[Split, int]:
        """How many examples each split has, whatever the context: one a letter and one for each end."""
        return {split: sum(map(len, names)) + len(names) for split, names in self._split.items()}

    def examples(self, split: Split, block_size: int) -> Examples:
        """The examples of a split; made once for each block size and then kept."""
        key = (split, block_size)
        if key not in self._examples:
            self._examples[key] = windows(self.names(split), self.vocabulary, block_size)
        return self._examples[key]


class RememberedLists:
    """Lists that came before, whose examples are made already; the last few of them."""

    def __init__(self, most: int = 4) -> None:
        self._most = most
        self._known: dict[tuple[str, str], Dataset] = {}

    def same_as(self, dataset: Dataset) -> Dataset:
        """The one that came before, if there is one over the same names and letters."""
        key = (dataset.name_list.sha256, dataset.vocabulary.characters)
        known = self._known.pop(key, dataset)
        self._known[key] = known  # at the end: the newest
        if len(self._known) > self._most:
            del self._known[next(iter(self._known))]
        return known
