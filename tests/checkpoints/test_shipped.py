"""What the project ships: every checkpoint can be made again, and the five are one of each model."""

from dataclasses import replace

import pytest

from makemore.checkpoints.shipped import FIVE, SHIPPED
from makemore.models import MODELS, config_for
from makemore.training.recipes import RECIPES


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_checkpoint_can_be_made(name: str) -> None:
    made = SHIPPED[name]
    assert made.recipe == replace(RECIPES[made.recipe_name][made.model], **made.changes)
    settings = config_for(made.model, made.settings).to_json()
    assert made.settings.items() <= settings.items()
    assert len({each.label for each in SHIPPED.values()}) == len(SHIPPED)


def test_the_five_are_one_of_each_model() -> None:
    assert [SHIPPED[name].model for name in FIVE] == list(MODELS)
