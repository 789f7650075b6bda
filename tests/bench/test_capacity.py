"""What a number of learners needs: by hand for round figures, and as README says it."""

import math
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bench.capacity import Measured, Need, capacity

README = Path(__file__).resolve().parents[2] / "README.md"
ROUND = Measured(light=100, visits=10, fresh=500, learner=0.5)


def test_round_figures_by_hand() -> None:
    # 270 learners ask 90 times a second, and a process is to answer 45 times: 2 of them.
    assert capacity(270, ROUND, training=60) == Need(2, 2 * 500 + 135, 270 / 20, 27)
    assert capacity(271, ROUND, training=60).processes == 3
    assert capacity(1, ROUND, training=0) == Need(1, 500.5, 0.1, 0)


@given(few=st.integers(1, 10_000), more=st.integers(0, 10_000))
def test_more_learners_never_need_less(few: int, more: int) -> None:
    low, high = (capacity(n, ROUND, training=10) for n in (few, few + more))
    assert low.processes <= high.processes
    assert low.megabytes <= high.megabytes
    assert low.trainings <= high.trainings


@pytest.mark.parametrize("wrong", [0, -3])
def test_nobody_needs_no_answer(wrong: int) -> None:
    with pytest.raises(ValueError, match="somebody"):
        capacity(wrong, ROUND, training=10)


def section() -> str:
    return README.read_text(encoding="utf-8").split("## How many learners\n")[1].split("\n## ")[0]


def figure(row: str) -> list[float]:
    """The numbers of a row of the table of what was measured."""
    (line,) = [line for line in section().splitlines() if line.startswith(f"| {row}")]
    return [float(n.replace(",", "")) for n in re.findall(r"[\d,.]*\d", line.split("|")[2])]


def test_the_table_of_the_readme_is_reckoned_from_what_it_says_was_measured() -> None:
    measured = Measured(
        light=figure("light requests")[0],
        visits=figure("first visits")[0],
        fresh=figure("memory of a server")[0],
        learner=figure("memory of a session")[0],
    )
    lecture, fast = figure("a training")
    for learners in (30, 300, 3000):
        need = capacity(learners, measured, training=fast)
        slow = capacity(learners, measured, training=lecture)
        (row,) = [line for line in section().splitlines() if line.startswith(f"| {learners:,} |")]
        said = [cell.strip() for cell in row.strip("|").split("|")]
        assert said[1:] == [
            f"{need.processes}",
            f"{need.megabytes / 1000:.1f} GB",
            f"{math.ceil(need.seconds)} s",
            f"{need.trainings:.1f}",
            f"{slow.trainings:.1f}",
        ]
