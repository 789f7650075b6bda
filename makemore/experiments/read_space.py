"""Reads the space of a sweep from TOML and checks it against models and recipes. Draws nothing."""

import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any, get_type_hints

from makemore.checkpoints import store
from makemore.config import Config, ConfigError
from makemore.experiments.search_space import (
    CONFIG,
    MODEL,
    PARAMETERS,
    TRAINING,
    Equal,
    Space,
    Span,
    Values,
)
from makemore.models import MODELS, config_for
from makemore.training.recipes import Recipe, recipe_for

FOLDER = store.FOLDER / "spaces"
KEYS = ("model", "recipe", "sampler", "pruner", "config", "training", "equal")
EQUAL = ("parameters", "by", "examples")
RANGE = ("low", "high", "log", "step")
# What Optuna's are called here; `every` takes each choice once, in the file's order.
SAMPLERS = ("tpe", "random", "every")
PRUNERS = ("median", "halving", "none")
MOST_CHOICES, MOST_EXAMPLES, MOST_PARAMETERS = 100, 10**9, 10**8


def read(path: Path) -> Space:
    """The space of a TOML file. Raises ConfigError with what is wrong, and the remedy."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}; name a TOML file with a space") from None
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path.name}: not TOML ({error}); correct it there") from None
    try:
        return parse(path.stem, told)
    except ConfigError as error:
        raise ConfigError(f"{path.name}: {error}") from None


def parse(name: str, told: dict[str, Any]) -> Space:
    """The space that these values are. Raises ConfigError."""
    _check_keys("the file", told, KEYS)
    models = _choices("model", told.get("model"), "'mlp'")
    for model in models:
        _check_one_of("model", model, tuple(MODELS))
    recipe = told.get("recipe", "fast")
    for model in models:
        recipe_for(recipe if isinstance(recipe, str) else repr(recipe), model)
    values: dict[str, Values] = {MODEL: models}
    for key, said in _table("config", told).items():
        values[CONFIG + key] = _config_values(key, said, models)
    for key, said in _table("training", told).items():
        values[TRAINING + key] = _recipe_values(key, said, models, recipe)
    equal, sizes = _equal(_table("equal", told), values, models)
    values |= {PARAMETERS: sizes} if sizes else {}
    if all(isinstance(each, tuple) and len(each) == 1 for each in values.values()):
        raise ConfigError("nothing varies; give a setting several values, such as hidden = [50, 9]")
    sampler, pruner = told.get("sampler", "tpe"), told.get("pruner", "median")
    _check_one_of("sampler", sampler, SAMPLERS)
    _check_one_of("pruner", pruner, PRUNERS)
    space = Space(name, recipe, values, equal, sampler, pruner, told)
    if sampler == "every":
        next(space.points())
    return space


def _check_keys(where: str, said: dict[str, Any], known: tuple[str, ...]) -> None:
    if unknown := sorted(set(said) - set(known)):
        listed = ", ".join(known)
        raise ConfigError(f"unknown key {unknown[0]!r:.60} in {where}; known ones: {listed}")


def _check_one_of(name: str, value: Any, known: tuple[str, ...]) -> None:
    if value not in known:
        raise ConfigError(f"unknown {name} {value!r:.60}; known ones: {', '.join(known)}")


def _table(name: str, told: dict[str, Any]) -> dict[str, Any]:
    found = told.get(name, {})
    if not isinstance(found, dict):
        raise ConfigError(f"{name} is {found!r:.60}; make it a table, [{name}]")
    return found


def _choices(name: str, said: Any, example: str = "1") -> tuple[Any, ...]:
    """The choices; one value alone is a list of it."""
    if said is None:
        raise ConfigError(f"{name} is missing; add it, such as {name} = {example}")
    choices = said if isinstance(said, list) else [said]
    if not 1 <= len(choices) <= MOST_CHOICES:
        raise ConfigError(f"{name} has {len(choices)} choices; give it 1 to {MOST_CHOICES}")
    if not all(isinstance(each, str | bool | int | float) for each in choices):
        raise ConfigError(f"{name} has a choice that is neither text nor number; leave it out")
    if len(set(choices)) < len(choices):
        raise ConfigError(f"{name} names a choice twice; name it once")
    return tuple(choices)


def _config_values(key: str, said: Any, models: tuple[str, ...]) -> Values:
    """What a setting may be, tried on each model that has it; one at least must."""
    having = [model for model in models if key in _settings(MODELS[model].Config)]
    if not having:
        known = dict.fromkeys(each for model in models for each in _settings(MODELS[model].Config))
        listed = ", ".join(known)
        raise ConfigError(f"unknown setting {key!r:.60} in [config]; known ones: {listed}")
    found = _values(key, said, MODELS[having[0]].Config)
    for model in having:
        for value in _tried(found):
            config_for(model, {key: value})
    return found


def _recipe_values(key: str, said: Any, models: tuple[str, ...], recipe: str) -> Values:
    known = [each for each in _settings(Recipe) if each != "name"]
    if key not in known:
        listed = ", ".join(known)
        raise ConfigError(f"unknown setting {key!r:.60} in [training]; known ones: {listed}")
    found = _values(key, said, Recipe)
    for model in models:
        for value in _tried(found):
            recipe_for(recipe, model, **{key: value})
    return found


def _settings(kind: type[Config]) -> list[str]:
    return [each.name for each in fields(kind)]


def _tried(values: Values) -> tuple[Any, ...]:
    return (values.low, values.high) if isinstance(values, Span) else values


def _values(key: str, said: Any, kind: type[Config]) -> Values:
    hint = get_type_hints(kind)[key]
    return _span(key, said, hint) if isinstance(said, dict) else _choices(key, said)


def _span(key: str, said: dict[str, Any], hint: Any) -> Span:
    if hint not in (int, float):
        raise ConfigError(f"{key} is no number; give a list of choices in place of a range")
    _check_keys(f"the range of {key}", said, RANGE)
    kinds = (int,) if hint is int else (int, float)
    for name in ("low", "high", *(["step"] if "step" in said else [])):
        if isinstance(said.get(name), bool) or not isinstance(said.get(name), kinds):
            kind = "whole numbers" if hint is int else "numbers"
            raise ConfigError(f"{key}: low, high and step must be {kind}; give low and high")
    low, high, log, step = said["low"], said["high"], said.get("log", False), said.get("step")
    if not low < high < float("inf"):
        raise ConfigError(f"{key}: low is {low:g}, high {high:g}; low must be less")
    if not isinstance(log, bool):
        raise ConfigError(f"{key}: log is {log!r:.60}; it must be true or false")
    if log and (step is not None or low <= 0):
        raise ConfigError(f"{key}: a log range has no step and is above 0; leave out log or step")
    if step is not None and not 0 < step <= high - low:
        raise ConfigError(f"{key}: step is {step:g}; make it above 0 and at most {high - low:g}")
    return Span(low, high, hint is int, log, step)


def _equal(
    said: dict[str, Any], values: dict[str, Values], models: tuple[str, ...]
) -> tuple[Equal, tuple[int, ...]]:
    """What trials share, and the numbers of parameters that are to be had."""
    _check_keys("[equal]", said, EQUAL)
    sizes = _choices("equal.parameters", said["parameters"]) if "parameters" in said else ()
    examples = said.get("examples", 0)
    _check_whole("equal.parameters", sizes, MOST_PARAMETERS)
    _check_whole("equal.examples", (examples,) if "examples" in said else (), MOST_EXAMPLES)
    if examples and TRAINING + "steps" in values:
        raise ConfigError("equal.examples decides about steps; leave out one of the two")
    by = said.get("by", "hidden" if sizes else "")
    if not sizes:
        return Equal(examples=examples), ()
    if CONFIG + str(by) in values:
        raise ConfigError(f"{by} follows from equal.parameters; leave it out of [config]")
    for model in models:
        if get_type_hints(MODELS[model].Config).get(by) is not int:
            raise ConfigError(
                f"{by!r:.60} is no number of {model}; name one, such as by = 'hidden'"
            )
    return Equal(by, examples), sizes


def _check_whole(name: str, found: tuple[Any, ...], most: int) -> None:
    for each in found:
        if type(each) is not int or not 1 <= each <= most:
            raise ConfigError(f"{name} is {each!r:.60}; make it a whole number from 1 to {most:,}")
