"""Effects over seeds against tables of Student's t, and how far running means should stray."""

import pytest
import torch

from makemore.diagnostics.losses import seed_effects

# Two-sided critical values, as every table of Student's t has them.
TABLE = {
    1: (6.314, 12.706, 63.657),
    2: (2.920, 4.303, 9.925),
    3: (2.353, 3.182, 5.841),
    4: (2.132, 2.776, 4.604),
    5: (2.015, 2.571, 4.032),
    10: (1.812, 2.228, 3.169),
    15: (1.753, 2.131, 2.947),
    30: (1.697, 2.042, 2.750),
    120: (1.658, 1.980, 2.617),
}


@pytest.mark.parametrize("degrees", TABLE)
def test_p_is_that_of_the_table(degrees: int) -> None:
    for t, p in zip(TABLE[degrees], (0.1, 0.05, 0.01), strict=True):
        assert seed_effects.two_sided_p(t, degrees) == pytest.approx(p, rel=2e-3)
        assert seed_effects.two_sided_p(-t, degrees) == seed_effects.two_sided_p(t, degrees)
    assert seed_effects.two_sided_p(0, degrees) == 1


def test_three_standard_errors_of_three_seeds_are_not_clear() -> None:
    assert seed_effects.two_sided_p(3, 2) == pytest.approx(0.0955, abs=5e-5)


def test_p_agrees_with_drawn_samples() -> None:
    draws = torch.randn(200_000, 4, generator=torch.Generator().manual_seed(1))
    t = draws.mean(dim=1) / (draws.std(dim=1) / 2)
    assert float((t.abs() > 2.5).float().mean()) == pytest.approx(
        seed_effects.two_sided_p(2.5, 3), rel=0.03
    )


def test_no_degree_of_freedom() -> None:
    with pytest.raises(ValueError, match="at least one degree"):
        seed_effects.two_sided_p(1, 0)


def test_effect_of_pairs() -> None:
    found = seed_effects.effect([2.0, 2.2, 2.4], [1.9, 2.1, 2.3])
    assert (found.before, found.after) == pytest.approx((2.2, 2.1))
    assert found.seeds == 3
    assert found.difference == pytest.approx(-0.1)
    assert found.error == pytest.approx(0, abs=1e-9)
    assert found.spread == pytest.approx(0.2)
    assert found.clear
    assert seed_effects.verdict(found) == "lower"


def test_an_effect_that_seeds_may_give_is_not_clear() -> None:
    found = seed_effects.effect([2.0, 2.0, 2.0], [2.1, 2.2, 2.0])
    assert found.t == pytest.approx(3**0.5)
    assert found.p == pytest.approx(0.2254, abs=1e-4)  # of a t of 1.732 with two degrees of freedom
    assert not found.clear
    assert seed_effects.verdict(found) == "too close to call"


def test_nothing_changed_is_not_clear() -> None:
    found = seed_effects.effect([2.0, 2.1], [2.0, 2.1])
    assert (found.t, found.p, found.clear) == (0, 1, False)


def test_one_seed_has_no_spread() -> None:
    with pytest.raises(ValueError, match="at least two seeds"):
        seed_effects.effect([2.0], [1.9])


@pytest.mark.parametrize(
    ("p", "written"), [(2e-5, "< 0.001"), (0.0074, "0.007"), (0.0955, "0.096"), (0.152, "0.15")]
)
def test_p_is_written_with_the_digits_that_matter(p: float, written: str) -> None:
    assert seed_effects.write_p(p) == written


@pytest.mark.parametrize("numbers", [32, 128])
def test_a_running_mean_strays_as_foretold(numbers: int) -> None:
    generator = torch.Generator().manual_seed(1)
    mean, seen = torch.zeros(500), []
    for _ in range(400):
        mean = mean.lerp(torch.randn(numbers, 500, generator=generator).mean(0), 0.1)
        seen.append(mean)
    strayed = float(torch.stack(seen[100:]).std(dim=0).mean())
    assert strayed == pytest.approx(seed_effects.expected_wander(numbers, 0.1), rel=0.05)
