"""What a recipe is said to reach is what it reaches."""

import pytest

from makemore.checkpoints.shipped import SHIPPED
from makemore.data.examples import Dataset
from makemore.training.recipes import recipe_for
from makemore.training.trainer import Trainer
from makemore.ui.training_panel.recipe_words import FAST_FALLS_SHORT, explain
from tests.pages.opening import ROOT
from tests.ui.training_panel.handling import panel


@pytest.mark.parametrize("name", FAST_FALLS_SHORT)
def test_where_fast_falls_short_of_the_lecture_is_said_in_its_figures(
    name: str, real: Dataset
) -> None:
    made, said = SHIPPED[name], FAST_FALLS_SHORT[name]
    recipe = recipe_for("fast", made.model)
    trainer = Trainer.start(made.model, real, recipe, seed=made.seed, settings=dict(made.settings))
    for _ in trainer.events(log_every=recipe.steps):
        pass
    assert trainer.loss("dev") == pytest.approx(said.fast, abs=0.001)
    assert made.lecture == pytest.approx(said.lecture, abs=0.0005)
    assert said.fast > said.lecture
    told = f"{said.fast:.3f} against {said.lecture:.3f}"
    assert f"`{name}`, {told}" in " ".join((ROOT / "README.md").read_text().split())


def test_it_is_said_where_the_recipe_is_chosen() -> None:
    (box,) = [each for each in panel().segmented_control if each.key == "train_mlp_recipe"]
    assert "ends at a dev loss of 2.190, the lecture's loop at 2.179" in box.help
    recipes = [recipe_for(name, "mlp") for name in ("lecture", "fast")]
    assert "not as good" not in explain(recipes, shipped="mlp")
