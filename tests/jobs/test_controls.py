"""Controls of a job of one's own: the floats are the plain trainer's, however it is paused and resumed."""

import pytest

from makemore.config import ConfigError
from makemore.data.examples import Dataset
from makemore.jobs import Jobs
from makemore.jobs.history import CURVE_POINTS
from makemore.models import MODELS
from makemore.training.events import Evaluated, Sampled, Stepped
from makemore.training.recipes import RECIPES
from makemore.training.trainer import Trainer
from tests.jobs.conftest import LONG, SpecOf, assert_same, finished, past, reference, until

EACH = [(recipe, model) for recipe, models in RECIPES.items() for model in models]
PLANS = [("lecture", "mlp"), ("fast", "mlp_bn"), ("best", "wavenet")]


@pytest.mark.parametrize(("recipe", "model"), EACH)
def test_a_job_makes_the_floats_of_the_trainer(
    jobs: Jobs, few: Dataset, spec: SpecOf, recipe: str, model: str
) -> None:
    wanted = spec(model, recipe)
    handle = jobs.start(wanted, few, f"{recipe} {model}")
    state = finished(handle)
    assert (state.status, state.step, state.message) == ("finished", 12, "")
    assert_same(handle.state(), reference(wanted, few))
    every = range(13)
    again = Trainer.start(
        model, few, wanted.recipe, seed=wanted.seed, settings=dict(wanted.settings)
    )
    events = list(again.events(evaluate_at=every, sample_at=every))
    losses = tuple((e.step, e.loss) for e in events if isinstance(e, Stepped))
    assert state.losses == state.raw == losses
    assert state.loss == losses[-1][1]
    told = [(e.step, e.train, e.dev) for e in events if isinstance(e, Evaluated)]
    assert [(e.step, e.train, e.dev) for e in state.evaluated] == told
    assert list(state.sampled) == [e for e in events if isinstance(e, Sampled)]


@pytest.mark.parametrize(("recipe", "model"), PLANS)
def test_paused_and_resumed_equals_uninterrupted(
    jobs: Jobs, few: Dataset, spec: SpecOf, recipe: str, model: str
) -> None:
    wanted = spec(model, recipe, steps=LONG)
    handle = jobs.start(wanted, few, "a")
    for _ in range(3):
        before = past(handle, handle.snapshot().step + 5)
        handle.pause()
        state = handle.snapshot()
        assert state.status == "paused"
        assert state.step >= before.step
        assert_same(handle.state(), reference(wanted, few, state.step))
        assert handle.snapshot() == state, "it rests"
        handle.resume()
        assert handle.snapshot().active
    handle.stop()
    assert handle.snapshot().status == "stopped"
    assert_same(handle.state(), reference(wanted, few, handle.snapshot().step))


def test_pausing_does_not_change_the_curve(jobs: Jobs, few: Dataset, spec: SpecOf) -> None:
    wanted = spec(steps=10 * CURVE_POINTS - 7)  # the last block is shorter
    first = jobs.start(wanted, few, "a")
    whole = finished(first)
    other = jobs.start(wanted, few, "b")
    other.reset()
    other.resume()
    while not other.snapshot().over:
        other.pause()
        other.step_once()
        other.resume()
        other.wait(lambda state: state.over, 0.02)
    assert first.snapshot() == whole, "of the one that the other was forked from"
    last = other.snapshot()
    assert last.losses == whole.losses
    assert last.raw == whole.raw
    assert [(e.step, e.dev) for e in last.evaluated] == [(e.step, e.dev) for e in whole.evaluated]
    assert last.sampled == whole.sampled
    assert len(last.losses) == len(last.raw) == CURVE_POINTS


@pytest.mark.parametrize("model", MODELS)
def test_single_steps_are_steps_of_the_same_course(
    jobs: Jobs, few: Dataset, spec: SpecOf, model: str
) -> None:
    wanted = spec(model, steps=4)
    handle = jobs.start(wanted, few, model)
    handle.reset()
    for step in range(1, 4):
        handle.step_once()
        state = handle.snapshot()
        assert (state.status, state.step) == ("paused", step)
        assert_same(handle.state(), reference(wanted, few, step))
        assert step in handle.moments()
    handle.step_once()
    assert handle.snapshot().status == "finished"
    assert handle.snapshot().evaluated[-1].step == 4
    handle.step_once()
    handle.resume()
    handle.pause()
    handle.stop()
    assert handle.snapshot().status == "finished", "what has ended stays so"


