"""Recorded trainings from five starts: what is kept of one, and files that cannot be read."""

from pathlib import Path

import pytest
import torch

from makemore.checkpoints.metadata import CheckpointError
from makemore.checkpoints.shipped import MLP_SEED
from makemore.data.examples import Dataset
from makemore.experiments import recorded_starts
from makemore.experiments.recorded_starts import MODELS, SETTINGS, STARTS, Start
from makemore.training.events import Stepped
from makemore.training.recipes import recipe_for
from makemore.training.trainer import Trainer


@pytest.mark.parametrize("start", ["naive", "batch norm"])
def test_a_recording_is_the_training_that_it_names(
    start: Start, few: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = recorded_starts.record(start, few, steps=30)
    recipe = recipe_for("lecture", MODELS[start])
    twin = Trainer.start(MODELS[start], few, recipe, seed=MLP_SEED, settings=dict(SETTINGS[start]))
    losses = [event.loss for event in twin.events(10) if isinstance(event, Stepped)]
    assert found.moments == [0, 10]
    assert float(found.batches[0]) == pytest.approx(sum(losses) / 10)
    assert float(found.dev[found.steps.tolist().index(10)]) == pytest.approx(twin.loss("dev"))
    for name, tensor in twin.model.state_dict().items():
        assert torch.equal(found.weights[10][name], tensor)
    assert found.steps.tolist() == [0, 1, 2, 3, 5, 7, 10, 15, 20, 30]
    fresh = Trainer.start(MODELS[start], few, recipe, seed=MLP_SEED, settings=dict(SETTINGS[start]))
    at_start = recorded_starts.net_at(found, 0, len(few.vocabulary)).state_dict()
    assert all(torch.equal(at_start[n], t) for n, t in fresh.model.state_dict().items())
    monkeypatch.setattr(recorded_starts, "FOLDER", tmp_path / "starts")
    recorded_starts.write(found)
    again = recorded_starts.read(start)
    assert again.moments == [0, 10]
    assert torch.equal(again.dev, found.dev)
    assert all(torch.equal(again.weights[10][n], t) for n, t in found.weights[10].items())


def test_a_file_that_is_damaged_missing_or_of_another_start_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = (recorded_starts.FOLDER / "naive.safetensors").read_bytes()
    monkeypatch.setattr(recorded_starts, "FOLDER", tmp_path)
    with pytest.raises(CheckpointError, match=r"starts/naive\.safetensors: No such file"):
        recorded_starts.read("naive")
    for content in (b"", whole[:5000], whole[:-1] + bytes([whole[-1] ^ 1])):
        (tmp_path / "naive.safetensors").write_bytes(content)
        with pytest.raises(CheckpointError, match="get it again"):
            recorded_starts.read("naive")
    (tmp_path / "kaiming.safetensors").write_bytes(whole)
    with pytest.raises(CheckpointError, match="of another start"):
        recorded_starts.read("kaiming")


@pytest.mark.parametrize("start", STARTS)
def test_every_start_is_shipped(start: Start) -> None:
    assert recorded_starts.read(start).moments == [0, *recorded_starts.KEPT]
