"""Batch norm in numbers against our layer, autograd and torch.nn; what one example and one axis do."""

import math

import pytest
import torch
from torch import Generator, nn

from makemore.diagnostics.layers.batch_norm_numbers import (
    axes_of,
    bias_gradients,
    moved_by,
    normalised_values,
    running_statistics,
)
from makemore.layers import BatchNorm1d

FIVE = [1.0, -0.5, 2.0, 0.25, -3.0]


@pytest.mark.parametrize(("gamma", "beta"), [(1.0, 0.0), (2.5, -1.0), (0.0, 0.3)])
def test_five_values_are_those_of_the_layer(gamma: float, beta: float) -> None:
    norm = BatchNorm1d(1).double()
    with torch.no_grad():
        norm.gamma.fill_(gamma)
        norm.beta.fill_(beta)
    wanted = norm(torch.tensor(FIVE, dtype=torch.float64)[:, None])[:, 0]
    frame = normalised_values(FIVE, gamma=gamma, beta=beta)
    assert frame["before"].tolist() == FIVE
    assert frame["after"].tolist() == pytest.approx(wanted.tolist())


def test_one_example_is_not_a_number_in_the_plain_formula() -> None:
    assert math.isnan(normalised_values([2.0])["after"][0])
    assert normalised_values([2.0, 2.0])["after"].tolist() == [0, 0]


@pytest.mark.parametrize("example", range(5))
@pytest.mark.parametrize("gamma", [1.0, 0.7])
def test_one_value_moves_all_outputs_as_autograd_says(example: int, gamma: float) -> None:
    norm = BatchNorm1d(1).double()
    with torch.no_grad():
        norm.gamma.fill_(gamma)

    def outputs(x: torch.Tensor) -> torch.Tensor:
        return norm(x[:, None])[:, 0]  # type: ignore[no-any-return]

    jacobian = torch.autograd.functional.jacobian(outputs, torch.tensor(FIVE).double())
    moves = moved_by(FIVE, example, gamma=gamma)["moves"].tolist()
    assert moves == pytest.approx(jacobian[:, example].tolist(), abs=1e-12)
    assert sum(moves) == pytest.approx(0, abs=1e-12), "the mean of the outputs stays"
    assert min(map(abs, moves)) > 0


@pytest.mark.parametrize("momentum", [0.001, 0.1, 1.0])
def test_running_statistics_are_torchs(momentum: float) -> None:
    values = 3 + 2 * torch.randn(500, generator=Generator().manual_seed(1))
    frame = running_statistics(values, momentum=momentum, batch_size=32, steps=40, seed=9)
    twin, generator = nn.BatchNorm1d(1, momentum=momentum), Generator().manual_seed(9)
    assert (frame["running_mean"][0], frame["running_var"][0]) == (0, 1)
    for step in range(1, 41):
        twin(values[torch.randint(0, 500, (32,), generator=generator)][:, None])
        assert twin.running_mean is not None
        assert twin.running_var is not None
        assert frame["running_mean"][step] == pytest.approx(float(twin.running_mean), rel=1e-4)
        assert frame["running_var"][step] == pytest.approx(float(twin.running_var), rel=1e-4)
    assert set(frame["mean"]) == {float(values.mean())}
    assert set(frame["var"]) == {float(values.var())}


def test_momentum_trades_noise_for_delay() -> None:
    values = 3 + 2 * torch.randn(5000, generator=Generator().manual_seed(1))
    slow, quick = (
        running_statistics(values, momentum=momentum, batch_size=32, steps=400)
        for momentum in (0.01, 0.5)
    )
    off = [(each["running_mean"] - each["mean"]).abs() for each in (slow, quick)]
    assert off[1][20] < 1 < off[0][20]
    assert off[0][-50:].mean() + 0.01 < off[1][-50:].mean()


def test_the_bias_before_a_batch_norm_gets_no_gradient() -> None:
    g = Generator().manual_seed(2)
    inputs, weight = torch.randn(64, 30, generator=g), torch.randn(30, 20, generator=g) * 0.3
    bias, out = torch.randn(20, generator=g), torch.randn(20, 27, generator=g) * 0.3
    targets = torch.randint(0, 27, (64,), generator=g)
    with_norm, without = bias_gradients(inputs, weight, bias, out, targets).to_dict("records")
    assert (with_norm["net"], without["net"]) == ("with batch norm", "without")
    assert with_norm["bias"] < 1e-7
    assert min(without["bias"], without["weight"], with_norm["weight"]) > 1e-3
    twin = nn.Linear(30, 20)
    with torch.no_grad():
        twin.weight.copy_(weight.T)
        twin.bias.copy_(bias)
    loss = nn.functional.cross_entropy(twin(inputs).tanh() @ out, targets)
    loss.backward()
    assert twin.bias.grad is not None
    assert without["bias"] == pytest.approx(float(twin.bias.grad.abs().max()), rel=1e-4)


def test_the_axes_of_three_dimensional_input() -> None:
    x = 2 + torch.randn(32, 4, 20, generator=Generator().manual_seed(4))
    x *= torch.linspace(1, 4, 4)[:, None]  # positions differ, so it shows what is shared
    frame = axes_of(x)
    assert dict(zip(frame["norm"], frame["axes"], strict=True)) == {
        "ours": (0, 1), "ours with the bug": (0,), "torch, as it is": (0, 2), "torch, transposed": (0, 1)
    }  # fmt: skip
    assert frame["statistics"].tolist() == [(20,), (4, 20), (4,), (20,)]
    assert frame["numbers"].tolist() == [128, 32, 640, 128]
    ours, bug, as_it_is, transposed = frame["difference"].tolist()
    assert ours == 0
    assert 0 < transposed < 0.03  # torch divides by n, ours by n - 1
    assert min(bug, as_it_is) > 0.5


def test_torch_takes_axis_1_for_channels() -> None:
    """So a norm of as many features as there are refuses."""
    x = torch.randn(32, 4, 20, generator=Generator().manual_seed(4))
    with pytest.raises(RuntimeError, match="20"):
        nn.BatchNorm1d(20)(x)
    y = nn.BatchNorm1d(4)(x)
    assert y.mean(dim=(0, 2)).abs().max() < 1e-5
    assert y.mean(dim=(0, 1)).abs().max() > 1e-3