def test_reset_is_the_identical_start(jobs: Jobs, few: Dataset, spec: SpecOf) -> None:
    wanted = spec(steps=LONG)
    handle = jobs.start(wanted, few, "a")
    past(handle, 5)
    handle.pause()
    handle.set_learning_rate(0.3)
    handle.resume()
    handle.reset()  # while it runs
    state = handle.snapshot()
    assert (state.status, state.step, state.losses, state.evaluated) == ("paused", 0, (), ())
    assert state.learning_rate == wanted.recipe.learning_rate
    assert_same(handle.state(), reference(wanted, few, 0))
    handle.resume()
    past(handle, 5)
    handle.pause()
    assert_same(handle.state(), reference(wanted, few, handle.snapshot().step))


@pytest.mark.parametrize(("recipe", "model"), PLANS)
@pytest.mark.parametrize("while_running", [False, True])
def test_another_learning_rate_from_a_step_on(
    jobs: Jobs, few: Dataset, spec: SpecOf, recipe: str, model: str, while_running: bool
) -> None:
    wanted = spec(model, recipe, steps=LONG)
    handle = jobs.start(wanted, few, "a")
    past(handle, 3)
    handle.pause()
    changed_at = handle.snapshot().step
    handle.set_learning_rate(0.025)
    assert handle.snapshot().learning_rate == 0.025
    handle.resume()
    past(handle, changed_at + 3)
    if while_running:
        handle.set_learning_rate(0.5)
        handle.set_learning_rate(0.025)
    handle.pause()
    step = handle.snapshot().step
    twin = reference(wanted, few, changed_at)
    twin.set_learning_rate(0.025)
    list(twin.events(step))
    if not while_running:  # then nobody knows the step that had the other rate
        assert_same(handle.state(), twin)
    assert float(handle.state()["learning_rate"]) == twin.recipe.learning_rate == 0.025
    handle.stop()


@pytest.mark.parametrize("rate", [-1.0, 1e9, float("nan")])
def test_a_learning_rate_that_is_none_changes_nothing(
    jobs: Jobs, few: Dataset, spec: SpecOf, rate: float
) -> None:
    handle = jobs.start(spec(steps=LONG), few, "a")
    with pytest.raises(ConfigError, match="learning_rate is"):
        handle.set_learning_rate(rate)
    assert handle.snapshot().learning_rate == 0.1
    assert handle.snapshot().active
    handle.stop()


def test_a_diverged_job_says_why_and_what_helps(jobs: Jobs, few: Dataset, spec: SpecOf) -> None:
    handle = jobs.start(spec(learning_rate=1e4, steps=1000, seed=1), few, "a")
    state = finished(handle)
    assert state.status == "diverged"
    assert "learning rate 10000" in state.message
    state = until(handle, lambda state: state.searched)
    assert max(loss for _, loss in state.raw) > 10, "what exploded is on the curve"
    assert all(loss < 1e5 for _, loss in state.raw)
    handle.resume()
    assert handle.snapshot() == state
    handle.reset()
    assert (handle.snapshot().status, handle.snapshot().safer_learning_rate) == ("paused", None)


def test_a_failed_job_keeps_its_message(jobs: Jobs, few: Dataset, spec: SpecOf) -> None:
    handle = jobs.start(spec("mlp_bn", batch_size=1), few, "a")
    state = finished(handle)
    assert (state.status, state.step) == ("failed", 0)
    assert "batch norm in train mode got one example" in state.message
    handle.resume()
    assert finished(handle).message == state.message
    assert jobs.start(spec(), few, "a"), "and nothing else suffers"


def test_speed_and_seconds_are_told(jobs: Jobs, few: Dataset, spec: SpecOf) -> None:
    handle = jobs.start(spec(steps=LONG), few, "a")
    state = until(handle, lambda state: state.steps_per_second > 0)
    assert state.seconds > 0
    assert state.learning_rate_now == state.learning_rate == 0.1
    handle.stop()
