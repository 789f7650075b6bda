"""The studies that are stored, what they say, and how one is measured."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Generator

from makemore.checkpoints import store
from makemore.checkpoints.shipped import SHIPPED
from makemore.data.examples import Dataset
from makemore.diagnostics.losses import seed_effects
from makemore.experiments import studies, study_runs
from makemore.experiments.studies import STUDIES
from makemore.experiments.study_variants import Study, StudyError
from makemore.models import build, config_for
from makemore.training.recipes import recipe_for
from makemore.training.trainer import Trainer


def test_wandered_takes_blocks() -> None:
    steady = torch.ones(80, 2, 3)
    assert study_runs.wandered(steady) == [[400, 0.0], [800, 0.0]]


@pytest.mark.parametrize("name", STUDIES)
def test_stored_studies_are_whole(name: str) -> None:
    study, results = STUDIES[name], studies.read(name)
    assert {(r.variant, r.seed) for r in results} == {
        (variant, seed) for variant in study.variants for seed in study.seeds
    }
    for variant, settings in study.variants.items():
        config_for(study.model_of(variant), settings)  # raises if it is none


def test_the_spread_over_seeds_is_that_of_the_shipped_trainings() -> None:
    study = STUDIES["seed_spread"]
    for name in study.variants:
        made = SHIPPED[name]
        assert (study.model_of(name), study.variants[name]) == (made.model, made.settings)
        assert study.recipe_of(name).to_json() == store.read_metadata(name).recipe
        assert {r.parameters for r in studies.read("seed_spread") if r.variant == name} == {
            store.read_metadata(name).parameters
        }


def test_a_variant_may_have_a_model_and_a_recipe_of_its_own(few: Dataset) -> None:
    recipe = recipe_for("lecture", "mlp", steps=1)
    own = recipe_for("lecture", "wavenet", steps=3, batch_size=8)
    small: dict[str, object] = {"embedding": 2, "hidden": 4}
    study = Study(
        "mlp", recipe, {"a": small, "b": small}, (1,), models={"b": "wavenet"}, recipes={"b": own}
    )
    twin = Trainer.start("wavenet", few, own, seed=1, settings=small)
    for _ in twin.events():
        pass
    found = study_runs.one(study, "b", 1, few)
    assert (found.dev, found.parameters) == (round(twin.loss("dev"), 5), twin.model.size)
    assert study.to_json()["recipes"] == {"b": own.to_json()}
    assert study_runs.one(study, "a", 1, few).parameters != found.parameters


def test_the_repair_is_clear_and_the_means_stray_as_foretold() -> None:
    found = {
        v: [r.dev for r in studies.read("axis_bug") if r.variant == v] for v in ("before", "after")
    }
    assert seed_effects.effect(found["before"], found["after"]).clear
    for variant, numbers in (("before", 32), ("after", 128)):
        ends = [r.wander[-1][1] for r in studies.read("axis_bug") if r.variant == variant]
        assert sum(ends) / len(ends) == pytest.approx(
            seed_effects.expected_wander(numbers, 0.1), rel=0.1
        )


def losses(study: str, variant: str) -> list[float]:
    return [r.dev for r in studies.read(study) if r.variant == variant]


@pytest.mark.parametrize("letters", studies.AS_MANY)
def test_trees_of_the_ladder_are_equally_large(letters: int) -> None:
    same = {
        r.parameters
        for width in (studies.AS_MANY[letters],)
        for r in studies.read("context_ladder")
        if r.variant == studies.ladder_variant(letters, width)
    }
    settings = {"block_size": letters, "embedding": 10, "hidden": studies.AS_MANY[letters]}
    assert same == {build("wavenet", 27, Generator(), settings).size}
    assert same.pop() == pytest.approx(22_397, rel=0.01)


@pytest.mark.parametrize(
    ("widths", "steps"),
    [
        (studies.AS_MANY, {(2, 4): "lower", (4, 8): "lower", (8, 16): "higher"}),
        (
            dict.fromkeys(studies.AS_MANY, studies.SMALL_WIDTH),
            {(2, 4): "lower", (4, 8): "lower", (8, 16): "lower"},
        ),
    ],
    ids=["as many parameters", "as many channels"],
)
def test_what_the_page_says_of_longer_contexts(
    widths: dict[int, int], steps: dict[tuple[int, int], str]
) -> None:
    for (before, after), said in steps.items():
        pair = (studies.ladder_variant(letters, widths[letters]) for letters in (before, after))
        found = seed_effects.effect(*(losses("context_ladder", each) for each in pair))
        assert seed_effects.verdict(found) == said


@pytest.mark.parametrize(
    ("base", "option"),
    [("as many weights, no gate", "gate"), ("plain", "residual"), ("plain", "skip")],
)
def test_no_part_of_wavenet_is_told_from_seeds_at_equal_parameters(base: str, option: str) -> None:
    found = seed_effects.effect(losses("options", base), losses("options", option))
    assert not found.clear
    runs = {r.variant: r.parameters for r in studies.read("options")}
    assert runs[option] == pytest.approx(runs[base], rel=0.1)


def test_a_study_goes_on_where_it_stopped(
    few: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = {"embedding": 2, "hidden": 4}
    recipe = recipe_for("lecture", "wavenet", steps=40)
    study = Study("wavenet", recipe, {"a": small, "b": {**small, "gate": True}}, (1, 2), "norm1")
    monkeypatch.setattr(studies, "FOLDER", tmp_path)
    monkeypatch.setitem(STUDIES, "small", study)
    told: list[str] = []
    first = study_runs.measure("small", few, lambda r: told.append(f"{r.variant}{r.seed}"))
    assert told == ["a1", "b1", "a2", "b2"]
    assert first[0].wander[0][0] == 40
    assert study_runs.measure("small", few, lambda r: told.append("again")) == first
    assert "again" not in told


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[:-20],
        lambda text: text.replace('"dev"', '"dav"', 1),
        lambda text: text.replace('"dev": 2', '"dev": -2', 1),
        lambda text: text.replace('"dev": 2.', '"dev": NaN, "x": 2.', 1),
        lambda text: text.replace('"seed": 42', '"seed": "42"', 1),
        lambda text: "[" * 100_000,
        lambda text: "[]",
    ],
)
def test_a_damaged_study_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[str], str]
) -> None:
    text = (studies.FOLDER / "seed_spread.json").read_text(encoding="utf-8")
    changed = damage(text)
    assert changed != text
    (tmp_path / "seed_spread.json").write_text(changed, encoding="utf-8")
    monkeypatch.setattr(studies, "FOLDER", tmp_path)
    with pytest.raises(StudyError, match=r"seed_spread\.json: .*; get it again"):
        studies.read("seed_spread")
