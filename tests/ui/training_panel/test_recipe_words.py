"""What a recipe is said to reach is what it reaches."""

import pytest

from makemore.checkpoints.shipped import SHIPPED
from makemore.data.examples import Dataset
from makemore.experiments import studies
from makemore.training.recipes import recipe_for
from makemore.training.trainer import Trainer
from makemore.ui.training_panel.recipe_words import FAST_FALLS_SHORT, explain
from tests.pages.opening import ROOT
from tests.ui.training_panel.handling import panel

ENDS = {(r.variant, r.seed): r.dev for r in studies.read_whole("fast_ends")}


@pytest.mark.parametrize("name", studies.HURRIED)
def test_where_fast_falls_short_of_the_lecture_is_said_in_its_figures(name: str) -> None:
    made = SHIPPED[name]
    ends = ENDS[name, made.seed]
    assert made.lecture is not None
    assert (ends > made.lecture) == (name in FAST_FALLS_SHORT)
    if said := FAST_FALLS_SHORT.get(name):
        assert (f"{ends:.3f}", f"{made.lecture:.3f}") == (f"{said.fast:.3f}", f"{said.lecture:.3f}")
        readme = " ".join((ROOT / "README.md").read_text().split())
        assert f"`{name}`, {said.fast:.3f} against {said.lecture:.3f}" in readme


def test_a_training_ends_where_the_study_says(real: Dataset) -> None:
    made, recipe = SHIPPED["mlp_2d"], recipe_for("fast", "mlp")
    trainer = Trainer.start(made.model, real, recipe, seed=made.seed, settings=dict(made.settings))
    for _ in trainer.events(log_every=recipe.steps):
        pass
    assert trainer.loss("dev") == pytest.approx(ENDS["mlp_2d", made.seed], abs=0.001)


def test_it_is_said_where_the_recipe_is_chosen() -> None:
    (box,) = [each for each in panel().segmented_control if each.key == "train_mlp_recipe"]
    assert "ends at a dev loss of 2.190, the lecture's loop at 2.179" in box.help
    recipes = [recipe_for(name, "mlp") for name in ("lecture", "fast")]
    assert "not as good" not in explain(recipes, shipped="mlp")
