"""Finds the most probable names that begin with given letters. Changes nothing, and draws nothing at random."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

import torch

from makemore.data.vocabulary import Vocabulary
from makemore.inference.evaluation import log_probabilities
from makemore.models import LanguageModel

LONGEST = 30  # letters of a name
MOST_LOOKS = 6_000  # prefixes that are looked at before the search gives up
AT_ONCE = 64  # prefixes a forward pass


@dataclass(frozen=True)
class Completion:
    """A whole name, and its probability among all names that begin as it does."""

    name: str
    probability: float


@dataclass(frozen=True)
class Found:
    """The most probable completions, most probable first; `exact` unless the search gave up before.

    looked: how many prefixes the model was asked about.
    """

    completions: tuple[Completion, ...]
    looked: int
    exact: bool


def complete(model: LanguageModel, vocabulary: Vocabulary, prefix: str, *, most: int = 10) -> Found:
    """The `most` names of up to 30 letters that begin with the prefix and are the most probable.

    Best-first search, which is exact: going on never makes a name more probable, so the first whole
    name that comes to the top of the queue beats whatever is still in it. A beam search keeps so many
    prefixes of each length instead, and may lose the best. Raises UnknownLetterError.
    """
    # (−log probability, ids so far, whether the name has ended): the most probable comes first.
    queue: list[tuple[float, tuple[int, ...], bool]] = [
        (0.0, tuple(vocabulary.encode(prefix)), False)
    ]
    found: list[Completion] = []
    looked = 0
    while queue and len(found) < most:
        if queue[0][2]:
            lost, ids, _ = heapq.heappop(queue)
            found.append(Completion(vocabulary.decode(ids), exp(-lost)))
            continue
        if looked >= MOST_LOOKS:
            return Found(tuple(found), looked, exact=False)
        open_ = _take_open(queue)
        looked += len(open_)
        _go_on(model, open_, queue)
    return Found(tuple(found), looked, exact=True)


def _take_open(
    queue: list[tuple[float, tuple[int, ...], bool]],
) -> list[tuple[float, tuple[int, ...]]]:
    """The most probable prefixes up to the first whole name, so many that one pass looks at them all."""
    taken: list[tuple[float, tuple[int, ...]]] = []
    while queue and not queue[0][2] and len(taken) < AT_ONCE:
        lost, ids, _ = heapq.heappop(queue)
        taken.append((lost, ids))
    return taken


def _go_on(
    model: LanguageModel,
    open_: Sequence[tuple[float, tuple[int, ...]]],
    queue: list[tuple[float, tuple[int, ...], bool]],
) -> None:
    """Put every way on from these prefixes into the queue; at the longest they can only end."""
    block = model.block_size
    rows = [((0,) * block + ids)[-block:] for _, ids in open_]
    logp = log_probabilities(model, torch.tensor(rows)).double().tolist()
    for (lost, ids), ways in zip(open_, logp, strict=True):
        heapq.heappush(queue, (lost - ways[0], ids, True))
        if len(ids) < LONGEST:
            for letter, way in enumerate(ways[1:], 1):
                heapq.heappush(queue, (lost - way, (*ids, letter), False))
