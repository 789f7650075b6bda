"""Another learning rate in the middle of a training, and weights that are kept for a later look."""

import pickle

import pytest
import torch

from makemore.config import ConfigError
from makemore.data.examples import Dataset
from makemore.training.events import Diverged, Kept, Probed, Stepped
from makemore.training.recipes import RECIPES
from makemore.training.trainer import Trainer, probe
from tests.conftest import Start

LEARNING = [(recipe, model) for recipe, models in RECIPES.items() for model in models
            if model != "bigram"]  # fmt: skip
SMALL = {"batch_size": 50}


def same(one: Trainer, two: Trainer) -> bool:
    first, second = one.state(), two.state()
    return all(torch.equal(first[key], second[key]) for key in first if key != "seconds")


@pytest.mark.parametrize(("recipe", "model"), LEARNING)
def test_set_at_the_start_it_is_a_recipe_with_that_rate(
    start: Start, recipe: str, model: str
) -> None:
    changed = start(model, recipe=recipe, **SMALL)
    changed.set_learning_rate(0.7)
    changed.set_learning_rate(0.0)
    changed.set_learning_rate(0.03)
    meant = start(model, recipe=recipe, learning_rate=0.03, **SMALL)
    assert [e for e in changed.events() if isinstance(e, Diverged)] == []
    list(meant.events())
    assert same(changed, meant)
    assert changed.recipe == meant.recipe


@pytest.mark.parametrize(("recipe", "model"), LEARNING)
def test_a_state_carries_the_rate_that_was_set(start: Start, recipe: str, model: str) -> None:
    whole, plain = (start(model, recipe=recipe, **SMALL) for _ in range(2))
    list(whole.events(until=5))
    whole.set_learning_rate(0.03)
    state = whole.state()
    list(whole.events())
    resumed = start(model, recipe=recipe, seed=99, **SMALL)
    resumed.restore(state)
    assert resumed.recipe.learning_rate == 0.03
    list(resumed.events())
    assert same(whole, resumed)
    list(plain.events())
    assert not same(whole, plain)


def test_the_rate_is_told_with_each_step(start: Start) -> None:
    trainer = start("mlp", steps=6, decay_at=4)
    rates = []
    for event in trainer.events():
        assert isinstance(event, Stepped)
        rates.append(event.learning_rate)
        if trainer.step == 2:
            trainer.set_learning_rate(0.5)
    assert rates == [0.1, 0.1, 0.5, 0.5, 0.05, 0.05]


@pytest.mark.parametrize("rate", [-1.0, 1e7, float("nan"), float("inf")])
def test_a_rate_out_of_range_changes_nothing(start: Start, rate: float) -> None:
    trainer = start("mlp")
    with pytest.raises(ConfigError, match="learning_rate is"):
        trainer.set_learning_rate(rate)
    assert trainer.recipe.learning_rate == 0.1


def test_kept_weights_are_all_that_a_later_look_needs(start: Start, few: Dataset) -> None:
    trainer = start("wavenet", steps=5)
    kept: dict[int, Kept] = {}
    for event in trainer.events(probe_at=range(6), keep_at=[0, 3, 5]):
        if isinstance(event, Kept):
            kept[event.step] = event
        if isinstance(event, Probed):
            last = event
        if isinstance(event, Kept):
            twin = start("wavenet", seed=8).model
            twin.load_state_dict(event.weights)
            again = probe(twin, few, step=event.step)
            assert again.snapshot.loss == last.snapshot.loss
            tanh = last.snapshot.activations["tanh1"]
            assert torch.equal(again.snapshot.activations["tanh1"], tanh)
    assert list(kept) == [0, 3, 5]
    assert not torch.equal(
        kept[0].weights["layers.logits.weight"], kept[3].weights["layers.logits.weight"]
    )


def test_weights_that_are_no_numbers_are_not_kept(start: Start) -> None:
    trainer = start("mlp", learning_rate=1e6, steps=100)
    events = list(trainer.events(keep_at=range(101)))
    assert isinstance(events[-1], Diverged)
    kept = [event for event in events if isinstance(event, Kept)]
    assert all(w.isfinite().all() for event in kept for w in event.weights.values())


def test_a_dataset_travels_as_its_names(few: Dataset) -> None:
    few.examples("train", 3)
    sent = pickle.dumps(few)
    assert len(sent) < 2_000
    again = pickle.loads(sent)
    assert again.name_list == few.name_list
    assert again.vocabulary == few.vocabulary
    assert torch.equal(again.examples("dev", 3).contexts, few.examples("dev", 3).contexts)
