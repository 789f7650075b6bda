"""A bigram's probabilities from counts of pairs: smoothing, the slip in dividing, a walk. Knows no model."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from makemore.data.vocabulary import DOT, Vocabulary

LONGEST_WALK = 40
KS = (0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000, 100_000, 1_000_000)


def smoothed(counts: Tensor, k: float) -> Tensor:
    """(vocab, vocab) probabilities after adding k to every count; a row without any is uniform."""
    weights = counts.double() + k
    total = weights.sum(dim=1, keepdim=True)
    return torch.where(total > 0, weights / total, 1 / len(counts))


def divided_wrongly(counts: Tensor) -> Tensor:
    """The slip: without keepdim the sums become a row, and column j is divided by the sum of row j."""
    return counts.double() / counts.double().sum(dim=1).clamp(min=1)


@dataclass(frozen=True)
class Draw:
    """One step of a walk: in the row of `given`, the number `point` fell to `letter`'s [low, high)."""

    given: str
    point: float
    low: float
    high: float
    letter: str


def walk(probabilities: Tensor, seed: int, vocabulary: Vocabulary) -> tuple[Draw, ...]:
    """From the dot, draw after draw, until the dot comes again or 40 letters are made."""
    generator = torch.Generator().manual_seed(seed)
    ends = probabilities.double().cumsum(dim=1)
    row, draws = 0, []
    for _ in range(LONGEST_WALK):
        point = float(torch.rand((), generator=generator, dtype=torch.float64))
        column = int(torch.searchsorted(ends[row], point * ends[row, -1], right=True))
        low = float(ends[row, column - 1]) if column else 0.0
        draw = Draw(
            given=vocabulary.letters[row],
            point=point,
            low=low,
            high=float(ends[row, column]),
            letter=vocabulary.letters[column],
        )
        draws.append(draw)
        if draw.letter == DOT:
            break
        row = column
    return tuple(draws)


def containing(names: Sequence[str], pair: str, wanted: int = 12) -> tuple[list[str], int]:
    """Some names that hold the pair, spread over the list, and how many do."""
    found = [name for name in names if pair in f"{DOT}{name}{DOT}"]
    unique = list(dict.fromkeys(found))
    return unique[:: max(1, len(unique) // wanted)][:wanted], len(found)


def rarest(counts: Tensor, vocabulary: Vocabulary) -> str:
    """The letter that occurs least, of those that occur."""
    often = counts[1:].sum(dim=1)
    place = torch.where(often > 0, often, often.max() + 1).argmin()
    return vocabulary.characters[int(place)]
