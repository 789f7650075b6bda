"""Lists made to harm: each is read as another reader reads it, or refused in one line."""

import tracemalloc
from collections import Counter
from itertools import pairwise

import pytest
import torch

from makemore.data import name_lists
from makemore.data.name_lists import Reading, read_lines
from makemore.ui.kit import chosen_list
from makemore.ui.kit.chosen_list import ChosenList
from tests.bench.attack import lists


def test_damaged_lists_do_no_harm() -> None:
    count, taken = lists.damage_lists(60, seed=4)
    assert count.harm == 0
    assert count.tried == 60
    assert taken > 0
    assert count.promised > 0


@pytest.mark.parametrize("wrong", ["a name is left out", "a line is not told", "blanks stay"])
def test_a_reader_that_errs_is_found_out(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    def read(content: bytes | str, source: str) -> Reading:
        true = read_lines(content, source)
        names = {
            "a name is left out": true.names[1:],
            "blanks stay": tuple(f"{n} " for n in true.names),
        }
        told = () if wrong == "a line is not told" else true.rejected
        return Reading(
            names.get(wrong, true.names), source, true.sha256, true.lines, told, true.rejections
        )

    monkeypatch.setattr(lists, "read_lines", read)
    assert lists.damage_lists(60, seed=4)[0].lost > 0


def test_a_fault_of_the_reader_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name_lists, "_fault", lambda *_: [][0])
    assert lists.damage_lists(20, seed=4)[0].others["IndexError"] > 0


def test_a_large_list_takes_little_room() -> None:
    """A line that is kept as long as the reading lasts takes twenty times its text."""
    content = "ab\n" * 100_000
    tracemalloc.start()
    read = read_lines(content, "x")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(read.names) == 100_000
    assert peak < 10 * len(content)


def test_an_own_list_is_counted_some_names_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = read_lines("anna\nbob\nce\nd\n" * 9, "x").to_list()
    whole = ChosenList(taken, own=True).counts
    monkeypatch.setattr(chosen_list, "COUNTED_AT_ONCE", 7)
    assert torch.equal(ChosenList(taken, own=True).counts, whole)
    pairs = Counter(pair for name in taken.names for pair in pairwise(f".{name}."))
    letters = (".", *"abcdeno")
    assert {
        (letters[i], letters[j]): int(whole[i, j]) for i, j in whole.nonzero().tolist()
    } == pairs
