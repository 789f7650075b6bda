"""The nearest listed name is the one that a plain edit distance finds."""

from functools import cache, partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makemore.diagnostics.letters.nearest_names import Nearest, nearest

LIST = ("anna", "bea", "carla", "dora", "emma", "anne")
words = st.text(alphabet="abcdn", max_size=6)


def edits(one: str, other: str) -> int:
    """Levenshtein's definition, word for word."""

    @cache
    def distance(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        changed = distance(i - 1, j - 1) + (one[i - 1] != other[j - 1])
        return min(distance(i - 1, j) + 1, distance(i, j - 1) + 1, changed)

    return distance(len(one), len(other))


@given(st.lists(words, max_size=4), st.lists(words, min_size=1, max_size=8))
def test_it_is_the_first_of_those_with_the_fewest_edits(drawn: list[str], names: list[str]) -> None:
    best = [min(names, key=partial(edits, each)) for each in drawn]
    assert nearest(drawn, names) == [
        Nearest(name, edits(each, name)) for each, name in zip(drawn, best, strict=True)
    ]


@pytest.mark.parametrize(
    ("drawn", "found"),
    [("anna", Nearest("anna", 0)), ("hanna", Nearest("anna", 1)), ("dena", Nearest("anna", 2))],
)
def test_names_by_hand(drawn: str, found: Nearest) -> None:
    assert nearest([drawn], LIST) == [found]


def test_an_empty_list_has_none() -> None:
    with pytest.raises(ValueError, match="no names"):
        nearest(["anna"], [])
