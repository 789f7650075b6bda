"""What capture sees is what autograd sees, and looking leaves no trace."""

import copy
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
import torch.nn.functional as F
from torch import Generator, nn
from torch.testing import assert_close

from makemore.data.examples import Dataset, Examples
from makemore.inference.capture import capture, layers_of, snapshot
from makemore.layers import Activation, Residual, Tanh
from makemore.models import MODELS, Bigram, LayeredModel, build
from makemore.models.wavenet import WaveNet
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


LEVEL2 = ["flatten2", "linear2", "norm2", "gate2"]


def test_a_layer_inside_another_has_a_path_and_comes_before_it(few: Dataset) -> None:
    options = {"gate": True, "residual": True, "skip": True, "embedding": 6}
    settings = {"block_size": 4, "hidden": 10, **options}
    model = build("wavenet", len(few.vocabulary), Generator().manual_seed(1), settings).eval()
    contexts = batch(few, 4).contexts
    with torch.no_grad(), capture(model) as outputs:
        logits = model(contexts)
    first = ["embedding", "flatten1", "linear1", "norm1", "gate1"]
    second = [f"skip2.body.node2.body.{name}" for name in LEVEL2]
    assert list(outputs) == [*first, *second, "skip2.body.node2", "skip2", "logits"]
    level1, level2 = outputs["gate1"], outputs[second[-1]]  # (batch, 2, 10), (batch, 10)
    node = level2 + level1.mean(dim=1)
    assert_close(outputs["skip2.body.node2"], node)
    assert_close(outputs["skip2"], torch.cat([level1[:, 1], node], dim=1))
    a, b = outputs[second[-2]].chunk(2, dim=-1)
    assert_close(level2, a.tanh() * b.sigmoid())
    assert outputs["logits"] is logits


def twice(vocab_size: int) -> LayeredModel:
    """A net in which two layers stand in two places each."""
    model = build("mlp", vocab_size, Generator().manual_seed(1), {"embedding": 4, "hidden": 12})
    assert isinstance(model, LayeredModel)
    embedding, flatten, hidden, tanh, logits = model.layers
    model.layers = nn.Sequential(
        OrderedDict(e=embedding, f=flatten, h=hidden, t=tanh, h2=hidden, t2=tanh, l=logits)
    )
    return model


def test_what_a_layer_gives_when_it_runs_again_is_kept_beside_the_first(few: Dataset) -> None:
    model = twice(len(few.vocabulary))
    examples = batch(few, 3)
    seen = snapshot(model, examples.contexts, examples.targets)
    assert list(seen.activations) == ["e", "f", "h", "t", "h#2", "t#2", "l"]
    assert_close(seen.activations["t#2"], model.layers[2](seen.activations["t"]).tanh())
    assert list(seen.gradients) == list(seen.activations)
    assert list(seen.intervals) == ["t", "t#2"]
    assert seen.before("t#2") == "h#2"
    assert list(layers_of(model, Tanh)) == ["t"]


def test_a_second_call_is_kept_beside_the_first(few: Dataset, start: Start) -> None:
    model = start("mlp").model
    contexts = batch(few, 3).contexts
    with capture(model) as outputs:
        first, second = model(contexts[:5]), model(contexts[5:])
    assert outputs["logits"] is first
    assert outputs["logits#2"] is second


def test_another_thread_is_not_seen(few: Dataset, start: Start) -> None:
    """Learners share a loaded model, and may look inside it at the same time."""
    model = start("mlp").model
    contexts = batch(few, 3).contexts
    with ThreadPoolExecutor(1) as other, capture(model) as outputs:
        other.submit(model, contexts[:5]).result()
        logits = model(contexts)
    assert outputs["logits"] is logits
    assert "logits#2" not in outputs


def test_layers_are_found_by_type(start: Start) -> None:
    model = start("wavenet", settings={"residual": True, "hidden": 6}).model
    assert isinstance(model, WaveNet)
    tanhs = layers_of(model, Activation)
    assert list(tanhs) == ["tanh1", "node2.body.tanh2", "node3.body.tanh3"]
    assert all(model.layers.get_submodule(name) is layer for name, layer in tanhs.items())
    assert list(layers_of(model, Residual)) == ["node2", "node3"]
    # Their outputs are those of their last layers.
    assert list(layers_of(model, nn.Sequential)) == []
    assert list(layers_of(start("bigram").model, nn.Module)) == []


def test_the_layer_before(few: Dataset, start: Start) -> None:
    model = start("mlp_bn").model
    examples = batch(few, model.block_size)
    seen = snapshot(model, examples.contexts, examples.targets)
    assert [seen.before(name) for name in ("flatten", "norm", "tanh")] == [
        "embedding",
        "hidden",
        "norm",
    ]
    for name in ("embedding", "nowhere"):
        with pytest.raises(ValueError, match=f"no layer ran before '{name}'"):
            seen.before(name)


@pytest.mark.parametrize(("name", "table"), [("mlp", "layers.embedding.weight"), ("bigram", None),
                                             ("bigram_nn", "layers.W.weight")])  # fmt: skip
def test_the_table_of_the_letters(few: Dataset, start: Start, name: str, table: str | None) -> None:
    model = start(name).model
    examples = batch(few, model.block_size)
    assert snapshot(model, examples.contexts, examples.targets).embedding == table


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
