"""A training that goes wrong is told by its losses; a start that is no good and a sound training are not."""

import math
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makemore.checkpoints.shipped import SHIPPED
from makemore.data.examples import Dataset
from makemore.jobs import Jobs, Spec
from makemore.jobs.health import SICK, sick_loss
from makemore.jobs.history import RECENT, History
from makemore.jobs.messages import Progress
from makemore.training.events import Stepped
from makemore.training.recipes import RECIPES, recipe_for
from tests.conftest import Start
from tests.jobs.conftest import SpecOf, finished, until

GUESSING = math.log(27)
EACH = [(recipe, model) for recipe, models in RECIPES.items() for model in models]


def lived(losses: Iterable[float], steps: int) -> History:
    """A history that has these losses."""
    history = History(steps, 0.1)
    for loss in losses:
        add(history, loss)
    return history


def add(history: History, *losses: float) -> None:
    history.add_progress(
        Progress(
            number=1,
            step=history.step + len(losses),
            seconds=0.0,
            elapsed=0.0,
            learning_rate=0.1,
            learning_rate_now=0.1,
            losses=losses,
            evaluated=(),
            sampled=(),
            kept=(),
        )
    )


@given(st.floats(0.0, 60.0), st.floats(0.0, 60.0), st.integers(2, 200))
def test_far_above_guessing_and_above_the_start_is_sick(
    first: float, after: float, letters: int
) -> None:
    history = lived([first, *[after] * 400], 1_000)
    limit = max(math.log(letters), first) + SICK
    if abs(after - limit) > 1e-6:
        found = sick_loss(history, letters)
        assert (found is not None) == (after > limit)
        assert found is None or found == pytest.approx(after)


@pytest.mark.parametrize(("steps", "warm_up"), [(400, 50), (4_000, 200), (200_000, 1_000)])
def test_nothing_is_told_before_the_end_of_the_warm_up(steps: int, warm_up: int) -> None:
    history = History(steps, 0.1)
    add(history, GUESSING, *[700.0] * (warm_up + RECENT - 2))
    assert sick_loss(history, 27) is None
    add(history, 700.0)
    assert sick_loss(history, 27) == 700.0


def test_a_recovered_training_is_not_sick() -> None:
    history = lived([GUESSING, *[700.0] * 299], 1_000)
    assert sick_loss(history, 27) == 700.0
    add(history, *[2.5] * RECENT)
    assert sick_loss(history, 27) is None


@pytest.mark.parametrize("steps", [30, 60, 98])
def test_a_short_training_is_judged_by_its_second_half(steps: int) -> None:
    history = lived([GUESSING, *[700.0] * (steps - 2)], steps)
    assert sick_loss(history, 27) is None
    add(history, 700.0)
    assert sick_loss(history, 27) == pytest.approx(700.0)
    early = steps // 2
    assert sick_loss(lived([*[700.0] * early, *[2.5] * (steps - early)], steps), 27) is None


def test_a_few_batches_are_luck() -> None:
    for steps in range(1, 20):
        assert sick_loss(lived([GUESSING, *[700.0] * (steps - 1)], steps), 27) is None


def test_a_naive_start_is_not_sick(real: Dataset) -> None:
    """It begins at nine times the loss of guessing, and takes some hundred steps to come down."""
    about = SHIPPED["mlp_naive"]
    recipe = recipe_for("lecture", "mlp", steps=600)
    spec = Spec.of("mlp", recipe, seed=about.seed, dataset=real, settings=about.settings)
    history = History(600, recipe.learning_rate)
    for event in spec.build_trainer(real, None, recipe.learning_rate).events():
        assert isinstance(event, Stepped)
        add(history, event.loss)
        assert sick_loss(history, 27) is None, event
    assert history.raw[0] > 20


@pytest.mark.parametrize(("recipe", "model"), EACH)
def test_no_recipe_is_ever_sick(start: Start, few: Dataset, recipe: str, model: str) -> None:
    trainer = start(model, recipe=recipe, steps=150, batch_size=20)
    history = History(150, trainer.recipe.learning_rate)
    for event in trainer.events():
        assert isinstance(event, Stepped)
        add(history, event.loss)
        assert sick_loss(history, len(few.vocabulary)) is None, event
    assert history.step == 150


def test_a_training_that_runs_and_runs_wrong_is_offered_a_rate(jobs: Jobs, real: Dataset) -> None:
    """The lecture's loop at rate 50, on the course's names: it never diverges."""
    about = SHIPPED["mlp_2d"]
    recipe = recipe_for("lecture", "mlp", learning_rate=50.0)
    spec = Spec.of("mlp", recipe, seed=about.seed, dataset=real, settings=about.settings)
    handle = jobs.start(spec, real, "sick")
    state = until(handle, lambda state: state.searched)
    assert state.status == "running"
    assert state.sick_loss is not None
    assert state.sick_loss > 100
    assert state.safer_learning_rate is not None
    assert 0.01 <= state.safer_learning_rate <= 1
    handle.reset()
    reset = handle.snapshot()
    assert (reset.sick_loss, reset.searched, reset.safer_learning_rate) == (None, False, None)


def test_another_rate_is_judged_anew(jobs: Jobs, few: Dataset, spec: SpecOf) -> None:
    """What was found for the first rate is forgotten; the second one is itself what works."""
    handle = jobs.start(spec(learning_rate=50.0, steps=1_000_000), few, "sick")
    until(handle, lambda state: state.searched)
    handle.pause()
    handle.set_learning_rate(0.1)
    assert (handle.snapshot().searched, handle.snapshot().safer_learning_rate) == (False, None)
    handle.step_once()  # the losses of the batches before it are still high
    state = until(handle, lambda state: state.searched)
    assert state.safer_learning_rate == state.learning_rate == 0.1
    handle.stop()


def test_a_short_sick_training_is_told_when_it_has_ended(
    jobs: Jobs, few: Dataset, spec: SpecOf
) -> None:
    handle = jobs.start(spec(learning_rate=50.0, steps=60), few, "short")
    assert finished(handle).status == "finished"
    state = until(handle, lambda state: state.searched)
    assert state.sick_loss is not None
    assert state.safer_learning_rate is not None
