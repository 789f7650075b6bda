"""Gradients of batches against autograd on five tensors, and their noise against what statistics foretells."""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from makemore.checkpoints import store
from makemore.data.examples import Dataset
from makemore.diagnostics.losses.batch_gradients import (
    angle,
    batch_gradient,
    batch_gradients,
    full_gradient,
)
from makemore.models import LanguageModel


@pytest.fixture(scope="module")
def net() -> LanguageModel:
    return store.load("mlp_lecture").model


def by_hand(net: LanguageModel, contexts: Tensor, targets: Tensor) -> Tensor:
    """The gradient in double precision on tensors of its own, in the order of the parameters."""
    p = {k: v.detach().double().requires_grad_() for k, v in net.named_parameters()}
    layer = {name.removeprefix("layers."): tensor for name, tensor in p.items()}
    x = layer["embedding.weight"][contexts].flatten(1)
    hidden = (x @ layer["hidden.weight"] + layer["hidden.bias"]).tanh()
    logits = hidden @ layer["logits.weight"] + layer["logits.bias"]
    F.cross_entropy(logits, targets).backward()
    return torch.cat([tensor.grad.flatten() for tensor in p.values() if tensor.grad is not None])


def test_the_gradient_of_a_batch_is_that_of_autograd(net: LanguageModel, real: Dataset) -> None:
    batch = real.examples("train", 3).draw(50, seed=3)
    found = batch_gradient(net, batch.contexts, batch.targets)
    wanted = by_hand(net, batch.contexts, batch.targets)
    assert torch.allclose(found.double(), wanted, atol=1e-6)
    assert all(parameter.grad is None for parameter in net.parameters())


def test_the_full_gradient_is_the_mean_over_all_examples(net: LanguageModel, real: Dataset) -> None:
    some = real.examples("dev", 3)  # the path by distinct contexts against all of them one by one
    wanted = by_hand(net, some.contexts, some.targets)
    assert torch.allclose(full_gradient(net, some.tally).double(), wanted, atol=1e-6)


def test_the_full_gradient_is_the_same_in_parts(
    net: LanguageModel, real: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    tally = real.examples("dev", 3).tally
    whole = full_gradient(net, tally)
    monkeypatch.setattr("makemore.diagnostics.losses.batch_gradients.CHUNK", 700)
    assert len(tally.contexts) > 2 * 700
    assert torch.allclose(full_gradient(net, tally), whole, atol=1e-6)


def test_angles_are_those_of_trigonometry() -> None:
    x, y = torch.tensor([3.0, 0.0]), torch.tensor([1.0, math.sqrt(3)])
    assert angle(x, y) == pytest.approx(60)
    assert angle(x, x) == pytest.approx(0, abs=1e-3)
    assert angle(x, -x) == pytest.approx(180, abs=1e-3)
    assert angle(x, 0 * x) == 90


def test_noise_falls_with_the_root_of_the_batch_size(net: LanguageModel, real: Dataset) -> None:
    train = real.examples("train", 3)
    found = batch_gradients(net, train, seed=1, sizes=(8, 32, 128), draws=60)
    rms = {size: np.sqrt((each**2).mean()) for size, each in found.groupby("size")["noise"]}
    assert rms[8] / rms[32] == pytest.approx(2, rel=0.15)
    assert rms[32] / rms[128] == pytest.approx(2, rel=0.15)
    last = found.iloc[-1]
    assert (last["size"], last["angle"], last["noise"]) == (0, 0, 0)


def test_an_angle_and_a_noise_are_those_of_the_batch_that_was_drawn(
    net: LanguageModel, real: Dataset
) -> None:
    train = real.examples("train", 3)
    found = batch_gradients(net, train, seed=4, sizes=(16,), draws=1).iloc[0]
    chosen = torch.randint(0, len(train), (16,), generator=Generator().manual_seed(4))
    batch = by_hand(net, train.contexts[chosen], train.targets[chosen]).numpy()
    whole = full_gradient(net, train.tally).double().numpy()
    cosine = batch @ whole / np.linalg.norm(batch) / np.linalg.norm(whole)
    assert found["angle"] == pytest.approx(math.degrees(math.acos(cosine)), abs=0.1)
    wanted = np.linalg.norm(batch - whole) / np.linalg.norm(whole)
    assert found["noise"] == pytest.approx(wanted, rel=1e-3)
