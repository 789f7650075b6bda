"""Lists made to harm: each is read as another reader reads it, or refused in one line."""

import pytest

from makemore.data import name_lists
from makemore.data.name_lists import Reading, read_lines
from tests.bench.attack import lists


def test_damaged_lists_do_no_harm() -> None:
    count = lists.damage_lists(60, seed=4)
    assert count.harm - count.others["more memory than promised"] == 0  # of all tests before, here
    assert count.tried == 60
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
    assert lists.damage_lists(60, seed=4).lost > 0


def test_a_fault_of_the_reader_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name_lists, "_fault", lambda *_: [][0])
    assert lists.damage_lists(20, seed=4).others["IndexError"] > 0
