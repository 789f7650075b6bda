"""Readings go through the tensors of a file and come back, in whatever order that has them."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from makemore.checkpoints import tensor_files
from makemore.data.examples import Dataset
from makemore.experiments import runs
from makemore.inference.readings import Reading
from makemore.models import MODELS
from makemore.training.recipes import recipe_for
from makemore.training.trainer import Trainer
from makemore.training.trajectory import Trajectory
from tests.conftest import Start


def assert_same(one: Reading, other: Reading) -> None:
    assert list(one.layers) == list(other.layers)
    assert list(one.parameters) == list(other.parameters)
    assert (one.step, one.loss, one.uniform) == pytest.approx(
        (other.step, other.loss, other.uniform)
    )
    for kind in ("layers", "parameters"):
        for name, numbers in getattr(one, kind).items():
            assert vars(numbers) == pytest.approx(vars(getattr(other, kind)[name]))
            assert [type(v) for v in vars(numbers).values()] == [
                type(v) for v in vars(getattr(other, kind)[name]).values()
            ]
    for kind in ("gradients", "weight_gradients"):
        first, second = getattr(one, kind), getattr(other, kind)
        assert list(first) == list(second)
        assert all(torch.equal(first[name], second[name]) for name in first)


def in_other_orders(tensors: dict[str, Tensor]) -> list[dict[str, Tensor]]:
    return [{key: tensors[key] for key in sorted(tensors, reverse=way)} for way in (False, True)]


@pytest.mark.parametrize("model", MODELS)
def test_they_come_back_from_a_file(start: Start, model: str) -> None:
    kept = runs.run(start(model, steps=5), 7).trajectory
    assert len(kept.readings) == (0 if model == "bigram" else 6)
    tensors = tensor_files.unpack(tensor_files.pack(kept.to_tensors()))
    for ordered in in_other_orders(tensors):
        found = Trajectory.from_tensors(ordered).readings
        assert len(found) == len(kept.readings)
        for one, other in zip(kept.readings, found, strict=True):
            assert_same(one, other)


def test_more_than_nine_layers_keep_their_order(few: Dataset) -> None:
    hidden = "Linear 6, Tanh, " * 11
    tower = f"Embedding 4, FlattenConsecutive 3, {hidden}Linear {len(few.vocabulary)}"
    recipe = recipe_for("lecture", "mlp", steps=2)
    settings: dict[str, object] = {"bricks": tower, "block_size": 3}
    trainer = Trainer.start("bricks", few, recipe, seed=1, settings=settings)
    kept = runs.run(trainer, 1).trajectory
    for ordered in in_other_orders(kept.to_tensors()):
        [first, *_] = Trajectory.from_tensors(ordered).readings
        assert list(first.layers) == [f"tanh{i}" for i in range(1, 12)]
        assert list(first.parameters) == [name for name, _ in trainer.model.named_parameters()]


def test_a_trajectory_without_readings_is_one(start: Start) -> None:
    """Those that were written before there were readings."""
    kept = runs.run(start("mlp", steps=5), 7).trajectory
    plain = replace(kept, readings=()).to_tensors()
    assert not any(key.startswith(("looks", "layers", "parameters")) for key in plain)
    assert Trajectory.from_tensors(plain).readings == ()
