"""Settings check themselves: kind, range, unknown and missing ones, and the way through JSON and back."""

import json
from dataclasses import FrozenInstanceError, dataclass
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makemore.config import Config, ConfigError, between
from makemore.models import MODELS, config_for


@dataclass(frozen=True)
class Oven(Config):
    name: str
    minutes: int = between(30, 1, 120)
    heat: float = between(180.0, 0, 300)
    fan: bool = False
    mode: Literal["bake", "grill"] = "bake"


def test_defaults_and_json() -> None:
    oven = Oven.from_json({"name": "old", "minutes": 45})
    assert oven == Oven("old", 45, 180.0, False, "bake")
    assert Oven.from_json(json.loads(json.dumps(oven.to_json()))) == oven


@given(st.integers(1, 120), st.floats(0, 300), st.booleans(), st.sampled_from(["bake", "grill"]))
def test_any_good_setting_survives_json(minutes: int, heat: float, fan: bool, mode: str) -> None:
    values = {"name": "x", "minutes": minutes, "heat": heat, "fan": fan, "mode": mode}
    oven = Oven.from_json(values)
    assert oven.to_json() == values
    assert Oven.from_json(json.loads(json.dumps(oven.to_json()))) == oven


@pytest.mark.parametrize("name", MODELS)
def test_the_config_of_every_model_survives_json(name: str) -> None:
    config = config_for(name)
    assert config_for(name, json.loads(json.dumps(config.to_json()))) == config


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"minutes": 0}, "minutes is 0; it must be a whole number from 1 to 120"),
        ({"minutes": 121}, "from 1 to 120"),
        ({"minutes": 1.5}, "minutes is 1.5; it must be a whole number"),
        ({"minutes": True}, "minutes is True"),
        ({"minutes": "30"}, "minutes is '30'"),
        ({"minutes": [30]}, "minutes is [30]"),
        ({"minutes": None}, "minutes is None"),
        ({"heat": float("nan")}, "heat is nan; it must be a number from 0 to 300"),
        ({"heat": float("inf")}, "heat is inf"),
        ({"heat": False}, "heat is False"),
        ({"fan": 1}, "fan is 1; it must be true or false"),
        ({"mode": "fry"}, "mode is 'fry'; it must be one of 'bake', 'grill'"),
        ({"mode": {}}, "mode is {}"),
        ({"name": 3}, "name is 3; it must be a text"),
        ({"speed": 3}, "unknown setting 'speed'; known ones: name, minutes, heat, fan, mode"),
    ],
)
def test_a_bad_setting_is_told_what_is_allowed(values: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Oven.from_json({"name": "old", **values})
    assert said in str(caught.value)


def test_a_missing_setting_is_named() -> None:
    with pytest.raises(ConfigError, match="setting 'name' is missing"):
        Oven.from_json({"minutes": 3})


def test_numbers_take_the_kind_of_their_field() -> None:
    oven = Oven("old", minutes=45.0, heat=200)  # type: ignore[arg-type]
    assert (type(oven.minutes), type(oven.heat)) == (int, float)


def test_settings_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Oven("old").minutes = 3  # type: ignore[misc]
