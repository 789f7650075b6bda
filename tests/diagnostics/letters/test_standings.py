"""Ranks are those of a plain sort, ties and names that are not in the list included."""

import numpy as np
import pytest

from makemore.diagnostics.letters.standings import BINS, Standings, histograms

NAMES = {"ada": 0, "bea": 1, "cora": 2, "dora": 3, "eva": 4}
MEANS = [2.0, 1.0, 3.0, 1.0, 5.0]
LENGTHS = np.array([4, 4, 5, 5, 4])  # the end of each name counted


@pytest.fixture
def standings() -> Standings:
    return Standings(NAMES, np.array(MEANS) * LENGTHS)


@pytest.mark.parametrize("name", NAMES)
def test_a_rank_is_one_more_than_there_are_lower_means(standings: Standings, name: str) -> None:
    lower = sum(mean < MEANS[NAMES[name]] for mean in MEANS)
    assert standings.rank(name, 99.0) == lower + 1, "its own mean counts, not the one that is given"


@pytest.mark.parametrize(("mean", "rank"), [(0.5, 1), (1.0, 1), (1.5, 3), (4.0, 5), (9.0, 6)])
def test_another_name_gets_the_place_that_it_would_have(
    standings: Standings, mean: float, rank: int
) -> None:
    assert standings.rank("zoe", mean) == rank


def test_neighbours_are_in_order_and_end_with_the_list(standings: Standings) -> None:
    assert standings.around(2, 1) == [(1, "bea", 1.0), (2, "dora", 1.0), (3, "ada", 2.0)]
    assert standings.around(5, 2) == [(3, "ada", 2.0), (4, "cora", 3.0), (5, "eva", 5.0)]
    assert standings.around(1, 1) == [(1, "bea", 1.0), (2, "dora", 1.0)]


def test_the_probabilities_of_all_names_are_added_up() -> None:
    halves = Standings(NAMES, -np.log([0.1, 0.2, 0.05, 0.05, 0.01]))
    assert halves.listed == pytest.approx(0.41)


def test_histograms_share_their_bins_and_count_every_name(standings: Standings) -> None:
    other = Standings(NAMES, (np.array(MEANS) + 1) * LENGTHS)
    frame = histograms({"one": standings, "two": other})
    by_model = dict(tuple(frame.groupby("model")))
    assert by_model["one"]["left"].tolist() == by_model["two"]["left"].tolist()
    assert [part["names"].sum() for part in by_model.values()] == [len(NAMES)] * 2
    assert [part["height"].max() for part in by_model.values()] == [1, 1]
    assert len(frame) == 2 * BINS
    assert set(by_model["two"]["row"]) == {1}


def test_without_models_there_is_nothing_to_draw() -> None:
    assert histograms({}).empty
