"""Moves the labels of crowded points apart, a few pixels each. Knows pixels, not what is drawn."""

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.float64]

ROUNDS, WIDER = 80, 3
_OUT = 0.8  # of a label's size: how far from its point a label that has to move stands at least
_DOT = 0.72  # of a label's size: how far it keeps from the points of others
_PULL = 0.97  # what is left of the way each round, so that none strays
_CLOSE = 0.85  # of a label's size: a label that others come so near has to move as well
_STILL = 0.02  # pixels: a round that moves no label further is the last
_TURN = 2.399963  # radians, the golden angle: a way out for points that lie on top of each other


def push_apart(x: Pixels, y: Pixels, size: float) -> tuple[Pixels, Pixels]:
    """How far across and down each label of these points stands from its point, in pixels.

    A label is a disc of this diameter. One that no other point is near stays on its point: (0, 0).
    The others leave theirs, so that the point can be seen, and keep clear of each other's labels and
    points. The same points give the same places. Points that are nowhere (nan, inf) keep (0, 0).
    """
    places = np.stack([x, y], axis=1)
    away = np.zeros_like(places)
    real = np.isfinite(places).all(axis=1)
    crowded = np.zeros_like(real)
    crowded[real] = (_distances(places[real]) < size).any(axis=1)
    for _ in range(WIDER):
        moved, left = real & crowded, real & ~crowded
        if not moved.any():
            break
        away[moved] = _settled(places[moved], places[left], size)
        labels = places + away
        pushed_against = _distances(labels[real]) < _CLOSE * size
        crowded[real] |= pushed_against.any(axis=1)
        if not (crowded & left).any():
            break
    return away[:, 0], away[:, 1]


def _distances(points: Pixels) -> Pixels:
    """(n, n), and nothing is near itself."""
    gaps: Pixels = np.linalg.norm(points[:, None] - points[None], axis=-1)
    np.fill_diagonal(gaps, np.inf)
    return gaps


def _settled(points: Pixels, fixed: Pixels, size: float) -> Pixels:
    """(n, 2): where the labels of these points come to rest around them; those at `fixed` do not move."""
    way = _ways_out(points, np.concatenate([points, fixed]), 2 * size) * _OUT * size
    everyone = np.arange(len(points))
    for _ in range(ROUNDS):
        labels, before = points + way, way
        push = _pushes(labels, labels, size, everyone)
        push += _pushes(labels, points, _DOT * size, everyone)
        push += _pushes(labels, fixed, size)
        way = _no_nearer(way * _PULL + push / 2, _OUT * size)
        if np.abs(way - before).max() < _STILL:
            break
    return way


def _ways_out(points: Pixels, others: Pixels, reach: float) -> Pixels:
    """(n, 2) directions of length 1: away from the middle of what is within reach."""
    near = np.linalg.norm(points[:, None] - others[None], axis=-1) < reach
    middles = (near[..., None] * others[None]).sum(axis=1) / near.sum(axis=1, keepdims=True)
    turns = np.arange(len(points)) * _TURN
    way = points - middles + 1e-3 * np.stack([np.cos(turns), np.sin(turns)], axis=1)
    directions: Pixels = way / np.linalg.norm(way, axis=1, keepdims=True)
    return directions


def _pushes(
    labels: Pixels, others: Pixels, room: float, own: npt.NDArray[np.int_] | None = None
) -> Pixels:
    """(n, 2): what it takes to have each label so far from all others but its `own`."""
    between = labels[:, None] - others[None]
    gaps = np.linalg.norm(between, axis=-1)
    lacking = np.clip(room - gaps, 0, None)
    if own is not None:
        lacking[own, own] = 0
    pushes: Pixels = (between * (lacking / np.maximum(gaps, 1e-6))[..., None]).sum(axis=1)
    return pushes


def _no_nearer(way: Pixels, least: float) -> Pixels:
    length = np.linalg.norm(way, axis=1, keepdims=True)
    stretched: Pixels = way * np.maximum(1, least / np.maximum(length, 1e-6))
    return stretched
