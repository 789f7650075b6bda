"""The trials of a small space: each choice once, or some drawn at random. Trains nothing, needs no Optuna."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from math import exp, log
from typing import Any

import torch
from torch import Generator

from makemore.experiments.read_space import parse
from makemore.experiments.search_space import MODEL, Space, Span, Values
from makemore.experiments.seed_runs import Variant

NAME = "own"
TRIES = 100  # for each draw, to find one that is new
DRAWS_SEED = 1  # of what is chosen; trainings have seeds of their own


@dataclass(frozen=True)
class Planned:
    """A trial before it is trained: what was chosen, and the training that this means."""

    chosen: dict[str, Any]
    variant: Variant


def trials_of(told: Mapping[str, Any], *, draws: int, letters: int) -> list[Planned]:
    """Of a space as a file tells it: so many draws, or with 0 every choice once. Raises ConfigError."""
    space = parse(NAME, dict(told))
    points = _distinct(space, draws) if draws else [*space.points()]
    fixed = {k: v[0] for k, v in space.values.items() if isinstance(v, tuple) and len(v) == 1}
    return [Planned(point, space.point({**fixed, **point}, letters)) for point in points]


def _distinct(space: Space, draws: int) -> list[dict[str, Any]]:
    """So many draws of which no two are alike, fewer where the space has no more."""
    found: list[dict[str, Any]] = []
    for point in islice(draw_points(space), TRIES * draws):
        if point not in found:
            found.append(point)
        if len(found) == draws:
            break
    return found


def draw_points(space: Space) -> Iterator[dict[str, Any]]:
    """Choices drawn at random without end, each setting independently of the others.

    Source: Bergstra and Bengio 2012, Random Search for Hyper-Parameter Optimization.
    """
    generator = Generator().manual_seed(DRAWS_SEED)
    models = space.values[MODEL]
    assert isinstance(models, tuple)
    while True:
        model = _draw(models, generator)
        point = {MODEL: model} if len(models) > 1 else {}
        for name, values in space.settings_of(model):
            if isinstance(values, Span) or len(values) > 1:
                point[name] = _draw(values, generator)
        yield point


def _draw(values: Values, generator: Generator) -> Any:
    """One value, uniformly, or uniformly in its logarithm; two digits tell what is drawn from a range."""
    share = float(torch.rand((), generator=generator))
    if not isinstance(values, Span):
        return values[int(share * len(values))]
    if values.log:
        drawn = exp(log(values.low) + share * (log(values.high) - log(values.low)))
    else:
        drawn = values.low + share * (values.high - values.low)
    return round(drawn) if values.whole else float(f"{drawn:.2g}")
