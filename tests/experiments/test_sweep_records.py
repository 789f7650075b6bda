"""Records of sweeps: the shipped ones are whole and repeat, and a damaged one says so."""

import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from torch import Generator

from makemore.data.examples import Dataset
from makemore.data.name_lists import NAMES_SHA256
from makemore.experiments import read_space, sweep_records
from makemore.experiments.seed_runs import train_seed
from makemore.experiments.sweep_records import SHIPPED, SweepError, read_shipped
from makemore.models import build
from makemore.training.recipes import Recipe


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_sweeps_are_whole_and_of_the_shipped_space(name: str) -> None:
    found = read_shipped(name)
    text = (read_space.FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    assert (found.name, found.space) == (name, tomllib.loads(text))
    assert found.data_sha256 == NAMES_SHA256
    space = read_space.parse(name, found.space)
    if space.sampler == "every":
        assert [trial.chosen for trial in found.trials] == [*space.points()]
    for trial in found.trials:
        assert trial.state in ("complete", "pruned", "diverged")
        assert trial.parameters == build(trial.model, 27, Generator(), trial.config).size
        models = space.values["model"]
        assert isinstance(models, tuple)
        fixed = {k: v[0] for k, v in space.values.items() if isinstance(v, tuple) and len(v) == 1}
        drawn = space.point({**fixed, **trial.chosen}, 27)
        assert (drawn.config, drawn.recipe.to_json()) == (trial.config, trial.recipe)


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_trials_repeat(name: str, real: Dataset) -> None:
    """The start of one, which takes no time, on this machine: to the digits that a curve keeps."""
    trial = read_shipped(name).complete()[0]
    run = trial.runs[-1]
    trainer = sweep_records.repeat(trial, real, seed=run.seed)
    assert round(trainer.loss("dev"), 4) == run.curve[0][1]
    assert Recipe.from_json(trial.recipe).steps == run.curve[-1][0]


def test_a_shipped_trial_comes_to_its_loss_again(real: Dataset) -> None:
    """The whole of it, 288 steps: what page and README say of a record."""
    best = read_shipped("tree_shape").complete()[0]
    found = train_seed(sweep_records.variant_of(best), 1, real, reports=1)
    assert round(found.dev, 4) == round(best.runs[0].dev, 4)


def test_a_record_reads_as_it_was_written(tmp_path: Path) -> None:
    found = read_shipped("ladder")
    sweep_records.write(found, tmp_path / "again.json")
    assert sweep_records.read(tmp_path / "again.json") == found


def test_the_best_come_first_and_only_whole_ones() -> None:
    found = read_shipped("rate_and_batch")
    losses = [trial.dev for trial in found.complete()]
    assert losses == sorted(losses)
    assert {trial.state for trial in found.complete()} == {"complete"}
    lost = replace(found.trials[0], runs=[])
    assert lost.dev == float("inf")
    assert lost.seconds == 0


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[:-20],
        lambda text: text.replace('"dev"', '"dav"', 1),
        lambda text: text.replace('"dev": 2', '"dev": -2', 1),
        lambda text: text.replace('"dev": 2.', '"dev": NaN, "x": 2.', 1),
        lambda text: text.replace('"complete"', '"finished"', 1),
        lambda text: text.replace('"hidden": 200', '"hidden": 99999', 1),
        lambda text: text.replace('"optimizer": "sgd"', '"optimizer": "luck"', 1),
        lambda text: text.replace('"seeds": 3', '"seeds": 4', 1),
        lambda text: "[" * 100_000,
        lambda text: "[]",
    ],
)
def test_a_damaged_record_says_so(tmp_path: Path, damage: Callable[[str], str]) -> None:
    text = (sweep_records.FOLDER / "ladder.json").read_text(encoding="utf-8")
    changed = damage(text)
    assert changed != text
    path = tmp_path / "ladder.json"
    path.write_text(changed, encoding="utf-8")
    with pytest.raises(SweepError, match=r"ladder\.json: not the record .*; get it again"):
        sweep_records.read(path)
