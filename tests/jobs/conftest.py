"""What tests of jobs share: both kinds of workers, small specs, and the plain trainer to compare with."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
import torch
from torch import Tensor

from makemore.data.examples import Dataset
from makemore.device import choose
from makemore.jobs import Handle, Jobs, JobState, Spec
from makemore.training.recipes import recipe_for
from makemore.training.trainer import Trainer

PATIENCE = 60.0  # seconds; only a broken test waits for so long
LONG = 500_000  # steps; more than a test ever sees
TINY: dict[str, dict[str, Any]] = {
    "bigram": {},
    "bigram_nn": {},
    "mlp": {"hidden": 6, "embedding": 2},
    "mlp_bn": {"hidden": 6, "embedding": 2},
    "wavenet": {"hidden": 4, "embedding": 2, "block_size": 4},
}

Make = Callable[..., Jobs]
SpecOf = Callable[..., Spec]
_seeds = count(1000)


@pytest.fixture(scope="module", params=[0, 2], ids=["threads", "processes"])
def workers(request: pytest.FixtureRequest) -> int:
    """How many worker processes; 0 means threads."""
    return int(request.param)


@pytest.fixture(scope="module")
def jobs(workers: int) -> Iterator[Jobs]:
    """Jobs for tests that need no settings of their own. They share nothing: every spec has its seed."""
    made = Jobs(workers=workers, stop_seconds=PATIENCE)
    yield made
    made.close()


@pytest.fixture
def make(workers: int) -> Iterator[Make]:
    """Make jobs with settings; they are closed after the test. `running` holds for processes too.

    However busy the machine is, a control waits for its worker, so that what it leaves is exact.
    """
    all_made: list[Jobs] = []

    def made(*, running: int = 2, **settings: Any) -> Jobs:
        settings = {"stop_seconds": PATIENCE, **settings}
        all_made.append(Jobs(workers=running if workers else 0, running=running, **settings))
        return all_made[-1]

    yield made
    for each in all_made:
        each.close()


@pytest.fixture(scope="session")
def spec(few: Dataset) -> SpecOf:
    """A small spec with a seed of its own; keywords change the recipe."""

    def made(
        model: str = "mlp", recipe: str = "lecture", *, seed: int | None = None, **changes: Any
    ) -> Spec:
        chosen = recipe_for(recipe, model, **{"steps": 12, "batch_size": 20, **changes})
        seed = next(_seeds) if seed is None else seed
        return Spec.of(model, chosen, seed=seed, dataset=few, settings=TINY[model])

    return made


def reference(spec: Spec, dataset: Dataset, until: int | None = None) -> Trainer:
    """The plain trainer after as many steps, in one go."""
    settings = dict(spec.settings)
    trainer = Trainer.start(
        spec.model,
        dataset,
        spec.recipe,
        seed=spec.seed,
        settings=settings,
        device=choose(batch_size=spec.recipe.batch_size),
    )
    for _ in trainer.events(until):
        pass
    return trainer


def assert_same(found: dict[str, Tensor], trainer: Trainer) -> None:
    """Bit for bit; the seconds are the clock's."""
    expected = trainer.state()
    assert found.keys() == expected.keys()
    for key in found.keys() - {"seconds"}:
        assert torch.equal(found[key].cpu(), expected[key].cpu()), key


def until(handle: Handle, condition: Callable[[JobState], bool]) -> JobState:
    """Wait for a state of the job."""
    assert handle.wait(condition, PATIENCE), handle.snapshot()
    return handle.snapshot()


def finished(handle: Handle) -> JobState:
    return until(handle, lambda state: state.over)


def past(handle: Handle, step: int) -> JobState:
    return until(handle, lambda state: state.step > step)
