"""A training that goes on from the weights of a checkpoint: step 0 is that checkpoint, bit for bit."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from makemore.checkpoints import store, tensor_files
from makemore.data.examples import Dataset
from makemore.experiments import runs
from makemore.jobs import Jobs, Spec
from makemore.training.trainer import Trainer
from tests.jobs.conftest import Make, SpecOf, assert_same, finished, reference


@pytest.fixture
def first(spec: SpecOf, few: Dataset) -> tuple[Spec, Trainer]:
    """A training that is over; the recipe has an optimizer that keeps something of its own."""
    made = spec("mlp_bn", "fast")
    return made, reference(made, few)


def further(first: tuple[Spec, Trainer]) -> Spec:
    """One that goes on from its weights with other batches."""
    made, trainer = first
    start = tensor_files.pack(trainer.model.state_dict(), {})
    return replace(made, start=start, seed=made.seed + 1)


def twin(spec: Spec, dataset: Dataset, weights: dict[str, torch.Tensor]) -> Trainer:
    """The plain trainer, its weights replaced before the first step."""
    trainer = Trainer.start(
        spec.model, dataset, spec.recipe, seed=spec.seed, settings=dict(spec.settings)
    )
    trainer.model.load_state_dict(weights)
    for _ in trainer.events():
        pass
    return trainer


def test_it_is_the_plain_training_from_these_weights(
    jobs: Jobs, few: Dataset, first: tuple[Spec, Trainer]
) -> None:
    handle = jobs.start(further(first), few, "a")
    finished(handle)
    weights = first[1].weights()
    assert_same(handle.state(), twin(further(first), few, weights))
    assert handle.moments()[0] == 0
    begun = handle.moment(0)
    assert begun is not None
    for name, tensor in begun.snapshot.weights.items():
        assert torch.equal(tensor, weights[name]), name
    handle.reset()
    assert_same_weights(handle.state(), weights)


def assert_same_weights(state: dict[str, torch.Tensor], weights: dict[str, torch.Tensor]) -> None:
    for name, tensor in weights.items():
        assert torch.equal(state[f"model.{name}"], tensor), name


def test_it_is_not_shared_with_a_training_from_the_seed(
    jobs: Jobs, few: Dataset, first: tuple[Spec, Trainer]
) -> None:
    fresh, same = replace(further(first), start=None), further(first)
    one, two, three = (
        jobs.start(each, few, who)
        for each, who in zip((fresh, same, further(first)), "abc", strict=True)
    )
    assert one.id != two.id == three.id
    for each in (one, two, three):
        each.stop()


def test_it_is_found_again_after_a_restart(
    make: Make, few: Dataset, first: tuple[Spec, Trainer], tmp_path: Path
) -> None:
    jobs = make(folder=tmp_path)
    handle = jobs.start(
        replace(further(first), recipe=replace(first[0].recipe, steps=400_000)), few, "a"
    )
    handle.wait(lambda state: state.step > 3, 60)
    handle.pause()
    token, step = handle.token, handle.snapshot().step
    jobs.close()
    found = make(folder=tmp_path).open_link(token, few, "b", connected=lambda _: False)
    assert found.spec.start == further(first).start
    assert found.snapshot().step == step


def test_what_is_saved_says_what_it_began_with(
    jobs: Jobs, few: Dataset, first: tuple[Spec, Trainer], tmp_path: Path
) -> None:
    made, trainer = first
    run = runs.Run(
        trainer=trainer,
        seed=made.seed,
        trajectory=jobs.start(made, few, "z").trajectory(),
        diverged=None,
    )
    parent = store.load(runs.save(run, tmp_path / "parent"))
    assert parent.metadata.start == ""
    assert "start" not in (tmp_path / "parent.json").read_text()
    handle = jobs.start(further(first), few, "a")
    finished(handle)
    child = store.load(handle.save(tmp_path / "child"))
    assert child.metadata.start == parent.metadata.tensors_sha256
