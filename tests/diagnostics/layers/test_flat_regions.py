"""Activations side by side, against torch.nn and autograd; flat and dead shares against counting."""

import pytest
import torch
from torch import Generator, nn

from makemore.diagnostics.layers.flat_regions import ACTIVATIONS, curves, flat_by_scale

TWINS: dict[str, nn.Module] = {
    "tanh": nn.Tanh(), "sigmoid": nn.Sigmoid(), "ReLU": nn.ReLU(),
    "leaky ReLU": nn.LeakyReLU(), "ELU": nn.ELU(),
}  # fmt: skip
EDGE = 1 - 0.99**2


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_curves(name: str) -> None:
    frame = curves(points=201)
    rows = frame[frame["activation"] == name]
    x = torch.tensor(rows["x"].to_list(), dtype=torch.float64, requires_grad=True)
    y = TWINS[name](x)
    [slope] = torch.autograd.grad(y.sum(), x)
    assert rows["y"].tolist() == pytest.approx(y.tolist(), abs=1e-12)
    assert rows["slope"].tolist() == pytest.approx(slope.tolist(), abs=1e-12)
    assert rows["flat"].tolist() == (slope < EDGE).tolist()


def test_all_of_torchs_twins_are_there() -> None:
    assert list(TWINS) == list(ACTIVATIONS)
    assert list(dict.fromkeys(curves()["activation"])) == list(ACTIVATIONS)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_flat_and_dead_shares(name: str) -> None:
    generator = Generator().manual_seed(1)
    pre = torch.randn(50, 30, generator=generator, dtype=torch.float64)
    pre += torch.linspace(-3, 3, 30)  # some neurons are always below 0
    frame = flat_by_scale(pre, [0.5, 1.0, 8.0])
    rows = frame[frame["activation"] == name].to_dict("records")
    assert [row["scale"] for row in rows] == [0.5, 1.0, 8.0]
    for row in rows:
        x = (pre * row["scale"]).requires_grad_()
        [slope] = torch.autograd.grad(TWINS[name](x).sum(), x)
        flat = slope < EDGE
        assert row["flat"] == pytest.approx(float(flat.double().mean()))
        assert row["dead"] == pytest.approx(float(flat.all(dim=0).double().mean()))
        assert row["passed"] == pytest.approx(float(slope.mean()))


def test_scale_costs_a_tanh_and_not_a_relu() -> None:
    pre = torch.randn(400, 50, generator=Generator().manual_seed(1))
    frame = flat_by_scale(pre, [1.0, 10.0]).set_index(["activation", "scale"])["flat"]
    assert frame[("tanh", 10.0)] > frame[("tanh", 1.0)] + 0.5
    assert frame[("ReLU", 10.0)] == frame[("ReLU", 1.0)] == pytest.approx(0.5, abs=0.02)
