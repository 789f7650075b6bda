"""The valley of a sweep: found where one was put, whatever lies outside of it."""

import numpy as np
import pytest
import torch

from makemore.diagnostics.losses.rate_valley import NEAR, find_valley, smoothed, sweep_frame

RATES = torch.logspace(-3, 0, 1_001, dtype=torch.float64)


def test_smoothing_is_the_mean_of_the_neighbours_that_there_are() -> None:
    losses = torch.rand(200, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    found, plain = smoothed(losses, 51), losses.numpy()
    for place in (0, 10, 25, 100, 180, 199):
        part = plain[max(place - 25, 0) : place + 26]
        assert float(found[place]) == pytest.approx(part.mean())


def test_a_parabola_has_its_valley_around_its_lowest_point() -> None:
    centre = 10**-1.5
    losses = 2.5 + (RATES.log10() + 1.5) ** 2
    valley = find_valley(RATES, losses)
    half = np.sqrt(NEAR)
    assert np.log10(valley.low) == pytest.approx(-1.5 - half, abs=0.02)
    assert np.log10(valley.high) == pytest.approx(-1.5 + half, abs=0.02)
    assert valley.suggested == float(f"{centre:.1g}") == 0.03


def test_a_dip_far_away_does_not_widen_the_valley() -> None:
    losses = 2.5 + (RATES.log10() + 1.0) ** 2
    losses[:60] = 2.55  # within NEAR of the lowest, but beyond a hill
    valley = find_valley(RATES, losses)
    assert valley.low > 0.03


def test_a_loss_that_only_falls_has_its_valley_at_the_end() -> None:
    valley = find_valley(RATES, 3 - RATES)
    assert valley.high == pytest.approx(1.0)
    frame = sweep_frame(RATES, 3 - RATES)
    assert frame["smoothed"].iloc[-1] < frame["smoothed"].iloc[0]
