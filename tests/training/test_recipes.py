"""Recipes: the lecture's numbers, the schedule, and what an unknown or bad setting is told."""

import json

import pytest

from makemore.config import ConfigError
from makemore.models import MODELS
from makemore.training.recipes import EPOCH, RECIPES, Recipe, recipe_for

EACH = [(name, model) for name, models in RECIPES.items() for model in models]


def test_the_lecture_has_a_recipe_for_every_model() -> None:
    assert RECIPES["lecture"].keys() == MODELS.keys()


@pytest.mark.parametrize(("name", "model"), EACH)
def test_every_recipe_names_itself_and_survives_json(name: str, model: str) -> None:
    recipe = recipe_for(name, model)
    assert recipe.name == name
    assert model in MODELS
    assert Recipe.from_json(json.loads(json.dumps(recipe.to_json()))) == recipe


@pytest.mark.parametrize(
    ("model", "steps", "batch", "rate", "decay", "trains_on"),
    [
        ("bigram_nn", 200, 0, 50.0, 0, "all"),
        ("mlp", 200_000, 32, 0.1, 100_000, "train"),
        ("mlp_bn", 200_000, 32, 0.1, 100_000, "train"),
        ("wavenet", 200_000, 32, 0.1, 150_000, "train"),
    ],
)
def test_the_lecture(
    model: str, steps: int, batch: int, rate: float, decay: int, trains_on: str
) -> None:
    recipe = recipe_for("lecture", model)
    assert recipe.optimizer == "sgd"
    assert (recipe.steps, recipe.batch_size) == (steps, batch)
    assert (recipe.learning_rate, recipe.decay_at, recipe.trains_on) == (rate, decay, trains_on)
    assert recipe.learning_rate_at(0) == rate
    if decay:
        assert recipe.learning_rate_at(decay - 1) == rate
        assert recipe.learning_rate_at(decay) == recipe.learning_rate_at(steps) == rate / 10


def test_changes() -> None:
    changed = recipe_for("lecture", "mlp", steps=5, learning_rate=1)
    assert (changed.steps, changed.learning_rate, changed.batch_size) == (5, 1.0, 32)
    assert recipe_for("lecture", "mlp").steps == 200_000


@pytest.mark.parametrize(
    ("name", "model", "changes", "said"),
    [
        ("secret", "mlp", {}, "unknown recipe 'secret'; known ones: lecture"),
        ("lecture", "gpt", {}, "no recipe 'lecture' for 'gpt'; it has bigram"),
        ("lecture", "mlp", {"steps": 0}, "steps is 0; it must be a whole number from 1 to"),
        ("lecture", "mlp", {"steps": 10**9}, "whole number from 1 to"),
        ("lecture", "mlp", {"learning_rate": -1}, "learning_rate is -1; it must be a number from"),
        ("lecture", "mlp", {"learning_rate": float("inf")}, "learning_rate is inf"),
        ("lecture", "mlp", {"trains_on": "dev"}, "one of 'train', 'all'"),
        ("lecture", "mlp", {"optimizer": "magic"}, "optimizer is 'magic'; it must be one of"),
    ],
)
def test_what_is_no_recipe(name: str, model: str, changes: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        recipe_for(name, model, **changes)
    assert said in str(caught.value)


def test_a_changed_learning_rate_takes_that_of_adam_along() -> None:
    base = recipe_for("fast", "wavenet")
    changed = recipe_for("fast", "wavenet", learning_rate=base.learning_rate / 10)
    assert changed.adam_learning_rate == pytest.approx(base.adam_learning_rate / 10)
    kept = recipe_for("fast", "wavenet", learning_rate=1, adam_learning_rate=0.5)
    assert kept.adam_learning_rate == 0.5


@pytest.mark.parametrize("number", [0, 1, 182_625, 185_184, 185_185, 760_673, 3_158_197])
def test_a_longer_list_has_larger_batches_and_no_more_of_them(number: int) -> None:
    base = recipe_for("fast", "wavenet")
    recipe = base.for_examples(number)
    assert recipe.steps == base.steps
    if number // base.batch_size <= EPOCH:
        assert recipe == base
    else:
        assert number // recipe.batch_size == EPOCH
        assert number // (recipe.batch_size - 1) == EPOCH + 1  # the smallest that will do


@pytest.mark.parametrize(
    ("name", "model"), [("lecture", "wavenet"), ("lecture", "bigram_nn"), ("fast", "bigram_nn")]
)
def test_small_batches_and_whole_sets_stay_as_they_are(name: str, model: str) -> None:
    recipe = recipe_for(name, model)
    assert recipe.for_examples(10**7) == recipe
