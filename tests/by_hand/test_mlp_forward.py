"""The forward pass by hand against the net itself, and each number against its own arithmetic."""

import pytest
import torch
from torch import Generator, Tensor

from makemore.by_hand import mlp_forward
from makemore.by_hand.mlp_forward import TENSORS, Weights
from makemore.inference.capture import capture
from makemore.models import build

SIZES = {"block_size": 3, "embedding": 4, "hidden": 7}
IDS = torch.tensor([[0, 5, 13], [5, 13, 13]])


@pytest.fixture(scope="module")
def net() -> torch.nn.Module:
    drawn = build("mlp", 27, Generator().manual_seed(3), SIZES)
    with torch.no_grad():
        for parameter in drawn.parameters():  # none is zero, and the logits are no longer near it
            parameter.normal_(generator=Generator().manual_seed(parameter.numel()))
    return drawn.double()


@pytest.fixture(scope="module")
def weights(net: torch.nn.Module) -> Weights:
    return Weights(*(parameter.detach() for parameter in net.parameters()))


@pytest.fixture(scope="module")
def tensors(weights: Weights) -> dict[str, Tensor]:
    return mlp_forward.forward(IDS, weights)


def test_the_tensors_are_those_of_the_net(net: torch.nn.Module, tensors: dict[str, Tensor]) -> None:
    with torch.no_grad(), capture(net) as outputs:
        logits = net(IDS)
    same = dict(zip(TENSORS[1:6], outputs.values(), strict=True))
    for name, expected in same.items():
        assert torch.allclose(tensors[name], expected, atol=1e-12), name
    assert torch.allclose(tensors["probs"], logits.softmax(dim=1), atol=1e-12)


def test_shapes_strides_and_storage(tensors: dict[str, Tensor]) -> None:
    shapes = [tuple(tensor.shape) for tensor in tensors.values()]
    assert shapes == [(2, 3), (2, 3, 4), (2, 12), (2, 7), (2, 7), (2, 27), (2, 27)]
    assert (tensors["emb"].stride(), tensors["view"].stride()) == ((12, 4, 1), (12, 1))
    assert tensors["emb"].data_ptr() == tensors["view"].data_ptr()


@pytest.mark.parametrize("name", TENSORS)
def test_each_number_agrees_with_its_arithmetic(
    name: str, tensors: dict[str, Tensor], weights: Weights
) -> None:
    values = tensors[name][0].flatten().tolist()
    for place, value in enumerate(values):
        found = mlp_forward.arithmetic(tensors, weights, name, place)
        assert found.value == pytest.approx(value, abs=1e-6)
        if found.terms:
            assert sum(t.x * t.by for t in found.terms) + found.bias == pytest.approx(value)


def test_an_unknown_tensor_is_named(tensors: dict[str, Tensor], weights: Weights) -> None:
    with pytest.raises(KeyError, match="no tensor 'W1'; there are ids"):
        mlp_forward.arithmetic(tensors, weights, "W1", 0)


def test_a_view_shares_the_storage_and_cat_does_not() -> None:
    view, cat = mlp_forward.joined_timed(torch.randn(512, 3, 10), repeats=5)
    assert (view.shared, cat.shared) == (True, False)
    assert min(view.seconds, cat.seconds) > 0
