"""Block means against numpy, and the noise that is left of them."""

import math

import numpy as np
import pytest
import torch

from makemore.diagnostics.losses.block_means import block_means, fall_at, spread

GENERATOR = torch.Generator().manual_seed(2)
NOISE = 2 + torch.randn(50_000, generator=GENERATOR, dtype=torch.float64)


@pytest.mark.parametrize("block", [1, 7, 100, 1_000])
def test_every_block_is_the_mean_of_its_batches(block: int) -> None:
    found = block_means(NOISE, block, most=10**6)
    whole = len(NOISE) // block * block
    wanted = NOISE[:whole].numpy().reshape(-1, block).mean(axis=1)
    assert np.allclose(found["loss"], wanted)
    assert found["step"].iloc[0] == (block - 1) / 2
    assert np.allclose(np.diff(found["step"]), block)


def test_what_is_left_out_changes_no_mean() -> None:
    all_of_them, some = block_means(NOISE, 10, most=10**6), block_means(NOISE, 10, most=700)
    assert len(some) <= 700
    kept = all_of_them[all_of_them["step"].isin(some["step"])].reset_index(drop=True)
    assert kept.equals(some)


def test_the_spread_falls_with_the_root_of_the_block() -> None:
    assert spread(NOISE, 1) == pytest.approx(1, rel=0.02)
    assert spread(NOISE, 100) == pytest.approx(0.1, rel=0.1)
    assert math.isnan(spread(NOISE, 20_000))


def test_a_fall_is_that_between_both_sides() -> None:
    stairs = torch.cat([torch.full((500,), 3.0), torch.full((500,), 2.0)])
    assert fall_at(stairs, 500, 100) == (3.0, 2.0)
    assert fall_at(stairs, 500, 10_000) == (3.0, 2.0)
