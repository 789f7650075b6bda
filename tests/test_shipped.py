"""What the project ships, its made-up names, and the commands that make both again."""

import string
from dataclasses import replace
from pathlib import Path

import pytest

from makemore import names, reproduce
from makemore.models import MODELS, config_for
from makemore.names import MADE_UP, read_names
from makemore.recipes import RECIPES
from makemore.shipped import FIVE, SHIPPED


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_checkpoint_can_be_made(name: str) -> None:
    made = SHIPPED[name]
    assert made.recipe == replace(RECIPES[made.recipe_name][made.model], **made.changes)
    settings = config_for(made.model, made.settings).to_json()
    assert made.settings.items() <= settings.items()
    assert len({each.label for each in SHIPPED.values()}) == len(SHIPPED)


def test_the_five_are_one_of_each_model() -> None:
    assert [SHIPPED[name].model for name in FIVE] == list(MODELS)


def test_the_made_up_names() -> None:
    made_up = read_names(MADE_UP)
    assert len(made_up.names) == 32_033
    assert made_up.made_up
    assert made_up.label == "made-up names"
    assert set("".join(made_up.names)) == set(string.ascii_lowercase)


def test_they_are_made_again_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reproduce, "MADE_UP_COUNT", 30)
    monkeypatch.setattr(reproduce, "MADE_UP_FROM", "bigram")
    first = reproduce.write_made_up(tmp_path / "one.txt").read_bytes()
    assert first == reproduce.write_made_up(tmp_path / "two.txt").read_bytes()
    assert len(names.parse_names(first, "x").names) == 30
