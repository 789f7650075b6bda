"""Bars of letters: which letter stands where is data, in the order of the letters or really sorted."""

import pandas as pd
import pytest

from makemore.charts.base.chart import Chart
from makemore.charts.letters.letter_bars import compared_letters, letter_bars
from makemore.charts.letters.sum_bars import sum_bars

AFTER_A = pd.DataFrame({"letter": [".", "a", "b"], "probability": [0.2, 0.1, 0.7]})
AFTER_B = pd.DataFrame({"letter": [".", "a", "b"], "probability": [0.3, 0.6, 0.1]})


def from_left(chart: Chart, field: str = "probability") -> list[tuple[str, float]]:
    """What stands at the places of the axis, which its data name."""
    frame = chart.datasets["letters"]
    assert frame["place"].tolist() == list(range(len(frame)))
    return list(zip(frame["letter"], frame[field], strict=True))


@pytest.mark.parametrize("frame", [AFTER_A, AFTER_B])
def test_bars_stand_in_the_order_of_the_letters(frame: pd.DataFrame) -> None:
    assert [letter for letter, _ in from_left(letter_bars(frame, given=""))] == [".", "a", "b"]


@pytest.mark.parametrize("frame", [AFTER_A, AFTER_B])
def test_ranked_bars_fall_from_left_to_right(frame: pd.DataFrame) -> None:
    bars = from_left(letter_bars(frame, given="", ranked=True))
    assert dict(bars) == dict(zip(frame["letter"], frame["probability"], strict=True))
    assert [p for _, p in bars] == sorted(frame["probability"], reverse=True)


def test_order_is_data_and_not_part_of_the_spec() -> None:
    charts = [letter_bars(f, given="", ranked=r) for f in (AFTER_A, AFTER_B) for r in (True, False)]
    assert all(chart.spec is charts[0].spec for chart in charts)
    x = charts[0].spec["layer"][1]["encoding"]["x"]
    assert (x["field"], x["type"]) == ("place", "ordinal")
    assert "sort" not in x


def test_compared_bars_keep_their_order_or_are_ranked_by_the_first() -> None:
    both = AFTER_A.rename(columns={"probability": "counted"}).assign(learned=[0.5, 0.4, 0.1])
    plain = compared_letters(both, given="")
    assert from_left(plain, "first") == [(".", 0.2), ("a", 0.1), ("b", 0.7)]
    ranked = compared_letters(both, given="", ranked=True)
    assert from_left(ranked, "first") == [("b", 0.7), (".", 0.2), ("a", 0.1)]
    assert from_left(ranked, "second") == [("b", 0.1), (".", 0.5), ("a", 0.4)]


def test_each_sum_stands_at_the_place_of_its_letter() -> None:
    rows = [(c, way, 1.0) for way in ("row", "column") for c in ".ab"]
    sums = pd.DataFrame(rows, columns=["letter", "which", "total"])
    placed = sum_bars(sums, top=1.0, panel="").datasets["sums"]
    assert {(row.letter, row.place) for row in placed.itertuples()} == {
        (".", 0),
        ("a", 1),
        ("b", 2),
    }
    assert placed["letter"][:3].tolist() == [".", "a", "b"]  # row i names place i
