"""Saving and loading: the same bits for every model, and old files that stay when the disk refuses."""

import errno
import json
import math
import os
import stat
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from threading import Thread

import pytest
import torch
from safetensors.torch import load_file

from makemore.checkpoints import checked_files, store, tensor_files
from makemore.checkpoints.metadata import CheckpointError, Metadata, versions
from makemore.checkpoints.shipped import SHIPPED
from makemore.checkpoints.store import Checkpoint
from makemore.data.examples import Dataset
from makemore.experiments import runs
from makemore.inference.evaluation import log_probabilities
from makemore.layers import Tanh
from makemore.models import MODELS
from makemore.training.recipes import Recipe
from makemore.training.trajectory import Trajectory
from tests.conftest import Start


@pytest.fixture(scope="module")
def finished(start: Start) -> Callable[[str], runs.Run]:
    return lambda model: runs.run(start(model, steps=4), 7)


Finished = Callable[[str], runs.Run]


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("model", MODELS)
def test_what_is_loaded_is_what_was_saved(
    few: Dataset, tmp_path: Path, finished: Finished, model: str
) -> None:
    run = finished(model)
    runs.save(run, tmp_path / "mine")
    loaded = store.load(tmp_path / "mine")
    saved = run.trainer.model.state_dict()
    assert loaded.model.state_dict().keys() == saved.keys()
    assert all(torch.equal(saved[key], value) for key, value in loaded.model.state_dict().items())
    assert not loaded.model.training
    assert loaded.model.config == run.trainer.model.config
    assert loaded.vocabulary == few.vocabulary
    contexts = few.examples("dev", loaded.model.block_size).contexts
    assert torch.equal(
        log_probabilities(loaded.model, contexts), log_probabilities(run.trainer.model, contexts)
    )


@pytest.mark.parametrize("model", MODELS)
def test_the_json_says_all_that_is_known(
    few: Dataset, tmp_path: Path, finished: Finished, model: str
) -> None:
    run = finished(model)
    runs.save(run, tmp_path / "mine")
    about = json.loads((tmp_path / "mine.json").read_text(encoding="utf-8"))
    assert about["format"] == 2
    assert (about["model"], about["seed"], about["step"], about["device"]) == (model, 7, 4, "cpu")
    assert about["vocabulary"] == few.vocabulary.characters
    assert (about["data"], about["data_sha256"]) == ("few.txt", few.name_list.sha256)
    assert about["recipe"] == run.trainer.recipe.to_json()
    assert about["losses"] == runs.losses(run.trainer)
    assert about["versions"] == versions()
    assert about["parameters"] == run.trainer.model.size
    assert about["seconds"] == round(run.trainer.seconds, 3)
    loaded = store.load(tmp_path / "mine")
    assert loaded.metadata == store.read_metadata(tmp_path / "mine")
    assert set(load_file(tmp_path / "mine.safetensors")) == set(loaded.model.state_dict())


def test_the_trajectory_comes_back(tmp_path: Path, finished: Finished) -> None:
    run = finished("mlp")
    runs.save(run, tmp_path / "mine")
    loaded = store.load(tmp_path / "mine").trajectory
    assert loaded is not None
    before, after = run.trajectory.to_tensors(), loaded.to_tensors()
    assert before.keys() == after.keys()
    assert all(torch.equal(before[key], after[key]) for key in before)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_trajectory_has_its_layers_in_order(name: str) -> None:
    """Nothing is said of their intervals, so they are those of a tanh; and saved again it is the same."""
    stored = load_file(store.FOLDER / f"{name}.trajectory.safetensors")
    loaded = store.load(name)
    assert loaded.trajectory is not None
    named = [n for n, layer in loaded.model.named_modules() if isinstance(layer, Tanh)]
    tanhs = [n.removeprefix("layers.") for n in named]
    assert list(loaded.trajectory.intervals.items()) == [(n, (-1, 1)) for n in tanhs]
    assert {f"probed/{n}" for n in tanhs} <= stored.keys()
    again = loaded.trajectory.to_tensors()
    assert again.keys() == stored.keys()
    assert all(torch.equal(again[key], stored[key]) for key in stored)


@pytest.mark.parametrize("ending", ["", ".json", ".safetensors", ".trajectory.safetensors"])
def test_any_of_its_files_names_a_checkpoint(
    tmp_path: Path, finished: Finished, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs.save(finished("bigram"), tmp_path / "deep" / "v1.2")
    assert store.load(f"{tmp_path}/deep/v1.2{ending}").name == "v1.2"
    monkeypatch.chdir(tmp_path / "deep")
    assert store.load(f"v1.2{ending}").name == "v1.2"


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_checkpoint_loads_as_what_it_is_said_to_be(name: str) -> None:
    loaded = store.load(name)
    made = SHIPPED[name]
    assert loaded.model.name == loaded.metadata.model == made.model
    assert loaded.model.size == loaded.metadata.parameters
    assert loaded.metadata.seed == made.seed
    assert Recipe.from_json(loaded.metadata.recipe) == made.recipe
    assert made.settings.items() <= loaded.model.config.to_json().items()
    assert loaded.metadata.step == made.recipe.steps
    assert loaded.trajectory is not None


def test_the_shipped_checkpoints_are_small_and_known() -> None:
    assert store.shipped() == sorted(SHIPPED)
    files = [path for path in store.FOLDER.iterdir() if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 10_000_000


def save_anew(run: runs.Run, path: Path) -> None:
    """Save once more, with a model that has changed since."""
    for _ in run.trainer.events(until=run.trainer.step + 1):
        pass
    runs.save(run, path)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EIO])
