"""The paired difference and its standard error, held against the bootstrap and against equal lengths."""

import math
import statistics

import numpy as np
import pandas as pd
import pytest

from makemore.diagnostics.losses.paired import FEWEST_BINS, MOST_BINS, gap_histogram, paired
from makemore.diagnostics.losses.pareto import on_front


def test_with_names_of_one_length_it_is_the_plain_paired_error() -> None:
    first, second = np.array([3.0, 5.0, 4.0, 6.0]), np.array([2.0, 5.5, 3.0, 6.5])
    found = paired(first, second, np.full(4, 2.0))
    gaps = [(b - a) / 2 for a, b in zip(first, second, strict=True)]
    assert found.difference == pytest.approx(statistics.mean(gaps))
    assert found.error == pytest.approx(statistics.stdev(gaps) / math.sqrt(4))
    assert (found.lower, found.names) == (0.5, 4)
    assert found.second - found.first == pytest.approx(found.difference)


def test_the_error_is_what_drawing_the_names_anew_gives() -> None:
    rng = np.random.default_rng(1)
    letters = rng.integers(3, 12, 400).astype(float)
    first = letters * rng.normal(2.1, 0.4, 400)
    second = first - letters * rng.normal(0.1, 0.2, 400)
    found = paired(first, second, letters)
    drawn = [rng.integers(0, 400, 400) for _ in range(2000)]
    means = [float((second[i] - first[i]).sum() / letters[i].sum()) for i in drawn]
    assert found.error == pytest.approx(statistics.stdev(means), rel=0.05)
    assert found.difference == pytest.approx(float((second - first).sum() / letters.sum()))


def test_an_error_needs_two_names() -> None:
    with pytest.raises(ValueError, match="two names"):
        paired(np.ones(1), np.ones(1), np.ones(1))


def test_the_histogram_counts_every_name_on_its_side() -> None:
    gaps = np.array([-3.0, -0.5, -0.1, 0.2, 0.4, 9.0])
    frame = gap_histogram(np.zeros(6), gaps, np.ones(6))
    assert len(frame) == FEWEST_BINS
    assert frame.groupby("side")["names"].sum().to_dict() == {"higher": 3, "lower": 3}
    assert 0 in [round(edge, 9) for edge in frame["left"]]


def test_many_names_have_many_bins() -> None:
    gaps = np.linspace(-1.0, 1.0, 4_000)
    frame = gap_histogram(np.zeros(4_000), gaps, np.ones(4_000))
    assert len(frame) == MOST_BINS
    assert frame["names"].sum() == 4_000


def test_on_the_front_is_who_is_beaten_by_nobody() -> None:
    costs, losses = pd.Series([1, 2, 2, 3, 4]), pd.Series([5.0, 4.0, 3.0, 3.0, 1.0])
    assert on_front(costs, losses) == [True, False, True, False, True]


def test_two_that_are_equal_beat_each_other_in_nothing() -> None:
    assert on_front(pd.Series([1, 1]), pd.Series([2.0, 2.0])) == [True, True]
