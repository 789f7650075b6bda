"""Spaces: what a file may say, what it is told otherwise, and which training a choice means."""

from pathlib import Path
from typing import Any

import pytest
import torch

from makemore.config import ConfigError
from makemore.data.examples import Dataset
from makemore.experiments import read_space
from makemore.experiments.read_space import parse
from makemore.experiments.search_space import PARAMETERS, Space, after_examples, size_of, width_for
from makemore.experiments.sweep_records import SHIPPED
from makemore.models import MODELS, build
from makemore.training import step_cost
from makemore.training.recipes import recipe_for

WRONG: list[tuple[dict[str, Any], str]] = [
    ({}, "model is missing; add it, such as model = 'mlp'"),
    ({"model": "gpt"}, "unknown model 'gpt'; known ones: bigram, bigram_nn, mlp, mlp_bn, wavenet"),
    ({"model": []}, "model has 0 choices; give it 1 to 100"),
    ({"model": ["mlp", "mlp"]}, "model names a choice twice; name it once"),
    ({"model": "mlp", "recipe": "slow"}, "unknown recipe 'slow'; known ones: lecture, fast, best"),
    ({"model": "mlp", "recipe": ["fast"]}, "known ones: lecture, fast, best"),
    ({"model": "mlp", "depth": 3}, "unknown key 'depth' in the file; known ones: model, recipe"),
    ({"model": "mlp"}, "nothing varies; give a setting several values"),
    ({"model": "mlp", "config": {"hidden": 20}}, "nothing varies"),
    ({"model": "mlp", "config": 3}, "config is 3; make it a table, [config]"),
    ({"model": "mlp", "config": {"depth": [1, 2]}}, "unknown setting 'depth' in [config]; known ones: block_"),
    ({"model": "mlp", "config": {"hidden": [1, 9999]}}, "hidden is 9999; it must be a whole number from 1"),
    ({"model": "mlp", "config": {"hidden": {"low": 9}}}, "hidden: low, high and step must be whole numbers"),
    ({"model": "mlp", "config": {"hidden": {"low": 9, "high": 4}}}, "low is 9, high 4; low must be less"),
    ({"model": "mlp", "config": {"hidden": {"low": 1, "high": 9999}}}, "hidden is 9999; it must be"),
    ({"model": "mlp", "config": {"hidden": {"low": 1, "high": 9, "by": 2}}}, "unknown key 'by' in the range"),
    ({"model": "mlp", "config": {"hidden": {"low": 1, "high": 9, "step": 20}}}, "make it above 0 and at most 8"),
    ({"model": "mlp", "config": {"hidden": {"low": 1, "high": 9, "log": 1}}}, "it must be true or false"),
    (
        {"model": "mlp", "config": {"hidden": {"low": 1, "high": 9, "log": True, "step": 2}}},
        "a log range has no step",
    ),
    ({"model": "mlp", "config": {"logits_init": {"low": 1, "high": 2}}}, "logits_init is no number; give a list"),
    ({"model": "mlp", "config": {"logits_init": ["small", "big"]}}, "it must be one of 'naive', 'small'"),
    ({"model": "mlp", "config": {"hidden": [[1], [2]]}}, "neither text nor number; leave it out"),
    ({"model": "wavenet", "config": {"block_size": [4, 6]}}, "a tree needs 2, 4, 8 or 16"),
    ({"model": "mlp", "training": {"rate": [1, 2]}}, "unknown setting 'rate' in [training]"),
    ({"model": "mlp", "training": {"name": ["a", "b"]}}, "unknown setting 'name' in [training]"),
    ({"model": "mlp", "training": {"steps": [0, 9]}}, "steps is 0; it must be a whole number from 1"),
    ({"model": "mlp", "config": {"hidden": [1, 2]}, "sampler": "grid"}, "unknown sampler 'grid'; known ones: tpe"),
    ({"model": "mlp", "config": {"hidden": [1, 2]}, "pruner": "all"}, "unknown pruner 'all'; known ones: median"),
    (
        {"model": "mlp", "sampler": "every", "training": {"learning_rate": {"low": 0.1, "high": 1.0}}},
        "training.learning_rate has no end of values",
    ),
    ({"model": "mlp", "equal": {"size": 9}}, "unknown key 'size' in [equal]; known ones: parameters"),
    ({"model": "mlp", "equal": {"parameters": 0}}, "equal.parameters is 0; make it a whole number"),
    ({"model": "mlp", "equal": {"parameters": 900, "by": "eps"}}, "'eps' is no number of mlp; name one"),
    (
        {"model": "mlp", "config": {"hidden": [1, 2]}, "equal": {"parameters": 900}},
        "hidden follows from equal.parameters; leave it out of [config]",
    ),
    (
        {"model": "mlp", "training": {"steps": [1, 2]}, "equal": {"examples": 900}},
        "equal.examples decides about steps; leave out one of the two",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("told", "message"), WRONG)
def test_a_wrong_space_says_what_to_do(told: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse("mine", told)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "No such file or directory; name a TOML file with a space"),
        (b"model = ", "mine.toml: not TOML"),
        (b"\xff", "mine.toml: not TOML"),
        (b"model = 'gpt'", "mine.toml: unknown model 'gpt'"),
        (b"model = " + b"[" * 100_000, "mine.toml: not TOML"),
    ],
)
def test_a_file_that_is_none_says_so(tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "mine.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        read_space.read(path)
    assert message in str(caught.value)


def test_every_choice_comes_once_and_only_for_models_that_have_it() -> None:
    told = {
        "model": ["mlp", "mlp_bn"],
        "sampler": "every",
        "config": {"logits_init": ["naive", "small"], "hidden": {"low": 10, "high": 30, "step": 20}},
        "training": {"steps": 9},
    }  # fmt: skip
    points = [*parse("mine", told).points()]
    assert points == [
        {"model": "mlp", "config.logits_init": logits, "config.hidden": hidden}
        for logits in ("naive", "small")
        for hidden in (10, 30)
    ] + [{"model": "mlp_bn", "config.hidden": hidden} for hidden in (10, 30)]


@pytest.mark.parametrize("model", MODELS)
def test_a_size_is_that_of_the_net(model: str) -> None:
    settings = tuple(MODELS[model].Config().to_json().items())
    assert size_of(model, settings, 27) == build(model, 27, torch.Generator()).size


@pytest.mark.parametrize(("context", "embedding"), [(2, 4), (8, 10), (16, 24)])
def test_the_width_is_the_one_that_comes_closest(context: int, embedding: int) -> None:
    settings = {"block_size": context, "embedding": embedding}
    found = width_for("wavenet", settings, by="hidden", parameters=5_000, letters=27)

    def away(hidden: int) -> int:
        net = build("wavenet", 27, torch.Generator(), {**settings, "hidden": hidden})
        return abs(net.size - 5_000)

    assert away(found) == min(away(hidden) for hidden in range(max(1, found - 3), found + 4))


def test_parameters_that_no_width_gives_are_refused() -> None:
    with pytest.raises(ConfigError, match="no hidden from 1 to 2048 comes within 5% of 20 param"):
        width_for("mlp", {"embedding": 32}, by="hidden", parameters=20, letters=27)


def test_equal_examples_decide_about_steps_and_when_the_rate_falls() -> None:
    recipe = recipe_for("lecture", "mlp", batch_size=64)
    found = after_examples(recipe, 64_000)
    assert (found.steps, found.decay_at) == (1_000, 500)
    assert after_examples(recipe_for("fast", "mlp"), 2_848 * 7).decay_at == 0
    with pytest.raises(ConfigError, match=r"takes all examples at once; leave out equal\.examples"):
        after_examples(recipe_for("lecture", "bigram_nn"), 9)


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_spaces_are_spaces_whose_steps_a_server_makes(name: str, real: Dataset) -> None:
    space = read_space.read(read_space.FOLDER / f"{name}.toml")
    chosen: dict[str, Any]
    for chosen in _corners(space):
        drawn = space.point(chosen, 27)
        assert step_cost.problem(drawn.model, drawn.config, drawn.recipe, real) == ""
        if PARAMETERS in chosen:
            size = size_of(drawn.model, tuple(drawn.config.items()), 27)
            assert size == pytest.approx(chosen[PARAMETERS], rel=0.01)


def _corners(space: Space) -> list[dict[str, Any]]:
    """The first and the last value of everything."""
    found = []
    for end in (0, -1):
        model = space.values["model"][end]  # type: ignore[index]  # of models there is a list
        settings = dict(space.settings_of(model))
        ends = {
            k: v[end] if isinstance(v, tuple) else (v.low, v.high)[end] for k, v in settings.items()
        }
        found.append({"model": model, **ends})
    return found
