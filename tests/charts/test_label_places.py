"""Labels of crowded points: they move apart, the others stay, and the points themselves never move."""

import numpy as np
import pytest

from makemore.charts.letters.label_places import Pixels, push_apart

SIZE = 24.0


def gaps(points: Pixels, others: Pixels) -> Pixels:
    """All distances, and nothing is near itself."""
    found: Pixels = np.hypot(*(points[:, None] - others[None]).transpose(2, 0, 1))
    np.fill_diagonal(found, np.inf)
    return found


def placed(points: Pixels) -> Pixels:
    dx, dy = push_apart(points[:, 0], points[:, 1], SIZE)
    return points + np.stack([dx, dy], axis=1)


def crowd(seed: int, number: int = 27, width: float = 260) -> Pixels:
    return np.random.default_rng(seed).uniform(0, width, (number, 2))


@pytest.mark.parametrize("seed", range(8))
def test_no_label_covers_another_or_hides_a_point_that_its_letter_has_left(seed: int) -> None:
    points = crowd(seed)
    labels = placed(points)
    moved = (labels != points).any(axis=1)
    assert gaps(points, points).min() < SIZE / 2  # they did overlap
    assert gaps(labels, labels).min() > 0.75 * SIZE
    assert gaps(labels, points)[:, moved].min() > 0.5 * SIZE
    own = np.hypot(*(labels - points)[moved].T)
    assert own.min() > 0.7 * SIZE  # the point is beside its letter, not below it
    assert own.max() < 2 * SIZE


def test_labels_with_room_stay_on_their_points() -> None:
    points = np.array([[0.0, 0.0], [100.0, 0.0], [100.0, 6.0], [50.0, 80.0]])
    labels = placed(points)
    assert (labels[[0, 3]] == points[[0, 3]]).all()
    assert gaps(labels, labels).min() > 0.9 * SIZE


def test_points_on_top_of_each_other_come_apart_and_always_in_the_same_way() -> None:
    points = np.zeros((5, 2))
    labels = placed(points)
    assert gaps(labels, labels).min() > 0.75 * SIZE
    assert (labels == placed(points)).all()


def test_points_that_are_nowhere_are_left_alone() -> None:
    points = np.array([[0.0, 0.0], [1.0, 0.0], [np.nan, 0.0], [np.inf, 5.0]])
    dx, dy = push_apart(points[:, 0], points[:, 1], SIZE)
    assert np.isfinite([dx, dy]).all()
    assert (dx[2:] == 0).all()


def test_a_single_point_stays() -> None:
    dx, dy = push_apart(np.array([3.0]), np.array([4.0]), SIZE)
    assert (dx.tolist(), dy.tolist()) == ([0.0], [0.0])
