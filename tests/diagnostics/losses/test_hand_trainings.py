"""The training by hand beside autograd's: counts and differences against plain loops over the same losses."""

import pandas as pd
import pytest
import torch

from makemore.by_hand.backprop import PARAMETERS, draw_net
from makemore.by_hand.hand_training import Trained
from makemore.by_hand.trained_each_way import WAYS, train_each_way
from makemore.data.examples import Examples
from makemore.diagnostics.losses.hand_trainings import (
    DIGITS,
    Compared,
    compare_trainings,
    printed_differently,
    thinned,
)
from tests.by_hand.batches import drawn

STEPS = 150


@pytest.fixture(scope="module")
def examples() -> Examples:
    _, X, Y = drawn(batch=500, seed=3)
    return Examples(X, Y)


@pytest.fixture(scope="module")
def compared(examples: Examples) -> Compared:
    return compare_trainings(train_each_way(draw_net(), examples, steps=STEPS, seed=5))


def losses_of_torch(examples: Examples, steps: int) -> list[float]:
    """The same training in torch's own layers and with its optimizer."""
    net = {name: tensor.clone().requires_grad_() for name, tensor in draw_net().items()}
    descent = torch.optim.SGD([net[name] for name in PARAMETERS], lr=0.1)
    generator = torch.Generator().manual_seed(5)
    losses = []
    for _ in range(steps):
        chosen = torch.randint(0, len(examples), (32,), generator=generator)
        x = net["C"][examples.contexts[chosen]].flatten(1) @ net["W1"] + net["b1"]
        raw = (x - x.mean(0)) / (x.var(0) + 1e-5).sqrt()
        h = torch.tanh(net["bngain"] * raw + net["bnbias"])
        loss = torch.nn.functional.cross_entropy(
            h @ net["W2"] + net["b2"], examples.targets[chosen]
        )
        descent.zero_grad()
        loss.backward()
        descent.step()
        losses.append(loss.item())
    return losses


def test_all_three_are_the_training_of_torch(compared: Compared, examples: Examples) -> None:
    theirs = losses_of_torch(examples, STEPS)
    size = 2  # steps to a point, as there are more than a hundred
    means = [sum(theirs[i : i + size]) / size for i in range(0, STEPS, size)]
    for _, curve in compared.curves.groupby("way"):
        assert curve["loss"].tolist() == pytest.approx(means, abs=1e-4)
        assert curve["step"].tolist() == list(range(size, STEPS + 1, size))
    assert set(compared.curves["way"]) == set(WAYS) == set(compared.seconds)
    assert all(seconds > 0 for seconds in compared.seconds.values())


def test_float32_parts_by_rounding_alone_and_float64_by_far_less(
    compared: Compared, examples: Examples
) -> None:
    assert compared.largest < 1e-5
    assert compared.of_net < 1e-4
    net = draw_net(dtype=torch.float64)
    fine = compare_trainings(train_each_way(net, examples, steps=50, seed=5))
    assert fine.largest < 1e-12
    assert fine.alike == dict.fromkeys(DIGITS, 50)
    assert fine.differing == dict.fromkeys(DIGITS, 0)


def test_more_digits_print_alike_no_longer(compared: Compared) -> None:
    alike, differing = list(compared.alike.values()), list(compared.differing.values())
    assert alike == sorted(alike, reverse=True)
    assert differing == sorted(differing)
    for digits in DIGITS:
        assert (compared.alike[digits] == STEPS) == (compared.differing[digits] == 0)


def test_a_curve_is_thinned_to_means_and_largest_differences() -> None:
    one = Trained(tuple(float(i) for i in range(250)), {}, 1.0)
    other = Trained((*one.losses[:-1], 250.0), {}, 1.0)
    frame = thinned("a", one, other)
    assert len(frame) <= 100
    assert frame.iloc[0][["step", "loss", "apart"]].tolist() == [3, 1.0, 0.0]
    assert frame.iloc[-1][["step", "loss", "apart"]].tolist() == [250, 249.0, 1.0]
    assert isinstance(frame, pd.DataFrame)


def test_what_prints_differently_is_counted() -> None:
    assert printed_differently((1.0, 2.00001, 3.0), (1.0, 2.0, 3.1), 4) == 1
    assert printed_differently((1.0, 2.00001, 3.0), (1.0, 2.0, 3.1), 5) == 2
