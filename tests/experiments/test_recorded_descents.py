"""The recorded trainings are what they say: the same bits as the checkpoint, the same batches, one change."""

from pathlib import Path

import pytest
import torch

from makemore.checkpoints import store
from makemore.checkpoints.metadata import CheckpointError
from makemore.checkpoints.shipped import MLP_SEED
from makemore.data.examples import Dataset
from makemore.experiments import recorded_descents as descents
from makemore.experiments.recorded_descents import BATCHES, DESCENTS, Descent
from makemore.training.events import Stepped
from makemore.training.recipes import recipe_for
from makemore.training.trainer import Trainer


def test_the_lectures_run_ends_in_the_bits_of_the_checkpoint() -> None:
    assert descents.read("lecture").ends == descents.ends_in(store.load("mlp_lecture").model)
    assert descents.recipe_of("lecture") == recipe_for("lecture", "mlp")


def test_its_raw_losses_average_to_the_curve_of_the_checkpoint() -> None:
    trajectory = store.load("mlp_lecture").trajectory
    assert trajectory is not None
    raw = descents.read("lecture").raw
    assert (raw.dtype, len(raw)) == (torch.float16, 200_000)
    means = raw.double().view(-1, 2_000).mean(dim=1)
    assert torch.allclose(means, trajectory.losses["mean"].double(), atol=1e-4)


def test_its_first_losses_are_those_of_a_second_run(real: Dataset) -> None:
    twin = Trainer.start("mlp", real, recipe_for("lecture", "mlp"), seed=MLP_SEED)
    losses = [event.loss for event in twin.events(300) if isinstance(event, Stepped)]
    # Half precision keeps 11 bits: off by 2^-11 of the value at most.
    assert torch.allclose(
        descents.read("lecture").raw[:300].float(), torch.tensor(losses), rtol=2**-11, atol=1e-4
    )


def test_without_decay_it_is_the_same_run_up_to_the_decay() -> None:
    lecture, never = descents.read("lecture"), descents.read("never decayed")
    half = lecture.steps <= 100_000
    assert torch.equal(lecture.steps, never.steps)
    assert torch.equal(lecture.dev[half], never.dev[half])
    assert float(never.dev[-1] - lecture.dev[-1]) == pytest.approx(0.084, abs=0.0005)


@pytest.mark.parametrize("descent", BATCHES)
def test_a_batch_size_is_the_only_change(descent: Descent) -> None:
    recipe, found = descents.recipe_of(descent), descents.read(descent)
    assert recipe == recipe_for("lecture", "mlp", batch_size=BATCHES[descent], decay_at=0)
    assert float(found.seconds[-1]) > descents.SECONDS
    assert bool((found.seconds.diff() > 0).all())
    assert float(found.dev[0]) == pytest.approx(float(descents.read("lecture").dev[0]))
    assert not len(found.raw)


def test_batches_of_32_are_the_lectures_run(real: Dataset) -> None:
    twin = Trainer.start("mlp", real, recipe_for("lecture", "mlp"), seed=MLP_SEED)
    found = descents.read("batch 32")
    at = 12
    for _ in twin.events(int(found.steps[at])):
        pass
    assert float(found.dev[at]) == pytest.approx(twin.loss("dev"), abs=1e-5)


def test_a_record_is_kept_and_read_and_a_damaged_one_refused(
    few: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(descents, "FOLDER", tmp_path)
    found = descents.record("lecture", few, steps=12)
    assert len(found.raw) == 12
    assert found.steps.tolist() == [0, 12]
    descents.write(found)
    again = descents.read("lecture")
    assert torch.equal(again.raw, found.raw)
    assert again.ends == found.ends
    timed = descents.record("batch 8", few, seconds=0.01)
    assert timed.steps[:4].tolist() == [0, 1, 2, 3]
    (tmp_path / "batch_1.safetensors").write_bytes((tmp_path / "lecture.safetensors").read_bytes())
    with pytest.raises(CheckpointError, match="of another descent"):
        descents.read("batch 1")
    with pytest.raises(CheckpointError, match=r"descents/batch_32\.safetensors"):
        descents.read("batch 32")


def test_all_of_them_are_shipped_and_small() -> None:
    sizes = [(path.stem, path.stat().st_size) for path in descents.FOLDER.iterdir()]
    assert {name for name, _ in sizes} == {each.replace(" ", "_") for each in DESCENTS}
    assert sum(size for _, size in sizes) < 500_000
