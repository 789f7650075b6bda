"""How many sampled names are in the list already, and how many are put together as names are. Knows no model."""

from collections.abc import Collection, Iterable, Sequence, Set
from dataclasses import dataclass

from makemore.data.vocabulary import DOT


@dataclass(frozen=True)
class Shares:
    """Shares of so many names.

    in_train: stands in train. held_out: stands in dev or test and not in train. familiar: every
    trigram of it occurs in a name of train. distinct: how many different names there are.
    """

    names: int
    in_train: float
    held_out: float
    familiar: float
    distinct: int
    mean_length: float

    @property
    def listed(self) -> float:
        """The share that stands in the list, whichever split."""
        return self.in_train + self.held_out


def trigrams(name: str) -> set[str]:
    """Its neighbouring three characters, start and end being dots: emma -> .em, emm, mma, ma."""
    wrapped = f"{DOT}{name}{DOT}"
    return {wrapped[i : i + 3] for i in range(len(name))}


def all_trigrams(names: Iterable[str]) -> frozenset[str]:
    """Every trigram that occurs in these names."""
    return frozenset().union(*(trigrams(name) for name in names))


def is_familiar(name: str, known: Set[str]) -> bool:
    """Whether all its trigrams are known; the empty name has none, and is not."""
    return bool(name) and trigrams(name) <= known


def shares(
    names: Sequence[str], *, train: Collection[str], held_out: Collection[str], known: Set[str]
) -> Shares:
    """Sort these names; `known` are the trigrams of train. Raises ValueError for no names."""
    if not names:
        raise ValueError("shares of no names")
    number = len(names)
    return Shares(
        names=number,
        in_train=sum(name in train for name in names) / number,
        held_out=sum(name in held_out and name not in train for name in names) / number,
        familiar=sum(is_familiar(name, known) for name in names) / number,
        distinct=len(set(names)),
        mean_length=sum(map(len, names)) / number,
    )
