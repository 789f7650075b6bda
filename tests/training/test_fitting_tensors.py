"""Tensors that are not those of a model or an optimizer are refused before they touch it."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from makemore.config import ConfigError
from makemore.models import MODELS, build
from makemore.models.shapes import shapes_of
from makemore.training.fitting_tensors import MisfitError, check_fit, optimizer_tensors
from makemore.training.trainer import Trainer
from tests.conftest import Start

State = dict[str, Tensor]


@pytest.mark.parametrize("model", MODELS)
def test_shapes_are_those_of_the_model_without_its_numbers(model: str) -> None:
    made = build(model, 27, torch.Generator()).state_dict()
    shapes = shapes_of(lambda: build(model, 27, torch.Generator()))
    assert {k: (v.shape, v.dtype) for k, v in shapes.items()} == {
        k: (v.shape, v.dtype) for k, v in made.items()
    }
    assert all(tensor.is_meta for tensor in shapes.values())
    check_fit(made, shapes)


def trained(start: Start, recipe: str, *, steps: int = 5) -> Trainer:
    model = {"lecture": "mlp", "fast": "mlp_bn", "best": "wavenet"}[recipe]
    changes = {"generations": 3} if recipe == "best" else {}
    trainer = start(
        model, recipe=recipe, batch_size=20, settings={"hidden": 6, "embedding": 2}, **changes
    )
    for _ in trainer.events(steps):
        pass
    return trainer


@pytest.mark.parametrize("recipe", ["lecture", "fast", "best"])
@pytest.mark.parametrize("steps", [0, 1, 4, 5, 9, 12])
def test_a_real_state_fits(start: Start, recipe: str, steps: int) -> None:
    """At the start, at its end, and on both sides of a new generation."""
    state = trained(start, recipe, steps=steps).state()
    twin = trained(start, recipe, steps=2)
    twin.restore(state)
    again = twin.state()
    assert all(torch.equal(again[key], state[key]) for key in state.keys() | again.keys())


def test_the_names_are_those_that_optimizers_give(start: Start) -> None:
    update = trained(start, "fast").update
    found = {k: v for k, v in update.state().items() if k.startswith("optimizer.")}
    expected = optimizer_tensors(update.optimizers, found)  # type: ignore[union-attr]  # a Planned
    assert {k: (v.shape, v.dtype) for k, v in expected.items()} == {
        k: (v.shape, v.dtype) for k, v in found.items()
    }


AVG = "update.optimizer.0.0.exp_avg"


def shorten(name: str) -> Callable[[State], object]:
    return lambda state: state.update({name: state[name][1:].clone()})


CHANGES: dict[str, tuple[Callable[[State], object], str]] = {
    "a shorter average": (lambda s: s.update({AVG: s[AVG][:-1].clone()}), "expected torch.float32"),
    "a double average": (lambda s: s.update({AVG: s[AVG].double()}), "float64"),
    "no average": (lambda s: s.pop(AVG), "missing or too many"),
    "a square below 0": (lambda s: s[f"{AVG}_sq"].fill_(-1), "below 0"),
    "another number of updates": (lambda s: s["update.optimizer.0.0.step"].add_(1), "updates of step"),
    "an optimizer too many": (lambda s: s.update({"update.optimizer.7.0.step": torch.tensor(1.0)}), "too many"),
    "an optimizer that has kept nothing": (
        lambda s: [s.pop(k) for k in list(s) if k.startswith("update.optimizer")],
        "updates of step",
    ),
    "an example twice": (lambda s: s["update.order"].fill_(0), "every example once"),
    "an example too many": (lambda s: s["update.order"].add_(1), "every example once"),
    "a short order": (shorten("update.order"), "expected torch.int64"),
    "elders of other contexts": (shorten("update.elders"), "elders"),
    "no elders": (lambda s: s.update({"update.elders": torch.zeros(0)}), "elders"),
    "a short generator": (shorten("update.generator"), "generator"),
    "no generator": (lambda s: s["update.generator"].fill_(255), "generator"),
    "a step below 0": (lambda s: s["step"].fill_(-1), "below 0"),
    "a step far off": (lambda s: s["step"].fill_(10**9), "cannot be"),
    "seconds that are none": (lambda s: s["seconds"].fill_(float("nan")), "NaN"),
    "a weight too many": (lambda s: s.update({"model.x": torch.zeros(1)}), "'x' is missing or too many"),
    "a narrow weight": (
        lambda s: s.update({"model.layers.logits.weight": torch.zeros(1, 1)}),
        "layers.logits.weight is",
    ),
    "a variance below 0": (lambda s: s["model.layers.norm1.running_var"].fill_(-1), "below 0"),
}  # fmt: skip


@pytest.mark.parametrize("case", CHANGES)
def test_what_does_not_fit_changes_nothing(start: Start, case: str) -> None:
    trainer = trained(start, "best", steps=7)
    before, state = trainer.state(), trainer.state()
    change, words = CHANGES[case]
    change(state)
    with pytest.raises(MisfitError) as caught:
        trainer.restore(state)
    assert words in str(caught.value)
    after = trainer.state()
    assert all(torch.equal(after[key], before[key]) for key in before)


def test_a_rate_that_no_recipe_may_have(start: Start) -> None:
    trainer = trained(start, "lecture")
    state = trainer.state()
    state["learning_rate"].fill_(1e9)
    with pytest.raises(ConfigError, match="learning_rate"):
        trainer.restore(state)


def test_weights_that_have_diverged_go_back_where_they_were(start: Start) -> None:
    trainer = trained(start, "lecture")
    state = trainer.state()
    state["model.layers.logits.bias"].fill_(float("inf"))
    trainer.restore(state)
    with pytest.raises(MisfitError, match="NaN or infinity"):
        check_fit({"a": torch.tensor(float("inf"))}, {"a": torch.tensor(0.0)})
