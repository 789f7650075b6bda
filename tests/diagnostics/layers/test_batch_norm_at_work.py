"""Neighbours in a batch, shifted biases and axes, against the same worked out in other ways."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Generator, nn

from makemore.diagnostics.layers import batch_neighbours, shifted_biases, subtracted_means
from makemore.diagnostics.layers.shifted_biases import WITH, WITHOUT, HiddenLayer
from makemore.models import build

SMALL = {"hidden": 8, "embedding": 3}


def draw_layer() -> HiddenLayer:
    g = Generator().manual_seed(3)
    sizes = ((50, 12), (12, 9), (9,), (9, 27), (27,))
    inputs, weight, bias, out, out_bias = (torch.randn(size, generator=g) for size in sizes)
    return HiddenLayer(
        inputs, weight, bias, out, out_bias, torch.randint(0, 27, (50,), generator=g)
    )


def test_an_example_among_others_is_what_the_formula_gives_for_that_batch() -> None:
    net = build("mlp_bn", 27, Generator().manual_seed(1), SMALL)
    with torch.no_grad():
        net.get_parameter("layers.logits.weight").mul_(100)  # drawn so small that all is uniform
    others = torch.randint(0, 27, (40, 3), generator=Generator().manual_seed(2))
    context = torch.tensor([0, 5, 13])
    frame = batch_neighbours.probabilities_among(net, context, 1, others, size=6, batches=4, seed=9)
    weights = {name: tensor.double().numpy() for name, tensor in net.state_dict().items()}
    drawing = Generator().manual_seed(9)
    for place in range(4):
        drawn = torch.randint(0, 40, (5,), generator=drawing)
        batch = torch.cat([context[None], others[drawn]]).numpy()
        x = weights["layers.embedding.weight"][batch].reshape(6, -1)
        pre = x @ weights["layers.hidden.weight"]
        hat = (pre - pre.mean(0)) / np.sqrt(pre.var(0, ddof=1) + 1e-5)
        logits = np.tanh(hat) @ weights["layers.logits.weight"] + weights["layers.logits.bias"]
        wanted = np.exp(logits[0, 1]) / np.exp(logits[0]).sum()
        assert frame["probability"][place] == pytest.approx(wanted, rel=1e-4)
    assert frame["probability"].nunique() == 4


def test_in_eval_mode_no_neighbour_counts_and_nothing_moves() -> None:
    net = build("mlp_bn", 27, Generator().manual_seed(1), SMALL)
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    context = torch.tensor([0, 5, 13])
    others = torch.randint(0, 27, (40, 3), generator=Generator().manual_seed(2))
    batch_neighbours.probabilities_among(net, context, 1, others, size=4, batches=3)
    found = batch_neighbours.probability_alone(net, context, 1)
    with torch.inference_mode():
        among = net.eval()(torch.cat([others[:7], context[None]]))[-1].softmax(dim=0)[1]
    assert found == pytest.approx(float(among), rel=1e-5)
    assert all(torch.equal(before[name], tensor) for name, tensor in net.state_dict().items())


def test_a_batch_of_one_is_refused() -> None:
    net = build("mlp_bn", 27, Generator().manual_seed(1), SMALL)
    with pytest.raises(ValueError, match="one example has no variance"):
        batch_neighbours.probabilities_among(
            net, torch.tensor([0, 0, 0]), 1, torch.zeros(3, 3, dtype=torch.long), size=1, batches=1
        )


def test_a_shift_of_the_biases_is_taken_away_by_the_norm_alone() -> None:
    frame = shifted_biases.losses_by_shift(draw_layer(), [-3.0, 0.0, 2.0])
    losses = {net: rows["loss"].tolist() for net, rows in frame.groupby("net")}
    assert losses[WITH] == pytest.approx([losses[WITH][1]] * 3, abs=1e-5)
    assert np.ptp(losses[WITHOUT]) > 0.1


def test_losses_and_gradients_are_those_of_torch_in_double() -> None:
    layer = draw_layer()
    frame = shifted_biases.gradients_by_neuron(layer).set_index(["net", "neuron"])
    losses = shifted_biases.losses_by_shift(layer, [0.5]).set_index("net")["loss"]
    for net in (WITH, WITHOUT):
        linear = nn.Linear(12, 9).double()
        with torch.no_grad():
            linear.weight.copy_(layer.weight.T)
            linear.bias.copy_(layer.bias)
        pre = linear(layer.inputs.double())
        if net == WITH:  # torch.nn.BatchNorm1d divides by n, the lecture by n - 1
            pre = (pre - pre.mean(0)) / (pre.var(0) + 1e-5).sqrt()
        logits = pre.tanh() @ layer.out.double() + layer.out_bias.double()
        F.cross_entropy(logits, layer.targets).backward()
        assert linear.bias.grad is not None
        assert linear.weight.grad is not None
        found = frame.loc[net]
        assert found["bias"].tolist() == pytest.approx(linear.bias.grad.abs().tolist(), abs=1e-6)
        wanted = linear.weight.grad.abs().amax(1)
        assert found["weight"].tolist() == pytest.approx(wanted.tolist(), rel=1e-3)
    assert frame.loc[WITH]["bias"].max() < 1e-6 < 1e-3 < frame.loc[WITHOUT]["bias"].min()
    shifted = (layer.inputs @ layer.weight + layer.bias + 0.5).tanh() @ layer.out + layer.out_bias
    assert losses[WITHOUT] == pytest.approx(
        float(F.cross_entropy(shifted, layer.targets)), rel=1e-5
    )


def test_what_each_norm_takes_away_and_leaves() -> None:
    x = 2 + torch.randn(32, 4, 20, generator=Generator().manual_seed(4))
    plain = x.double().numpy()
    for norm, axes in subtracted_means.AXES.items():
        wanted = np.broadcast_to(plain.mean(axes, keepdims=True), plain.shape)[0]
        found = subtracted_means.subtracted_means(x, norm)
        assert np.allclose(found.numpy(), wanted, atol=1e-6)
        hat = (plain - plain.mean(axes, keepdims=True)) / plain.std(axes, keepdims=True, ddof=1)
        y = subtracted_means.normalised_over(x, norm)
        assert np.allclose(y.numpy(), hat, atol=1e-4)
        largest = np.abs(hat.mean((0, 1))).max()
        assert subtracted_means.largest_feature_mean(y) == pytest.approx(largest, abs=1e-5)
    # Torch's own, which divides by n, takes away the same.
    theirs = nn.BatchNorm1d(4)(x) * (639 / 640) ** 0.5
    assert torch.allclose(theirs, subtracted_means.normalised_over(x, "torch"), atol=1e-4)


def test_rows_have_their_mean_below_if_asked_for() -> None:
    places = torch.tensor([[1.0, 2.0], [3.0, 6.0]])
    frame = subtracted_means.rows_of(places, total=True)
    assert frame["position"].tolist() == ["1", "1", "2", "2", "all", "all"]
    assert frame["channel"].tolist() == [0, 1] * 3
    assert frame["value"].tolist() == [1, 2, 3, 6, 2, 4]
    assert len(subtracted_means.rows_of(places)) == 4
