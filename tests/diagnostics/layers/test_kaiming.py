"""Kaiming's rule against numpy, its gain against torch, and layers against a stack that autograd goes through."""

import math
from typing import Literal

import numpy as np
import pytest
import torch
from torch import Generator, nn

from makemore.diagnostics.layers.kaiming import spreads, through_layers
from makemore.diagnostics.layers.repairs import GAINS
from makemore.layers import ELU, Activation, LeakyReLU, ReLU, Sigmoid, Tanh

Named = Literal["tanh", "relu", "leaky_relu", "sigmoid"]
TORCHS: dict[type[Activation], Named] = {
    Tanh: "tanh", ReLU: "relu", LeakyReLU: "leaky_relu", Sigmoid: "sigmoid"
}  # fmt: skip


@pytest.mark.parametrize("fan_in", [10, 30, 200])
@pytest.mark.parametrize("scale", [0.2, 1.0])
def test_the_rule_holds_of_independent_numbers(fan_in: int, scale: float) -> None:
    generator = Generator().manual_seed(3)
    x = 1.5 * torch.randn(2000, fan_in, generator=generator)
    w = scale * torch.randn(fan_in, 100, generator=generator)
    found = spreads(x, w)
    a, b = x.double().numpy(), w.double().numpy()
    assert (found.x, found.w) == pytest.approx((a.std(ddof=1), b.std(ddof=1)), rel=1e-5)
    assert found.y == pytest.approx((a @ b).std(ddof=1), rel=1e-4)
    assert found.formula == pytest.approx(1.5 * scale * math.sqrt(fan_in), rel=0.05)
    assert found.y == pytest.approx(found.formula, rel=0.05)


@pytest.mark.parametrize("kind", TORCHS)
def test_gains_are_torchs(kind: type[Activation]) -> None:
    assert GAINS[kind] == pytest.approx(nn.init.calculate_gain(TORCHS[kind], 0.01))


@pytest.mark.parametrize("gain", [0.5, 5 / 3])
@pytest.mark.parametrize("depth", [1, 4])
def test_layers_are_those_of_a_stack_of_torchs(gain: float, depth: int) -> None:
    frame = through_layers(gain, depth, width=40, examples=60, seed=5)
    g = Generator().manual_seed(5)
    x = torch.randn(60, 40, generator=g)
    outputs, pres = [], []
    for _ in range(depth):
        w = torch.randn(40, 40, generator=g) * gain / math.sqrt(40)
        pre = (x @ w).requires_grad_()
        x = torch.tanh(pre)
        x.retain_grad()
        pres.append(pre.detach().numpy())
        outputs.append(x)
    coming = torch.randn(60, 40, generator=g)
    (outputs[-1] * coming).sum().backward()
    assert frame["layer"].tolist() == list(range(1, depth + 1))
    for row, sums, h in zip(frame.to_dict("records"), pres, outputs, strict=True):
        values = h.detach().numpy()
        assert row["pre_std"] == pytest.approx(sums.std(ddof=1), rel=1e-4)
        assert row["std"] == pytest.approx(values.std(ddof=1), rel=1e-4)
        assert row["flat"] == pytest.approx((np.abs(values) > 0.99).mean(), abs=1e-6)
        assert h.grad is not None
        assert row["gradient_std"] == pytest.approx(float(h.grad.std()), rel=1e-3)


def test_a_gain_lets_ten_layers_die_live_or_saturate() -> None:
    frames = {gain: through_layers(gain, 10) for gain in (0.5, 5 / 3, 3.0)}
    stds, flats, slopes = (
        {gain: frame[column].tolist() for gain, frame in frames.items()}
        for column in ("std", "flat", "gradient_std")
    )
    assert stds[0.5][-1] < 0.002
    assert 0.6 < stds[5 / 3][-1] < 0.7
    assert flats[3.0][-1] > 0.25 > 0.1 > flats[5 / 3][-1]
    assert slopes[0.5][0] < 0.01
    assert 1 < slopes[5 / 3][0] < 4 < slopes[3.0][0]


def test_relus_keep_their_spread_with_the_root_of_two() -> None:
    keeping = through_layers(2**0.5, 8, activation=ReLU(), width=300)["pre_std"]
    assert keeping.iloc[-1] == pytest.approx(keeping.iloc[0], rel=0.2)
    fading = through_layers(1.0, 8, activation=ReLU(), width=300)["pre_std"]
    assert fading.iloc[-1] / fading.iloc[0] == pytest.approx(2**-3.5, rel=0.2)


def test_an_elu_stays_alive_with_gain_one() -> None:
    frame = through_layers(GAINS[ELU], 10, activation=ELU())
    assert frame["std"].iloc[-1] > 0.2 * frame["std"].iloc[0]
