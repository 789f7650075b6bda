"""Looks inside at the stored moments: the trainer's own, in bounded memory; trajectories and checkpoints."""

from pathlib import Path

import pytest
import torch

from makemore.checkpoints import store
from makemore.data.examples import Dataset
from makemore.experiments import runs
from makemore.inference.capture import Snapshot
from makemore.jobs import Jobs, Spec
from makemore.jobs.workers.hosts import ThreadHost
from makemore.jobs.workers.order_run import MOMENTS
from makemore.models import MODELS
from makemore.training.events import Diverged, Probed, Stepped
from makemore.training.trainer import HUGE, log_spaced
from tests.jobs.conftest import LONG, PATIENCE, TINY, Make, SpecOf, finished, past, reference


def assert_same_look(one: Snapshot, two: Snapshot) -> None:
    assert (one.step, one.loss) == (two.step, two.loss)
    assert (one.intervals, one.embedding) == (two.intervals, two.embedding)
    assert (one.updates, one.vocab_size) == (two.updates, two.vocab_size)
    for part in ("activations", "gradients", "weights", "weight_gradients"):
        first, second = getattr(one, part), getattr(two, part)
        assert first.keys() == second.keys()
        assert all(torch.equal(first[key], second[key]) for key in first)


@pytest.mark.parametrize("model", MODELS)
def test_a_moment_is_what_the_trainer_would_have_seen(
    jobs: Jobs, few: Dataset, spec: SpecOf, model: str
) -> None:
    wanted = spec(model, steps=9)
    handle = jobs.start(wanted, few, model)
    finished(handle)
    assert set(handle.moments()) == log_spaced(9, MOMENTS)
    trainer = reference(wanted, few, 0)
    for event in trainer.events(probe_at=handle.moments()):
        if isinstance(event, Probed):
            found = handle.moment(event.step)
            assert found is not None
            assert_same_look(found.snapshot, event.snapshot)
    assert handle.moment(10) is handle.moment(-1) is None


def test_a_resting_job_can_be_looked_at_where_it_stands(
    make: Make, few: Dataset, spec: SpecOf
) -> None:
    jobs, wanted = make(running=1), spec(steps=LONG)
    busy = jobs.start(spec(steps=LONG), few, "a")
    handle = jobs.start(wanted, few, "b")
    past(busy, 0)
    for step in (0, 1):  # one that waits, too
        assert handle.moments()[-1] == step
        found = handle.moment(step)
        assert found is not None
        assert_same_look(found.snapshot, reference(wanted, few, step).probe().snapshot)
        handle.step_once()


def test_between_two_moments_the_newest_weights_can_be_looked_at(
    jobs: Jobs, few: Dataset, spec: SpecOf
) -> None:
    wanted = spec(steps=LONG)
    handle = jobs.start(wanted, few, "a")
    with jobs.pool.changed:  # whoever looks holds the lock, so that nothing moves on meanwhile
        assert jobs.pool.changed.wait_for(
            lambda: handle.moments(newest=True) != handle.moments(), PATIENCE
        )
        [*kept, newest] = handle.moments(newest=True)
        assert kept == handle.moments()
        assert handle.moments_key(newest=True) != handle.moments_key()
        found, whole = handle.moment(newest), handle.trajectory(newest=True)
    handle.stop()
    assert newest not in log_spaced(LONG, MOMENTS)
    assert found is not None
    trainer = reference(wanted, few, newest - 1)
    [twin] = [e for e in trainer.events(newest, probe_at=[newest]) if isinstance(e, Probed)]
    assert_same_look(found.snapshot, twin.snapshot)
    assert whole.probed["step"].tolist() == [*kept, newest]
    assert handle.moments(newest=True) == handle.moments()  # only what is kept stays
    assert handle.trajectory().probed["step"].tolist() == handle.moments()


def test_weights_on_the_way_end_no_training(few: Dataset, spec: SpecOf) -> None:
    """A kept moment beyond bounds ends it, a passing one is left out: floats do not go by the clock."""
    trainer = reference(spec(steps=9), few, 0)
    with torch.no_grad():
        next(trainer.model.parameters()).fill_(2 * HUGE)
    passing = trainer.events(1, pass_at=[0])
    assert isinstance(next(passing), Stepped)
    assert isinstance(next(trainer.events(2, keep_at=[1])), Diverged)


