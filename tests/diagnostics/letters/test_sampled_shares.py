"""Shares of sampled names, against a search in the text of the list."""

import pytest

from makemore.data.examples import Dataset
from makemore.diagnostics.letters import sampled_shares
from makemore.diagnostics.letters.sampled_shares import all_trigrams, is_familiar, shares, trigrams


def test_trigrams_of_a_name() -> None:
    assert trigrams("emma") == {".em", "emm", "mma", "ma."}
    assert trigrams("a") == {".a."}
    assert trigrams("") == set()


def test_familiar_names_are_those_whose_every_piece_is_found_in_the_text(real: Dataset) -> None:
    train = real.names("train")[:3000]
    text = "".join(f".{name}." for name in train)  # pieces over two names hold two dots
    known = all_trigrams(train)
    told = [is_familiar(name, known) for name in real.names("dev")]
    searched = [
        all(f".{name}."[i : i + 3] in text for i in range(len(name))) for name in real.names("dev")
    ]
    assert told == searched
    assert 0 < sum(told) < len(told)


def test_shares_of_a_few_names() -> None:
    found = shares(
        ["ann", "ann", "bob", "nna", "an", ""],
        train={"ann", "anna"},
        held_out={"bob", "ann"},
        known=all_trigrams(["ann", "anna"]),
    )
    assert found.names == 6
    assert found.in_train == pytest.approx(2 / 6)
    assert found.held_out == pytest.approx(1 / 6)  # ann stands in train already
    assert found.listed == pytest.approx(3 / 6)
    # .an, ann, nn., nna, na. are known; .nn of nna and an. of an are not.
    assert found.familiar == pytest.approx(2 / 6)
    assert found.distinct == 5
    assert found.mean_length == pytest.approx(14 / 6)


def test_no_names_have_no_shares() -> None:
    with pytest.raises(ValueError, match="no names"):
        sampled_shares.shares([], train=set(), held_out=set(), known=set())
