"""Effects over seeds, how far running means should stray, and the studies that are stored."""

from pathlib import Path

import pytest
import torch

from makemore.checkpoints import store
from makemore.checkpoints.shipped import SHIPPED
from makemore.data.examples import Dataset
from makemore.diagnostics.losses import seed_effects
from makemore.experiments import studies
from makemore.experiments.studies import STUDIES, Study
from makemore.models import config_for
from makemore.training.recipes import recipe_for
from makemore.training.trainer import Trainer


def test_effect_of_pairs() -> None:
    found = seed_effects.effect([2.0, 2.2, 2.4], [1.9, 2.1, 2.3])
    assert (found.before, found.after) == pytest.approx((2.2, 2.1))
    assert found.seeds == 3
    assert found.difference == pytest.approx(-0.1)
    assert found.error == pytest.approx(0, abs=1e-9)
    assert found.spread == pytest.approx(0.2)
    assert found.clear
    assert not seed_effects.effect([2.0, 2.2], [2.1, 2.1]).clear


def test_one_seed_has_no_spread() -> None:
    with pytest.raises(ValueError, match="at least two seeds"):
        seed_effects.effect([2.0], [1.9])


@pytest.mark.parametrize("numbers", [32, 128])
def test_a_running_mean_strays_as_foretold(numbers: int) -> None:
    generator = torch.Generator().manual_seed(1)
    mean, seen = torch.zeros(500), []
    for _ in range(400):
        mean = mean.lerp(torch.randn(numbers, 500, generator=generator).mean(0), 0.1)
        seen.append(mean)
    strayed = float(torch.stack(seen[100:]).std(dim=0).mean())
    assert strayed == pytest.approx(seed_effects.expected_wander(numbers, 0.1), rel=0.05)


def test_wandered_takes_blocks() -> None:
    steady = torch.ones(80, 2, 3)
    assert studies.wandered(steady) == [[400, 0.0], [800, 0.0]]


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
    found = studies.one(study, "b", 1, few)
    assert (found.dev, found.parameters) == (round(twin.loss("dev"), 5), twin.model.size)
    assert study.to_json()["recipes"] == {"b": own.to_json()}
    assert studies.one(study, "a", 1, few).parameters != found.parameters


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


def test_a_study_goes_on_where_it_stopped(
    few: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = {"embedding": 2, "hidden": 4}
    recipe = recipe_for("lecture", "wavenet", steps=40)
    study = Study("wavenet", recipe, {"a": small, "b": {**small, "gate": True}}, (1, 2), "norm1")
    monkeypatch.setattr(studies, "FOLDER", tmp_path)
    monkeypatch.setitem(STUDIES, "small", study)
    told: list[str] = []
    first = studies.measure("small", few, lambda r: told.append(f"{r.variant}{r.seed}"))
    assert told == ["a1", "b1", "a2", "b2"]
    assert first[0].wander[0][0] == 40
    assert studies.measure("small", few, lambda r: told.append("again")) == first
    assert "again" not in told
