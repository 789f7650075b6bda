"""One of a thing, and several."""

import pytest

from makemore.ui.kit.count_words import count_of


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 times"), (1, "1 time"), (2, "2 times"), (1_000, "1,000 times")]
)
def test_one_and_several(number: int, said: str) -> None:
    assert count_of(number, "time") == said