@pytest.mark.parametrize(
    ("call", "place"), [("fsync", 1), ("fsync", 2), ("fsync", 3), ("replace", 1)]
)
def test_a_disk_that_refuses_leaves_the_old_checkpoint(
    tmp_path: Path,
    start: Start,
    monkeypatch: pytest.MonkeyPatch,
    code: int,
    call: str,
    place: int,
) -> None:
    run = runs.run(start("mlp", steps=1), 7)
    runs.save(run, tmp_path / "mine")
    before = content(tmp_path)
    assert len(before) == 3
    calls = 0

    def refuse(*_: object) -> None:
        nonlocal calls
        calls += 1
        if calls >= place:
            raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patched:
        patched.setattr(os, call, refuse)
        with pytest.raises(CheckpointError) as caught:
            save_anew(run, tmp_path / "mine")
    assert f"mine: could not be saved ({os.strerror(code)})" in str(caught.value)
    assert "choose another folder or free some space" in str(caught.value)
    assert content(tmp_path) == before
    assert store.load(tmp_path / "mine").metadata.step == 1
    save_anew(run, tmp_path / "mine")
    assert store.load(tmp_path / "mine").metadata.step == 3
    assert content(tmp_path).keys() == before.keys()


def test_a_folder_that_cannot_be(tmp_path: Path, finished: Finished) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(CheckpointError, match="could not be saved"):
        runs.save(finished("bigram"), tmp_path / "file" / "mine")


def test_a_loss_that_json_cannot_say_is_refused_before_anything_is_written(
    tmp_path: Path, finished: Finished
) -> None:
    run = finished("mlp")
    runs.save(run, tmp_path / "mine")
    before = content(tmp_path)
    about = asdict(store.load(tmp_path / "mine").metadata)
    kept = {key: about[key] for key in OWN} | {"losses": dict.fromkeys(about["losses"], math.inf)}
    with pytest.raises(CheckpointError, match="a loss is infinite"):
        store.save(tmp_path / "mine", run.trainer.model, **kept)
    with pytest.raises(CheckpointError, match="'step' needs"):
        store.save(
            tmp_path / "mine", run.trainer.model, **kept | {"losses": about["losses"], "step": -1}
        )
    assert content(tmp_path) == before


def test_an_infinite_loss_on_the_way_is_left_out_of_the_trajectory(
    tmp_path: Path, start: Start
) -> None:
    """Without smoothing a pair that is not counted yet costs infinitely much."""
    run = runs.run(start("bigram", steps=12, settings={"smoothing": 0}), 7)
    evaluated = run.trajectory.evaluated["dev"].tolist()
    assert all(map(math.isfinite, evaluated))
    assert len(evaluated) < 13
    with pytest.raises(CheckpointError, match="a loss is infinite"):
        runs.save(run, tmp_path / "mine")


@pytest.mark.parametrize("name", SHIPPED)
def test_the_copy_for_people_agrees_with_what_is_inside(name: str) -> None:
    copy = json.loads((store.FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    assert tensor_files.about((store.FOLDER / f"{name}.safetensors").read_bytes()) == copy
    told = asdict(store.load(name).metadata)
    said = {key: value for key, value in copy.items() if key != "sha256"}
    assert told == {"start": "", **said}  # which only those that were trained further say


def test_own_checkpoints_are_found_the_newest_first(tmp_path: Path, finished: Finished) -> None:
    run = finished("bigram")
    for age, name in enumerate(("new", "older.v1", "oldest")):
        runs.save(run, tmp_path / name)
        os.utime(tmp_path / f"{name}.safetensors", (1000 - age, 1000 - age))
    (tmp_path / ".hidden.safetensors").touch()
    assert store.newest_first(tmp_path) == [tmp_path / n for n in ("new", "older.v1", "oldest")]
    assert store.newest_first(tmp_path / "nowhere") == []


def test_saving_without_a_trajectory_takes_the_old_one_away(
    tmp_path: Path, finished: Finished
) -> None:
    run = finished("mlp")
    runs.save(run, tmp_path / "mine")
    loaded = store.load(tmp_path / "mine")
    about = {key: value for key, value in vars(loaded.metadata).items() if key in OWN}
    store.save(tmp_path / "mine", run.trainer.model, **about)
    again: Checkpoint = store.load(tmp_path / "mine")
    assert again.trajectory is None
    assert again.metadata == loaded.metadata


def test_a_reader_whom_savers_always_overtake_lets_them_wait(
    tmp_path: Path, finished: Finished, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between its two files another save comes each time, so that they never belong together."""
    run, read = finished("mlp"), checked_files.read_trajectory
    runs.save(run, tmp_path / "mine")
    savers: list[Thread] = []

    def save() -> None:
        with torch.no_grad():
            run.trainer.model.get_parameter("layers.logits.bias").add_(1.0)
        runs.save(run, tmp_path / "mine")

    def overtaken(path: Path, metadata: Metadata) -> Trajectory | None:
        savers.append(Thread(target=save))
        savers[-1].start()
        savers[-1].join(0.5)
        return read(path, metadata)

    monkeypatch.setattr(store, "read_trajectory", overtaken)
    found = store.load(tmp_path / "mine")
    for each in savers:
        each.join()
    assert found.trajectory is not None
    assert len(savers) == store.MOST_TRIES + 1


OWN = ("vocabulary", "data", "data_sha256", "recipe", "seed", "step", "losses", "seconds", "device")


def test_files_have_the_rights_that_new_files_have_here(tmp_path: Path, finished: Finished) -> None:
    (tmp_path / "plain").touch()
    runs.save(finished("bigram"), tmp_path / "mine")
    assert len({stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}) == 1
