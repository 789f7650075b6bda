"""Second trainings of shipped nets: whole, of the net that they are named after, ended near it, or refused."""

import math
from pathlib import Path
from statistics import stdev

import pytest
import torch

from makemore.checkpoints import store, tensor_files
from makemore.checkpoints.metadata import SPLITS, CheckpointError
from makemore.checkpoints.shipped import SHIPPED
from makemore.data.examples import Dataset
from makemore.experiments import second_recordings, studies
from makemore.experiments.kept_looks import has_second, kept_in, kept_of, looks_at
from makemore.experiments.second_recordings import MOST_BYTES, path_of, read
from makemore.inference.readings import read as look
from makemore.training.events import Probed
from makemore.training.trainer import Trainer
from makemore.ui.sources import loaded

LEARNT = [name for name in SHIPPED if name != "bigram"]
SECOND = [
    "mlp", "mlp_bn", "mlp_bn_8", "mlp_bn_wide", "wavenet_2", "wavenet_4", "wavenet_16",
    "wavenet_22k_bug", "wavenet_22k", "wavenet", "wavenet_gated",
]  # fmt: skip
# Deviations of one seed from another, in nats; the widest that was measured stands for the others.
WIDEST = 0.0027


def parts_of(path: Path) -> set[str]:
    """Which kinds of looks a file of a trajectory holds, by the names of its tensors alone."""
    held = {key.partition("/")[0::2] for key in tensor_files.unpack(path.read_bytes())}
    bent = {name for part, name in held if part == "probed"} - {"step", "embedding"}
    return {part for part, _ in held} | ({"activations"} if bent else set())


def no_list() -> Dataset:
    raise AssertionError("there are looks, and nobody asks for a list")


@pytest.mark.parametrize("name", LEARNT)
def test_every_shipped_net_can_be_gone_back_through(name: str) -> None:
    checkpoint = loaded.checkpoint(name)
    looks = looks_at(checkpoint, no_list)
    assert len(looks.readings) >= 20
    assert looks.readings[0].step == 0
    assert looks.readings[-1].step == checkpoint.metadata.step
    assert (looks.source == "a second training") is (name in SECOND) is has_second(checkpoint)
    file = path_of(name) if name in SECOND else store.FOLDER / f"{name}.trajectory.safetensors"
    wanted = {"looks", "parameters", "weight_gradients"}
    if name != "bigram_nn":  # which has no layer that bends
        wanted |= {"activations", "gradients", "layers"}
    assert wanted <= parts_of(file)
    if looks.second:
        kept = kept_in(looks.second.trajectory, checkpoint.model)
        assert (kept.there, kept.missing) == (("activations", "gradients", "updates"), ())


def test_the_files_are_those_that_are_needed_and_small() -> None:
    files = sorted(second_recordings.FOLDER.iterdir())
    assert [file.name for file in files] == sorted(path_of(name).name for name in SECOND)
    assert all(file.stat().st_size <= MOST_BYTES for file in files)
    assert not any("weights" in parts_of(file) for file in files)
    assert not has_second(loaded.checkpoint("bigram"))


@pytest.mark.parametrize("name", SECOND)
def test_it_ends_as_near_to_the_shipped_net_as_seeds_lie(name: str) -> None:
    checkpoint = loaded.checkpoint(name)
    found = read(checkpoint)
    shipped = checkpoint.metadata.losses
    seeds = [each.dev for each in studies.read("seed_spread") if each.variant == name]
    spread = stdev(seeds) if seeds else WIDEST
    assert spread < WIDEST + 5e-5
    # The difference of two draws deviates by √2 times as much; three of these.
    assert abs(found.losses["dev"] - shipped["dev"]) < 3 * math.sqrt(2) * spread
    assert found.losses != shipped, "another training, not the same one"
    assert found.losses.keys() == set(SPLITS)
    evaluated = found.trajectory.evaluated
    assert int(evaluated["step"][-1]) == checkpoint.metadata.step
    assert float(evaluated["dev"][-1]) == pytest.approx(found.losses["dev"], abs=1e-5)
    assert found.tell(checkpoint.metadata).endswith(
        f"a dev loss of {found.losses['dev']:.4f}, the shipped net at {shipped['dev']:.4f}."
    )


