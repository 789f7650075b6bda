"""What is kept of a look inside: against numpy and autograd, for every activation; nothing that is no number."""

import math
from collections import OrderedDict

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Generator, nn

from makemore.data.examples import Dataset
from makemore.inference.capture import snapshot
from makemore.inference.readings import (
    FINITE,
    GRADIENT_BINS,
    finite,
    flat_ends,
    gradient_interval,
    read,
)
from makemore.layers import (
    ELU,
    Activation,
    Embedding,
    FlattenConsecutive,
    Gate,
    LeakyReLU,
    Linear,
    Nonlinearity,
    ReLU,
    Sigmoid,
    Tanh,
)
from makemore.models import MODELS, Bigram, LayeredModel, config_for
from tests.conftest import Start

ENDS: list[tuple[Nonlinearity, int]] = [
    (Tanh(), 2), (Sigmoid(), 2), (ReLU(), 1), (LeakyReLU(), 1), (LeakyReLU(0.3), 0), (ELU(), 1), (Gate(), 0),
]  # fmt: skip


@pytest.mark.parametrize(("layer", "ends"), ENDS, ids=[repr(layer) for layer, _ in ENDS])
def test_flat_ends(layer: Nonlinearity, ends: int) -> None:
    assert flat_ends(layer) == ends


def net(few: Dataset, bend: Nonlinearity) -> LayeredModel:
    """One layer that bends between two matrices, wide enough that some of its neurons are dead."""
    model = LayeredModel(config_for("mlp", {}), len(few.vocabulary), Generator())
    width = 24 if isinstance(bend, Gate) else 12
    model.layers = nn.Sequential(
        OrderedDict(
            embedding=Embedding(len(few.vocabulary), 2),
            flatten=FlattenConsecutive(3),
            hidden=Linear(6, width),
            bend=bend,
            logits=Linear(12, len(few.vocabulary)),
        )
    )
    generator = Generator().manual_seed(4)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(generator=generator)
        model.layers.get_parameter("hidden.bias").mul_(8)
    return model


@pytest.mark.parametrize("bend", [layer for layer, _ in ENDS], ids=[repr(each) for each, _ in ENDS])
def test_a_layer_in_numbers_is_what_numpy_and_autograd_say(
    few: Dataset, bend: Nonlinearity
) -> None:
    model, examples = net(few, bend), few.examples("train", 3)
    found = read(snapshot(model, examples.contexts[:40], examples.targets[:40], step=5))
    embedding, flatten, hidden, _, logits = model.layers
    pre = hidden(flatten(embedding(examples.contexts[:40]))).detach().requires_grad_()
    post = bend(pre)
    post.retain_grad()
    F.cross_entropy(logits(post), examples.targets[:40]).backward()
    assert post.grad is not None
    layer = found.layers["bend"]
    h, dh = post.detach().double().numpy(), post.grad.double().numpy()
    assert (layer.mean, layer.std) == pytest.approx((h.mean(), h.std(ddof=1)), rel=1e-5)
    assert layer.gradient_std == pytest.approx(dh.std(ddof=1), rel=1e-5)
    assert layer.gradient_mean == pytest.approx(dh.mean(), abs=1e-7)
    flat = np.zeros((40, 12), bool)
    if isinstance(bend, Activation) and layer.flat_ends:
        slopes = torch.autograd.grad(bend(pre).sum(), pre)[0].numpy()
        flat = slopes < 1 - 0.99**2
    assert layer.flat == pytest.approx(flat.mean(), abs=1e-6)
    assert layer.dead == pytest.approx(flat.all(axis=0).mean(), abs=1e-6)
    low, high = gradient_interval(layer.gradient_mean, layer.gradient_std)
    far = 4 * math.sqrt(float((dh**2).mean()))
    assert (-low, high) == pytest.approx((far, far), rel=2e-3)
    counts, _ = np.histogram(np.clip(dh, low, high), GRADIENT_BINS, (low, high))
    assert np.abs(found.gradients["bend"].numpy() - counts / dh.size).max() <= 1.01 / dh.size


def test_dead_neurons_are_there_to_be_found(few: Dataset) -> None:
    """Else the test above would hold for a reading that never sees one."""
    examples = few.examples("train", 3)
    look = snapshot(net(few, ReLU()), examples.contexts[:40], examples.targets[:40])
    assert 0 < read(look).layers["bend"].dead < 1


@pytest.mark.parametrize("name", [n for n, m in MODELS.items() if not issubclass(m, Bigram)])
def test_parameters_in_numbers(few: Dataset, start: Start, name: str) -> None:
    model = start(name).model
    examples = few.examples("dev", model.block_size)
    sizes = {"layers.logits.weight": 0.25}
    look = snapshot(model, examples.contexts[:30], examples.targets[:30], updates=sizes)
    found = read(look)
    assert (found.loss, found.uniform) == (look.loss, math.log(len(few.vocabulary)))
    assert list(found.layers) == list(look.intervals)
    assert list(found.parameters) == [key for key, _ in model.named_parameters()]
    for key, numbers in found.parameters.items():
        weight = look.weights[key].double().numpy()
        gradient = look.weight_gradients[key].double().numpy()
        assert numbers.std == pytest.approx(weight.std(ddof=1), rel=1e-5)
        assert numbers.gradient_std == pytest.approx(gradient.std(ddof=1), rel=1e-4)
        assert numbers.update_std == sizes.get(key, 0)
    matrices = [key for key, weight in look.weights.items() if weight.dim() == 2]
    assert list(found.weight_gradients) == matrices
    for shares in found.weight_gradients.values():
        assert shares.shape == (GRADIENT_BINS,)
        assert float(shares.sum()) == pytest.approx(1, abs=1e-5)


def test_what_is_no_number_is_kept_as_a_large_one(few: Dataset) -> None:
    assert [finite(x) for x in (math.nan, math.inf, -math.inf, 3.0)] == [
        FINITE,
        FINITE,
        -FINITE,
        3.0,
    ]
    model, examples = net(few, Tanh()), few.examples("train", 3)
    with torch.no_grad():
        model.layers.get_parameter("logits.weight").fill_(math.nan)
    found = read(snapshot(model, examples.contexts[:40], examples.targets[:40]))
    assert found.loss == FINITE
    numbers = [*found.layers.values(), *found.parameters.values()]
    assert all(math.isfinite(value) for each in numbers for value in vars(each).values())
    assert all(shares.isfinite().all() for shares in found.gradients.values())


def test_gradients_of_zero_have_a_histogram_too(few: Dataset) -> None:
    model, examples = net(few, Tanh()), few.examples("train", 3)
    with torch.no_grad():
        model.layers.get_parameter("logits.weight").zero_()
    found = read(snapshot(model, examples.contexts[:40], examples.targets[:40]))
    assert found.layers["bend"].gradient_std == 0
    assert float(found.gradients["bend"].sum()) == pytest.approx(1)