def test_moments_are_dense_at_the_start_and_as_many_as_fit(
    make: Make, few: Dataset, spec: SpecOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = make()
    monkeypatch.setattr("makemore.jobs.workers.order_run.MOMENT_BYTES", 10)
    wanted = spec(steps=400)
    handle = jobs.start(wanted, few, "a")
    finished(handle)
    if isinstance(jobs.pool.hosts()[0], ThreadHost):  # a process is not patched
        assert set(handle.moments()) == log_spaced(400, 2)
    else:
        assert set(handle.moments()) == log_spaced(400, MOMENTS)


def test_the_trajectory_is_that_of_a_run(jobs: Jobs, few: Dataset, spec: SpecOf) -> None:
    wanted = spec("wavenet", steps=9)  # few enough that both look at each
    handle = jobs.start(wanted, few, "a")
    finished(handle)
    plain = runs.run(reference(wanted, few, 0), wanted.seed).trajectory
    for _ in range(2):
        found = handle.trajectory()
        for part in ("evaluated", "losses", "probed"):
            one, two = getattr(found, part), getattr(plain, part)
            assert one.keys() == two.keys()
            assert all(torch.equal(one[key], two[key]) for key in one)
        one, two = found.to_tensors(), plain.to_tensors()
        assert one.keys() == two.keys()
        assert all(torch.equal(one[key], two[key]) for key in one)
        sizes = [each.parameters["layers.linear1.weight"].update_std for each in found.readings]
        assert sizes[0] == 0 < min(sizes[1:])


def test_a_reset_job_forgets_its_pictures(jobs: Jobs, few: Dataset, spec: SpecOf) -> None:
    handle = jobs.start(spec(steps=6), few, "a")
    finished(handle)
    before = handle.trajectory().probed["embedding"]
    handle.reset()
    handle.set_learning_rate(0.9)
    handle.resume()
    finished(handle)
    after = handle.trajectory().probed["embedding"]
    assert torch.equal(before[0], after[0])
    assert not torch.equal(before[1:], after[1:])


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("ends", ["finished", "stopped"])
def test_a_job_is_saved_as_a_checkpoint_and_opened_again(
    jobs: Jobs, few: Dataset, spec: SpecOf, tmp_path: Path, model: str, ends: str
) -> None:
    wanted = spec(model, steps=12)
    handle = jobs.start(wanted, few, f"{model} {ends}")
    if ends == "stopped":
        handle.reset()
        for _ in range(5):
            handle.step_once()
        handle.stop()
    state = finished(handle)
    assert state.status == ends
    loaded = store.load(handle.save(tmp_path / "mine"))
    twin = reference(wanted, few, state.step)
    expected = twin.weights()
    assert all(
        torch.equal(value, expected[key]) for key, value in loaded.model.state_dict().items()
    )
    told = loaded.metadata
    assert (told.step, told.seed, told.data) == (state.step, wanted.seed, "few.txt")
    assert told.losses["dev"] == pytest.approx(twin.loss("dev"))
    assert (
        Spec.of(model, wanted.recipe, seed=told.seed, dataset=few, settings=told.config) == wanted
    )
    assert loaded.trajectory is not None
    assert loaded.trajectory.probed["step"].tolist() == handle.moments()


def test_a_running_job_can_be_saved(jobs: Jobs, few: Dataset, spec: SpecOf, tmp_path: Path) -> None:
    wanted = spec(steps=LONG)
    handle = jobs.start(wanted, few, "a")
    past(handle, 10)
    loaded = store.load(handle.save(tmp_path / "mine"))
    assert handle.snapshot().active
    handle.stop()
    expected = reference(wanted, few, loaded.metadata.step).weights()
    assert all(
        torch.equal(value, expected[key]) for key, value in loaded.model.state_dict().items()
    )
    assert TINY["mlp"]["hidden"] == loaded.metadata.config["hidden"]