@pytest.mark.parametrize("name", ["mlp_bn", "wavenet_2"])
def test_it_begins_as_its_recipe_and_seed_do(name: str, real: Dataset) -> None:
    made = SHIPPED[name]
    twin = Trainer.start(made.model, real, made.recipe, seed=made.seed, settings=made.settings)
    [probed] = (each for each in twin.events(1, probe_at={0}) if isinstance(each, Probed))
    kept, fresh = read(loaded.checkpoint(name)).trajectory.readings[0], look(probed.snapshot)
    assert kept.loss == pytest.approx(fresh.loss, abs=1e-4)
    for layer, numbers in fresh.layers.items():
        assert kept.layers[layer].std == pytest.approx(numbers.std, abs=1e-4)
        assert kept.layers[layer].gradient_std == pytest.approx(numbers.gradient_std, rel=1e-3)


def test_recorded_twice_it_gives_the_same_looks(few: Dataset) -> None:
    one, other = (second_recordings.record("wavenet_2", few, steps=6) for _ in range(2))
    assert one.losses == other.losses
    both = [each.trajectory.to_tensors() for each in (one, other)]
    assert both[0].keys() == both[1].keys()
    assert all(torch.equal(tensor, both[1][key]) for key, tensor in both[0].items())
    assert len(one.trajectory.readings) == 7
    assert "embedding" not in one.trajectory.probed


def test_a_file_that_is_missing_damaged_or_of_another_net_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint = loaded.checkpoint("mlp")
    whole = path_of("mlp").read_bytes()
    other = path_of("mlp_bn").read_bytes()
    monkeypatch.setattr(second_recordings, "FOLDER", tmp_path)
    with pytest.raises(
        CheckpointError, match=r"recordings/mlp\.safetensors: No such file .* again"
    ):
        read(checkpoint)
    for content in (
        b"",
        whole[:5000],
        whole[:-1] + bytes([whole[-1] ^ 1]),
        b"x" * (MOST_BYTES + 1),
    ):
        path_of("mlp").write_bytes(content)
        with pytest.raises(CheckpointError, match=r"recordings/mlp\.safetensors: .*get it again$"):
            read(checkpoint)
    path_of("mlp").write_bytes(other)
    with pytest.raises(CheckpointError, match="of another checkpoint"):
        read(checkpoint)
    looks = looks_at(checkpoint, loaded.dataset)
    assert looks.source == "its weights now"
    assert "of another checkpoint; get it again" in looks.trouble


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"seed": 1}, "a training with another seed"),
        ({"recipe": {}}, "a training with another recipe"),
        ({"config": None}, "a training with another config"),
    ],
)
def test_one_of_another_training_is_refused(
    changed: dict[str, object], why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint = loaded.checkpoint("mlp")
    content = path_of("mlp").read_bytes()
    said = tensor_files.about(content)
    said["training"] |= changed
    tensors = tensor_files.unpack(content)
    about = {key: each for key, each in said.items() if not key.endswith("sha256")}
    monkeypatch.setattr(second_recordings, "FOLDER", tmp_path)
    path_of("mlp").write_bytes(tensor_files.pack(tensors, about))
    with pytest.raises(CheckpointError, match=why):
        read(checkpoint)
    about["training"]["seed"] = checkpoint.metadata.seed
    bare = {key: each for key, each in tensors.items() if key.startswith(("evaluated", "probed"))}
    for left, reason in ((bare, "get it again"), ({}, "get it again")):
        path_of("mlp").write_bytes(tensor_files.pack(left, about))
        with pytest.raises(CheckpointError, match=reason):
            read(checkpoint)


def test_it_is_of_a_shipped_net_and_of_no_other(tmp_path: Path, few: Dataset) -> None:
    shipped = loaded.checkpoint("mlp")
    said = {
        field: getattr(shipped.metadata, field)
        for field in (
            "vocabulary", "data", "data_sha256", "recipe", "step", "losses", "seconds", "device"
        )
    }  # fmt: skip
    path = store.save(tmp_path / "mlp", shipped.model, **said, seed=shipped.metadata.seed + 1)
    own = store.load(path)
    assert "gradients" in kept_of(own).missing
    assert not has_second(own)
    assert looks_at(own, lambda: Dataset(few.name_list, own.vocabulary)).source == "its weights now"
