"""What tests of jobs share: the three kinds of workers, small specs, and the plain trainer to compare with."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
import torch
from torch import Tensor

from makemore.data.examples import Dataset
from makemore.device import choose
from makemore.jobs import Handle, Jobs, JobState, Spec
from makemore.jobs.workers.cluster import Cluster
from makemore.jobs.workers.cluster_host import Patience
from makemore.training.recipes import recipe_for
from makemore.training.trainer import Trainer
from tests.jobs.clusters import LoopbackCluster, loopback_cluster

PATIENCE = 60.0  # seconds; only a broken test waits for so long
QUICK = Patience(
    look=0.1, hold=1.0, abandoned=5.0
)  # for tests: a worker is found soon, and left by the dead
LONG = 500_000  # steps; more than a test ever sees
TINY: dict[str, dict[str, Any]] = {
    "bigram": {},
    "bigram_nn": {},
    "mlp": {"hidden": 6, "embedding": 2},
    "mlp_bn": {"hidden": 6, "embedding": 2},
    "wavenet": {"hidden": 4, "embedding": 2, "block_size": 4},
}

# Each control, sharing, moments, files, limits and the end: what a third kind of worker could get wrong.
ON_CLUSTER = {
    "test_a_control_forks_a_shared_job",
    "test_a_diverged_job_says_why_and_what_helps",
    "test_a_failed_job_keeps_its_message",
    "test_a_kill_costs_no_more_than_an_interval",
    "test_a_moment_is_what_the_trainer_would_have_seen",
    "test_a_running_job_can_be_saved",
    "test_a_session_has_one_active_job",
    "test_a_single_step_holds_up_nobody",
    "test_another_alphabet_is_another_job",
    "test_another_learning_rate_from_a_step_on",
    "test_as_many_run_at_once_as_was_said",
    "test_a_clean_shutdown_keeps_all_that_was_not_over",
    "test_between_two_moments_the_newest_weights_can_be_looked_at",
    "test_close_leaves_no_thread_and_no_process",
    "test_it_is_the_plain_training_from_these_weights",
    "test_paused_and_resumed_equals_uninterrupted",
    "test_reset_is_the_identical_start",
    "test_single_steps_are_steps_of_the_same_course",
    "test_speed_and_seconds_are_told",
    "test_the_cap_on_seconds",
    "test_the_history_comes_back_with_the_job",
    "test_thirty_sessions_with_equal_specs_share_one_job",
    "test_what_nobody_watches_is_paused",
}
Make = Callable[..., Jobs]
SpecOf = Callable[..., Spec]
_seeds = count(1000)


@pytest.fixture(scope="session")
def loopback() -> Iterator[LoopbackCluster]:
    """A scheduler and two workers as real processes, for all tests of this process."""
    with loopback_cluster(2) as started:
        yield started


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Who trains: threads and processes in every test, and the workers of a cluster in the most telling ones."""
    if "kind" in metafunc.fixturenames:
        third = ["cluster"] if metafunc.definition.originalname in ON_CLUSTER else []
        kinds = ["threads", "processes", *third]
        metafunc.parametrize("kind", kinds, indirect=True, scope="module")


@pytest.fixture(scope="module")
def kind(request: pytest.FixtureRequest) -> str:
    """Who trains: threads of this process, processes, or workers of a Dask cluster."""
    return str(request.param)


@pytest.fixture(scope="module")
def workers(kind: str) -> int:
    """How many workers; 0 means threads."""
    return 0 if kind == "threads" else 2


@pytest.fixture(scope="module")
def made_of(kind: str, request: pytest.FixtureRequest) -> Make:
    """Make jobs of this kind with so many workers; those of a cluster are there when it returns."""

    def made(number: int, **settings: Any) -> Jobs:
        if kind == "threads":
            return Jobs(running=number, **settings)
        if kind == "processes":
            return Jobs(workers=number, **settings)
        cluster: LoopbackCluster = request.getfixturevalue("loopback")
        cluster.grow(number)
        jobs = Jobs(workers=number, crew=Cluster(cluster.address, patience=QUICK), **settings)
        assert arrived(jobs, number)
        return jobs

    return made


def arrived(jobs: Jobs, number: int) -> bool:
    """Wait until so many workers are there."""
    with jobs.pool.changed:
        return jobs.pool.changed.wait_for(lambda: len(jobs.pool.hosts()) >= number, PATIENCE)


@pytest.fixture(scope="module")
def jobs(made_of: Make) -> Iterator[Jobs]:
    """Jobs for tests that need no settings of their own. They share nothing: every spec has its seed."""
    made = made_of(2, stop_seconds=PATIENCE)
    yield made
    made.close()


@pytest.fixture
def make(made_of: Make) -> Iterator[Make]:
    """Make jobs with settings; they are closed after the test. `running` holds for all kinds.

    However busy the machine is, a control waits for its worker, so that what it leaves is exact.
    """
    all_made: list[Jobs] = []

    def made(*, running: int = 2, **settings: Any) -> Jobs:
        all_made.append(made_of(running, **{"stop_seconds": PATIENCE, **settings}))
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
