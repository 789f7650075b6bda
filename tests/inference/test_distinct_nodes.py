"""A plan of distinct nodes against the plain forward: logits, loss, gradients and running statistics."""

import copy

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import Generator, Tensor
from torch.testing import assert_close

from makemore.data.examples import Dataset, Examples
from makemore.inference import distinct_nodes
from makemore.inference.distinct_nodes import Planner
from makemore.inference.planned_forward import planned_logits, planned_loss
from makemore.models import LayeredModel, build

CASES: list[tuple[str, dict[str, object]]] = [
    ("mlp", {}),
    ("mlp", {"hidden_init": "naive", "logits_init": "naive"}),
    ("mlp_bn", {}),
    ("mlp_bn", {"reduce": "batch"}),
    ("wavenet", {"block_size": 2}),
    ("wavenet", {}),
    ("wavenet", {"reduce": "batch"}),
    ("wavenet", {"block_size": 16, "reduce": "batch"}),
]


def make(name: str, settings: dict[str, object], dataset: Dataset) -> LayeredModel:
    model = build(name, len(dataset.vocabulary), Generator().manual_seed(1), settings).double()
    assert isinstance(model, LayeredModel)
    return model


def gradients(model: LayeredModel, loss: Tensor) -> dict[str, Tensor | None]:
    loss.backward()
    return {name: parameter.grad for name, parameter in model.named_parameters()}


@pytest.mark.parametrize(("name", "settings"), CASES)
@pytest.mark.parametrize("everything", [True, False], ids=["all", "batch"])
def test_a_plan_equals_the_plain_forward(
    few: Dataset, name: str, settings: dict[str, object], everything: bool
) -> None:
    plain = make(name, settings, few)
    planned = copy.deepcopy(plain)
    examples = few.examples("train", plain.block_size)
    planner = Planner(examples, planned)
    chosen = torch.randint(0, len(examples), (64,), generator=Generator().manual_seed(2))
    if everything:
        chosen = torch.arange(len(examples))
    plan = planner.everything() if everything else planner.batch(chosen)
    contexts, targets = examples.contexts[chosen], examples.targets[chosen]
    loss = F.cross_entropy(plain(contexts), targets)
    twin = planned_loss(planned, plan)
    assert_close(twin, loss)
    assert_close(gradients(planned, twin), gradients(plain, loss))
    assert_close(planned.state_dict(), plain.state_dict())  # running statistics among them
    if not everything:  # there each row is that of an example
        logits = planned_logits(planned.eval(), plan)[plan.rows]
        assert_close(logits, plain.eval()(contexts))


def test_a_plan_holds_each_node_once(few: Dataset) -> None:
    model = make("wavenet", {}, few)
    examples = few.examples("train", 8)
    contexts = examples.contexts
    plan = Planner(examples, model).everything()
    spans = [contexts.view(-1, 2), contexts.view(-1, 4), contexts]
    for level, span in zip(plan.levels, spans, strict=True):
        assert len(level.children) == len(span.unique(dim=0))
        assert level.counts.sum() == len(span)


def test_one_example_has_no_variance_in_a_plan_either(few: Dataset) -> None:
    model = make("mlp_bn", {}, few)
    planner = Planner(few.examples("train", 3), model)
    with pytest.raises(ValueError, match="one number has no variance"):
        planned_logits(model, planner.batch(torch.tensor([5])))


@given(
    letters=st.integers(2, 30),
    levels=st.integers(1, 4),
    size=st.integers(2, 60),
    seed=st.integers(0, 2**32),
    name=st.sampled_from(["mlp", "mlp_bn", "wavenet"]),
    reduce=st.sampled_from(["all", "batch"]),
)
def test_any_batch_gives_the_same_by_a_plan(
    letters: int, levels: int, size: int, seed: int, name: str, reduce: str
) -> None:
    """Random contexts, not names: every alphabet, block size and batch, equal examples included."""
    generator = Generator().manual_seed(seed)
    block = 2**levels
    contexts = torch.randint(0, letters, (size, block), generator=generator)
    examples = Examples(contexts, torch.randint(0, letters, (size,), generator=generator))
    settings = {"block_size": block, "embedding": 3, "hidden": 5}
    settings |= {} if name == "mlp" else {"reduce": reduce}
    plain = build(name, letters, generator, settings).double()
    assert isinstance(plain, LayeredModel)
    planned = copy.deepcopy(plain)
    chosen = torch.randint(0, size, (size,), generator=generator)
    loss = F.cross_entropy(plain(contexts[chosen]), examples.targets[chosen])
    twin = planned_loss(planned, Planner(examples, planned).batch(chosen))
    assert_close(twin, loss)
    assert_close(gradients(planned, twin), gradients(plain, loss), atol=1e-9, rtol=1e-6)
    assert_close(planned.state_dict(), plain.state_dict())


def test_contexts_too_many_for_64_bits_are_told_apart() -> None:
    generator = torch.Generator().manual_seed(1)
    ids = torch.randint(0, 200, (300, 16), generator=generator)  # 200 ** 16 needs 123 bits
    ids = torch.cat([ids, ids[:100]])
    children, place, _ = distinct_nodes._distinct(ids, 200, 16, by_position=False)
    assert len(children) == len(torch.unique(ids, dim=0)) == 300
    assert torch.equal(children[place[:, 0]], ids)


@pytest.mark.parametrize("number", [60, 50_000])
def test_few_of_many_nodes_are_found_as_few_of_few(number: int) -> None:
    ids = torch.randint(0, 60, (40, 2), generator=torch.Generator().manual_seed(1))
    ids[0] = number - 1
    present, counts = distinct_nodes._present(ids, number)
    expected = sorted(set(ids.flatten().tolist()))
    assert present.tolist() == expected
    assert counts.tolist() == [int((ids == each).sum()) for each in expected]


@pytest.mark.parametrize(
    "room", [1, 5, 60 * distinct_nodes.MANY, 60 * distinct_nodes.MANY + 1, 2**40]
)
def test_places_are_numbered_by_a_table_as_by_sorting(room: int) -> None:
    place = torch.randint(min(room, 80), (20, 3), generator=Generator().manual_seed(room))
    place[0, 0] = room - 1
    distinct, numbers = torch.unique(place, return_inverse=True)
    found, count = distinct_nodes._numbered(place, room)
    assert torch.equal(found, numbers)
    assert count == len(distinct)
