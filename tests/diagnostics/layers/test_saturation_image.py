"""Saturation as one image: sorted columns, any threshold, dead neurons; and one neuron's weights by letter."""

import numpy as np
import pytest
import torch
from torch import Generator

from makemore.data.examples import Dataset
from makemore.diagnostics.layers.saturation_image import neuron_weights, saturation_image
from makemore.inference.capture import snapshot
from makemore.layers import ELU, Activation, LeakyReLU, ReLU, Sigmoid, Tanh
from tests.conftest import Start


def draw(examples: int, neurons: int) -> torch.Tensor:
    """Pre-activations whose neurons differ in scale; the last one is far out for every example."""
    generator = Generator().manual_seed(2)
    scales = torch.linspace(0.2, 6, neurons)
    pre = torch.randn(examples, neurons, generator=generator) * scales
    pre[:, -1] = -30
    return pre


@pytest.mark.parametrize("threshold", [0.9, 0.97, 0.99])
def test_it_is_what_numpy_counts(threshold: float) -> None:
    outputs = draw(300, 40).tanh()
    found = saturation_image(outputs, Tanh(), threshold=threshold)
    wanted = np.abs(outputs.numpy()) > threshold
    order = found.neurons["neuron"].to_numpy()
    assert sorted(order) == list(range(40))
    assert np.array_equal(found.pixels, wanted[:, order])
    shares = found.neurons["flat"].to_numpy()
    assert (np.diff(shares) <= 0).all()
    assert shares == pytest.approx(wanted.mean(axis=0)[order])
    assert found.share == pytest.approx(wanted.mean())
    assert found.dead == np.flatnonzero(wanted.all(axis=0)).tolist() == [39]
    assert found.neurons["dead"].tolist() == [True] + [False] * 39
    plain = saturation_image(outputs, Tanh(), threshold=threshold, by_share=False)
    assert np.array_equal(plain.pixels, wanted)
    assert plain.neurons["neuron"].tolist() == list(range(40))


@pytest.mark.parametrize("bend", [Tanh(), Sigmoid(), ReLU(), LeakyReLU(), ELU()], ids=str)
@pytest.mark.parametrize("threshold", [0.97, 0.99])
def test_any_activation_by_its_slope(bend: Activation, threshold: float) -> None:
    pre = draw(200, 12).double().requires_grad_()
    outputs = bend(pre)
    [slope] = torch.autograd.grad(outputs.sum(), pre)
    found = saturation_image(outputs.detach(), bend, threshold=threshold, by_share=False)
    wanted, near = slope < 1 - threshold**2, (slope - (1 - threshold**2)).abs() < 1e-9
    assert torch.equal(torch.from_numpy(found.pixels)[~near], wanted[~near])


def test_positions_of_a_window_are_examples() -> None:
    outputs = draw(60, 8).tanh()
    whole = saturation_image(outputs, Tanh())
    assert np.array_equal(saturation_image(outputs.view(20, 3, 8), Tanh()).pixels, whole.pixels)


def test_it_holds_five_thousand_by_five_hundred() -> None:
    found = saturation_image(draw(5000, 500).tanh(), Tanh())
    assert found.pixels.shape == (5000, 500)
    assert len(found.neurons) == 500


def test_the_weights_of_one_neuron(few: Dataset, start: Start) -> None:
    """What the letters of a context add, and the bias, is the neuron's sum."""
    model = start("mlp", settings={"embedding": 4, "hidden": 7}).model
    examples = few.examples("dev", 3)
    look = snapshot(model, examples.contexts[:30], examples.targets[:30])
    weight, table = look.weights["layers.hidden.weight"], look.weights["layers.embedding.weight"]
    gradient = look.weight_gradients["layers.hidden.weight"]
    letters = few.vocabulary.letters
    own, by_letter = neuron_weights(weight, table, 5, "".join(letters), gradient)
    assert own["weight"].tolist() == weight[:, 5].tolist()
    assert own["gradient"].tolist() == gradient[:, 5].tolist()
    assert own[["position", "dimension"]].to_numpy().tolist() == [
        [p, d] for p in (1, 2, 3) for d in (1, 2, 3, 4)
    ]
    adds = by_letter.set_index(["letter", "position"])["adds"]
    bias = look.weights["layers.hidden.bias"][5]
    for context, pre in zip(look.contexts[:9], look.activations["hidden"][:9, 5], strict=True):
        parts = [adds[(letters[int(i)], p)] for p, i in enumerate(context, 1)]
        assert sum(parts) + float(bias) == pytest.approx(float(pre), abs=1e-5)
    without, _ = neuron_weights(weight, table, 5, "".join(letters))
    assert without["gradient"].isna().all()
