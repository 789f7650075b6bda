"""Trials of a small space without Optuna: a grid has every choice, draws are spread as they should be."""

from itertools import islice
from math import log10
from typing import Any

import pytest

from makemore.config import ConfigError
from makemore.experiments.own_trials import draw_points, trials_of
from makemore.experiments.read_space import parse

GRID: dict[str, Any] = {
    "model": "mlp",
    "sampler": "every",
    "recipe": "lecture",
    "config": {"hidden": [20, 60], "embedding": [2, 5, 10]},
    "training": {"steps": 7},
}
RANGES: dict[str, Any] = {
    "model": ["mlp", "mlp_bn"],
    "sampler": "random",
    "recipe": "lecture",
    "config": {"hidden": {"low": 10, "high": 1000, "log": True}, "hidden_init": ["naive", "small"]},
    "training": {"steps": 7, "learning_rate": {"low": 0.0, "high": 2.0}},
}


def test_a_grid_has_every_pair_once() -> None:
    trials = trials_of(GRID, draws=0, letters=27)
    pairs = [(t.variant.config["hidden"], t.variant.config["embedding"]) for t in trials]
    assert pairs == [(h, e) for h in (20, 60) for e in (2, 5, 10)]
    assert {t.variant.recipe.steps for t in trials} == {7}
    assert trials[0].chosen == {"config.hidden": 20, "config.embedding": 2}


def test_draws_are_uniform_in_what_they_are_drawn_by() -> None:
    points = [*islice(draw_points(parse("own", RANGES)), 2_000)]
    hidden = [point["config.hidden"] for point in points]
    rates = [point["training.learning_rate"] for point in points]
    assert all(10 <= width <= 1000 for width in hidden)
    assert sum(log10(width) for width in hidden) / 2_000 == pytest.approx(2, abs=0.05)
    assert sum(rates) / 2_000 == pytest.approx(1, abs=0.05)
    assert sum(point["model"] == "mlp" for point in points) == pytest.approx(1_000, abs=80)
    starts = [point.get("config.hidden_init") for point in points if point["model"] == "mlp"]
    assert starts.count("naive") == pytest.approx(len(starts) / 2, abs=70)
    assert all("config.hidden_init" not in p for p in points if p["model"] == "mlp_bn")


def test_draws_come_again() -> None:
    assert trials_of(RANGES, draws=5, letters=27) == trials_of(RANGES, draws=5, letters=27)
    assert len(trials_of(RANGES, draws=5, letters=27)) == 5


def test_no_two_draws_are_alike_and_a_small_space_has_an_end() -> None:
    small = {**GRID, "sampler": "random"}
    chosen = [trial.chosen for trial in trials_of(small, draws=50, letters=27)]
    assert sorted(map(str, chosen)) == sorted(map(str, parse("own", GRID).points()))


def test_a_space_that_is_none_says_so() -> None:
    with pytest.raises(ConfigError, match="unknown setting 'hiden'"):
        trials_of({**GRID, "config": {"hiden": [1, 2]}}, draws=0, letters=27)
