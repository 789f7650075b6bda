"""Every activation against its twin in torch.nn, and its slope against autograd, in double precision."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.testing import assert_close

from makemore import layers
from makemore.layers import ELU, Activation, Gate, Interval, LeakyReLU, ReLU, Sigmoid, Tanh
from tests.layers.test_layers import SHAPES, assert_twins, draw

TWINS: list[tuple[Activation, nn.Module]] = [
    (Tanh(), nn.Tanh()),
    (Sigmoid(), nn.Sigmoid()),
    (ReLU(), nn.ReLU()),
    (LeakyReLU(), nn.LeakyReLU()),
    (LeakyReLU(0.3), nn.LeakyReLU(0.3)),
    (LeakyReLU(0.0), nn.LeakyReLU(0.0)),
    (ELU(), nn.ELU()),
    (ELU(0.4), nn.ELU(0.4)),
]
IDS = [repr(ours) for ours, _ in TWINS]
OURS = [ours for ours, _ in TWINS]


@pytest.mark.parametrize(("ours", "theirs"), TWINS, ids=IDS)
@given(shape=SHAPES, scale=st.sampled_from([0.1, 3.0, 1000.0]))
def test_an_activation(ours: Activation, theirs: nn.Module, shape: list[int], scale: float) -> None:
    """Far out, too, where exp overflows."""
    assert_twins(ours, theirs, scale * draw(*shape))


@pytest.mark.parametrize(("ours", "theirs"), TWINS, ids=IDS)
def test_zero_and_what_is_no_number(ours: Activation, theirs: nn.Module) -> None:
    """A training that diverges shows by its NaNs: none may be mended."""
    assert_twins(ours, theirs, torch.zeros(3, dtype=torch.float64))
    odd = torch.tensor([float("nan"), float("inf"), -float("inf")])
    assert_close(ours(odd), theirs(odd), equal_nan=True)


@pytest.mark.parametrize("ours", OURS, ids=IDS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_slope_is_that_of_autograd(ours: Activation, dtype: torch.dtype) -> None:
    x = torch.cat([3 * draw(5, 7).flatten(), torch.zeros(1)]).to(dtype).requires_grad_()
    y = ours(x)
    y.sum().backward()
    slope = ours.slope(y.detach())
    assert_close(slope, x.grad)
    assert slope.dtype == y.dtype == dtype
    steep = (slope - 0.0199).abs() > 1e-4
    assert torch.equal(ours.saturated(y.detach())[steep], slope[steep] < 0.0199)


def test_a_tanh_is_saturated_beyond_ninety_nine_hundredths() -> None:
    """Without the rounding of a square: the very next float is, the float itself is not."""
    edge = torch.tensor(0.99)
    near = torch.stack([torch.nextafter(edge, torch.tensor(to)) for to in (0.0, 1.0)])
    y = torch.cat([near[:1], edge[None], near[1:]])
    assert Tanh().saturated(y).tolist() == [False, False, True]
    assert Tanh().saturated(-y).tolist() == [False, False, True]


@pytest.mark.parametrize(
    ("ours", "interval"),
    [(Tanh(), (-1, 1)), (Sigmoid(), (0, 1)), (ReLU(), (0, 5)), (ELU(), (-1, 5)), (ELU(0.4), (-0.4, 5))],
    ids=str,
)  # fmt: skip
def test_a_bound_of_the_outputs_is_one_of_the_interval(
    ours: Activation, interval: Interval
) -> None:
    """Where there is none it is a round number."""
    assert ours.drawn_between == interval
    y = ours(torch.linspace(-50, 50, 1001))
    bounds = float(y.min()), min(float(y.max()), 5)
    assert bounds == pytest.approx(interval, abs=1e-6)


def test_the_outputs_of_a_gate_lie_in_the_interval_it_is_drawn_in() -> None:
    gate = Gate()
    y = gate(100 * draw(50, 8))
    assert y.shape == (50, 4)
    assert gate.drawn_between == (-1, 1)
    assert y.abs().max() <= 1


@pytest.mark.parametrize(
    ("make", "why"), [(lambda: LeakyReLU(-0.1), "turns back"), (lambda: ELU(0.0), "above 0")]
)
def test_a_slope_that_turns_back_is_refused(make: type[Activation], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        make()


def test_one_without_a_slope_says_so() -> None:
    class Cube(Activation):
        pass

    with pytest.raises(TypeError, match="Cube has no slope"):
        Cube().saturated(torch.ones(2))


@pytest.mark.parametrize("ours", OURS, ids=IDS)
def test_they_stand_among_the_layers(ours: Activation) -> None:
    assert getattr(layers, type(ours).__name__) is type(ours)


def test_what_an_activation_prints() -> None:
    shown = [repr(each) for each in (Tanh(), LeakyReLU(0.2), ELU(0.5))]
    assert shown == ["Tanh()", "LeakyReLU(0.2)", "ELU(0.5)"]
