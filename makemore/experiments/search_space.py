"""The settings that a sweep may choose from, and the training that a choice means. Draws nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from itertools import product
from typing import Any

import torch

from makemore.config import ConfigError
from makemore.experiments.seed_runs import Variant
from makemore.models import MODELS, LanguageModel, build, config_for
from makemore.models.shapes import shapes_of
from makemore.training.recipes import MOST_STEPS, Recipe, recipe_for

MODEL, CONFIG, TRAINING = "model", "config.", "training."
PARAMETERS = "equal.parameters"
NEAR = 0.05  # of the parameters asked for, by which a net may miss them
MOST_POINTS = 10_000


@dataclass(frozen=True)
class Span:
    """Numbers from `low` to `high`, both included; whole ones where the setting is whole."""

    low: float
    high: float
    whole: bool
    log: bool = False
    step: float | None = None


Values = tuple[Any, ...] | Span  # of one value: it is fixed


@dataclass(frozen=True)
class Equal:
    """What trials share: `examples` seen in a training, which decides about its steps; 0: no matter.

    by: the setting that gives a net the parameters that `equal.parameters` asks for.
    """

    by: str = ""
    examples: int = 0


@dataclass(frozen=True)
class Space:
    """`values` by `model`, `config.NAME`, `training.NAME` and `equal.parameters`.

    sampler, pruner: by name. told: what the file says, which a study keeps to know its own again.
    """

    name: str
    recipe: str
    values: dict[str, Values]
    equal: Equal
    sampler: str
    pruner: str
    told: dict[str, Any]

    def settings_of(self, model: str) -> Iterator[tuple[str, Values]]:
        """What is to be chosen for a model, in the file's order; some settings only others have."""
        known = {CONFIG + each.name for each in fields(MODELS[model].Config)}
        for name, values in self.values.items():
            if name != MODEL and (name in known or not name.startswith(CONFIG)):
                yield name, values

    def points(self) -> Iterator[dict[str, Any]]:
        """Every choice that the space has, those that are fixed left out. Raises ConfigError."""
        models = self.values[MODEL]
        assert isinstance(models, tuple)
        for model in models:
            listed = {MODEL: (model,)} | {k: _listed(k, v) for k, v in self.settings_of(model)}
            free = {name for name, values in listed.items() if len(values) > 1}
            free |= {MODEL} if len(models) > 1 else set()
            for chosen in product(*listed.values()):
                point = dict(zip(listed, chosen, strict=True))
                yield {name: value for name, value in point.items() if name in free}

    def point(self, chosen: Mapping[str, Any], letters: int) -> Variant:
        """The training that these values mean. Raises ConfigError where they do not go together."""
        model = chosen[MODEL]
        config, training = _under(CONFIG, chosen), _under(TRAINING, chosen)
        if PARAMETERS in chosen:
            by, size = self.equal.by, chosen[PARAMETERS]
            config[by] = width_for(model, config, by=by, parameters=size, letters=letters)
        recipe = recipe_for(self.recipe, model, **training)
        if self.equal.examples:
            recipe = after_examples(recipe, self.equal.examples)
        return Variant(model, config_for(model, config).to_json(), recipe)


def _under(start: str, chosen: Mapping[str, Any]) -> dict[str, Any]:
    return {k.removeprefix(start): v for k, v in chosen.items() if k.startswith(start)}


def _listed(name: str, values: Values) -> tuple[Any, ...]:
    if not isinstance(values, Span):
        return values
    step = values.step or (1 if values.whole else 0)
    if not step or values.log or (values.high - values.low) / step > MOST_POINTS:
        remedy = "give it a list or a step, or leave out sampler"
        raise ConfigError(f"{name} has no end of values, of which 'every' takes each one; {remedy}")
    count = int((values.high - values.low) / step + 1e-9) + 1
    return tuple(values.low + i * step for i in range(count))


def width_for(
    model: str, config: Mapping[str, Any], *, by: str, parameters: int, letters: int
) -> int:
    """The value of `by` that brings a net closest to so many parameters. Raises ConfigError.

    More width is more parameters, so it is looked for by halving.
    """
    [field] = [each for each in fields(MODELS[model].Config) if each.name == by]
    low, high = map(int, (field.metadata["low"], field.metadata["high"]))

    def size(width: int) -> int:
        return size_of(model, tuple(sorted({**config, by: width}.items())), letters)

    first, last = low, high
    while first < last:
        middle = (first + last) // 2
        first, last = (first, middle) if size(middle) >= parameters else (middle + 1, last)
    best = min((max(low, first - 1), first), key=lambda width: abs(size(width) - parameters))
    if abs(size(best) - parameters) > NEAR * parameters:
        said = f"no {by} from {low} to {high} comes within {NEAR:.0%} of {parameters:,} parameters"
        raise ConfigError(f"{said}; ask for about {size(best):,}, or change the other settings")
    return best


@cache
def size_of(model: str, config: tuple[tuple[str, Any], ...], letters: int) -> int:
    """The parameters of a net, of which no number is made."""
    made: list[LanguageModel] = []

    def make() -> LanguageModel:
        made.append(build(model, letters, torch.Generator(), dict(config)))
        return made[0]

    shapes_of(make)
    return made[0].size


def after_examples(recipe: Recipe, examples: int) -> Recipe:
    """The recipe with the steps that show so many examples; it decays at the same share of them.

    Raises ConfigError.
    """
    if not recipe.batch_size:
        raise ConfigError("batch_size 0 takes all examples at once; leave out equal.examples")
    steps = min(MOST_STEPS, max(1, round(examples / recipe.batch_size)))
    decay_at = round(recipe.decay_at * steps / recipe.steps)
    return replace(recipe, steps=steps, decay_at=max(decay_at, 1 if recipe.decay_at else 0))
