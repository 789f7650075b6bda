"""What capture sees is what autograd sees, and looking leaves no trace."""

import copy

import pytest
import torch
import torch.nn.functional as F
from torch.testing import assert_close

from makemore.capture import capture, snapshot
from makemore.data import Dataset, Examples
from makemore.models import MODELS, Bigram, LayeredModel
from tests.conftest import Start

LAYERED = [name for name, model in MODELS.items() if issubclass(model, LayeredModel)]


def batch(few: Dataset, block_size: int) -> Examples:
    examples = few.examples("dev", block_size)
    return Examples(examples.contexts[:20], examples.targets[:20])


@pytest.mark.parametrize("name", LAYERED)
def test_capture_names_every_layer_in_order(few: Dataset, start: Start, name: str) -> None:
    model = start(name).model
    contexts = batch(few, model.block_size).contexts
    assert isinstance(model, LayeredModel)
    with capture(model) as outputs:
        logits = model(contexts)
    assert list(outputs) == [layer for layer, _ in model.layers.named_children()]
    assert outputs["logits"] is logits
    x = contexts
    for layer, own in model.layers.named_children():
        x = own(x)
        assert_close(outputs[layer], x)


@pytest.mark.parametrize("name", MODELS)
def test_the_hooks_go_when_the_context_closes(few: Dataset, start: Start, name: str) -> None:
    model = start(name).model
    contexts = batch(few, model.block_size).contexts
    with capture(model) as outputs:
        pass
    model(contexts)
    assert outputs == {}
    with pytest.raises(RuntimeError, match="in between"), capture(model):
        raise RuntimeError("in between")
    assert not any(module._forward_hooks for module in model.modules())


@pytest.mark.parametrize("name", LAYERED)
@pytest.mark.parametrize("training", [True, False])
def test_gradients_are_those_of_autograd(
    few: Dataset, start: Start, name: str, training: bool
) -> None:
    model = start(name).model.train(training)
    assert isinstance(model, LayeredModel)
    examples = batch(few, model.block_size)
    seen = snapshot(model, examples.contexts, examples.targets, step=3)
    twin = copy.deepcopy(model)
    x, outputs = examples.contexts, {}
    for layer, own in twin.layers.named_children():
        x = outputs[layer] = own(x)
    loss = F.cross_entropy(x, examples.targets)
    names, wanted = zip(*outputs.items(), strict=True)
    twins = torch.autograd.grad(loss, [*wanted, *twin.parameters()])
    assert_close(seen.loss, loss.item())
    assert seen.step == 3
    assert_close(seen.gradients, dict(zip(names, twins, strict=False)))
    weights = [key for key, _ in twin.named_parameters()]
    assert_close(seen.weight_gradients, dict(zip(weights, twins[len(names) :], strict=True)))
    assert list(seen.weights) == weights


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("training", [True, False])
def test_a_snapshot_changes_nothing(few: Dataset, start: Start, name: str, training: bool) -> None:
    model = start(name).model.train(training)
    before = copy.deepcopy(model.state_dict())
    examples = batch(few, model.block_size)
    seen = snapshot(model, examples.contexts, examples.targets)
    assert model.training is training
    assert all(torch.equal(before[key], value) for key, value in model.state_dict().items())
    assert all(parameter.grad is None for parameter in model.parameters())
    for tensors in (seen.activations, seen.gradients, seen.weights, seen.weight_gradients):
        for tensor in tensors.values():
            assert not tensor.requires_grad
            tensor.zero_()  # a copy: the model does not notice
    assert all(torch.equal(before[key], value) for key, value in model.state_dict().items())


def test_a_snapshot_under_no_grad_still_has_gradients(few: Dataset, start: Start) -> None:
    model = start("mlp").model
    examples = batch(few, model.block_size)
    with torch.no_grad():
        seen = snapshot(model, examples.contexts, examples.targets)
    assert set(seen.gradients) == set(seen.activations)


def test_counting_has_no_gradients(few: Dataset, start: Start) -> None:
    model = start("bigram").model
    assert isinstance(model, Bigram)
    examples = batch(few, 1)
    seen = snapshot(model, examples.contexts, examples.targets)
    assert_close(seen.loss, torch.tensor(len(few.vocabulary)).log().item())
    assert (seen.gradients, seen.weight_gradients) == ({}, {})
