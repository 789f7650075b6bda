"""A series of trainings: the same losses as alone, behind everybody, room made, caps, stop, pause."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from makemore.data.examples import Dataset
from makemore.experiments.seed_runs import Variant, train_seed
from makemore.jobs import JobError, Jobs, Series, SeriesState, Spec
from makemore.jobs.quotas import MOST_IN_SERIES, MOST_SERIES_STEPS
from makemore.training import step_cost
from tests.jobs.conftest import PATIENCE, Make, SpecOf, finished, past, reference
from tests.jobs.test_limits import Clock


def started(jobs: Jobs, few: Dataset, *specs: Spec, session: str = "sweeper") -> Series:
    return jobs.start_series(specs, few, session, connected=lambda session: True)


def until_series(series: Series, condition: Callable[[SeriesState], bool]) -> SeriesState:
    due = time.monotonic() + PATIENCE
    while not condition(state := series.snapshot()):
        assert time.monotonic() < due, state
        time.sleep(0.01)
    return state


def over(state: SeriesState) -> bool:
    return state.status in ("finished", "stopped")


def test_a_series_comes_to_the_losses_of_trainings_alone(
    jobs: Jobs, few: Dataset, spec: SpecOf
) -> None:
    specs = [spec(steps=steps) for steps in (5, 9, 20)]
    state = until_series(started(jobs, few, *specs), over)
    assert (state.status, state.total, state.now) == ("finished", 3, None)
    for done, each in zip(state.done, specs, strict=True):
        variant = Variant(each.model, dict(each.settings), each.recipe)
        alone = train_seed(variant, each.seed, few).rounded()
        assert done.run is not None
        assert (done.run.seed, done.run.train, done.run.dev) == (alone.seed, alone.train, alone.dev)
        assert done.run.curve[-1] == alone.curve[-1]


def test_everybody_goes_before_a_series(make: Make, few: Dataset, spec: SpecOf) -> None:
    """One worker: a person who comes later is served first, and the series goes on where it stood."""
    jobs = make(running=1)
    specs = [spec(steps=2_000), spec(steps=3)]
    series = started(jobs, few, *specs)
    until_series(series, lambda state: state.now is not None and state.now.step > 0)
    person = jobs.start(spec(steps=300_000), few, "person")
    past(person, 0)
    state = series.snapshot()
    assert state.now is not None
    assert (state.status, state.now.status, state.now.place) == ("going", "queued", 1)
    other = jobs.start(spec(steps=4), few, "another person")
    state = series.snapshot()
    assert state.now is not None
    assert (other.snapshot().place, state.now.place) == (1, 2)
    person.stop()
    finished(other)
    state = until_series(series, over)
    run = state.done[0].run
    assert run is not None
    assert run.dev == round(reference(specs[0], few).loss("dev"), 6), "made room, and lost nothing"


def test_series_of_two_take_turns(make: Make, few: Dataset, spec: SpecOf) -> None:
    jobs = make(running=1)
    a = started(jobs, few, *[spec(steps=150) for _ in range(3)], session="a")
    b = started(jobs, few, *[spec(steps=150) for _ in range(3)], session="b")
    until_series(b, lambda state: len(state.done) == 1)
    assert len(a.snapshot().done) <= 2
    assert until_series(a, over).status == until_series(b, over).status == "finished"


def test_a_stop_keeps_what_was_trained_and_frees_the_worker(
    make: Make, few: Dataset, spec: SpecOf
) -> None:
    jobs = make(running=1)
    series = started(jobs, few, spec(steps=3), spec(steps=2_000), spec(steps=3))
    until_series(series, lambda state: len(state.done) == 1)
    series.stop()
    state = series.snapshot()
    assert (state.status, len(state.done), state.now) == ("stopped", 1, None)
    finished(jobs.start(spec(steps=3), few, "sweeper"))
    series.go_on()
    assert series.snapshot() == state
    assert started(jobs, few, spec(steps=3)).snapshot().total == 1, "then another one may begin"


def test_one_at_a_time_for_a_session(make: Make, few: Dataset, spec: SpecOf) -> None:
    jobs = make()
    series = started(jobs, few, spec(steps=2_000))
    with pytest.raises(JobError, match="a sweep of yours is under way; stop it first"):
        started(jobs, few, spec(steps=3))
    training = jobs.start(spec(steps=3), few, "sweeper")
    finished(training)
    assert series.snapshot().active, "a training of one's own does not end it"


@pytest.mark.parametrize(
    ("number", "steps", "message"),
    [
        (0, 3, f"may have 1 to {MOST_IN_SERIES} trainings, this one has 0"),
        (MOST_IN_SERIES + 1, 3, f"this one has {MOST_IN_SERIES + 1}"),
        (1, MOST_SERIES_STEPS + 1, f"may make {MOST_SERIES_STEPS:,} steps here"),
    ],
)
def test_too_much_is_refused(
    jobs: Jobs, few: Dataset, spec: SpecOf, number: int, steps: int, message: str
) -> None:
    with pytest.raises(JobError, match=message):
        started(jobs, few, *[spec(steps=steps)] * number, session="greedy")


def test_a_training_that_diverges_is_told_and_the_series_goes_on(
    jobs: Jobs, few: Dataset, spec: SpecOf
) -> None:
    sick = spec(steps=60, learning_rate=1e6)
    state = until_series(started(jobs, few, sick, spec(steps=3), session="bold"), over)
    assert [done.run is None for done in state.done] == [True, False]
    assert "at learning rate 1e+06 the updates overshot" in state.done[0].why


def test_nobody_watches_so_it_rests_until_it_is_resumed(
    make: Make, few: Dataset, spec: SpecOf
) -> None:
    clock = Clock()
    jobs = make(running=1, unseen_seconds=100, clock=clock)
    series = started(jobs, few, spec(steps=2_000))
    until_series(series, lambda state: state.now is not None and state.now.step > 0)
    clock.now = 101
    jobs.pause_unseen()
    state = until_series(series, lambda state: state.status == "paused")
    assert "nobody watched" in state.message
    series.resume()
    assert until_series(series, over).status == "finished"


def test_no_file_is_kept_of_it_and_a_server_that_closes_stops_it(
    make: Make, few: Dataset, spec: SpecOf, tmp_path: Path
) -> None:
    folder = tmp_path / "autosave"
    jobs = make(folder=folder, autosave_seconds=0.05)
    series = started(jobs, few, spec(steps=3), spec(steps=2_000))
    until_series(series, lambda state: len(state.done) == 1)
    jobs.close()
    assert series.snapshot().status in ("paused", "stopped")
    assert not [*folder.glob("*")]
    with pytest.raises(JobError, match="shutting down"):
        started(jobs, few, spec(steps=3), session="late")


def test_seeds_alone_are_checked_once(
    make: Make, few: Dataset, spec: SpecOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[object] = []
    monkeypatch.setattr(step_cost, "check", lambda *args: checked.append(args))
    one = spec(steps=3)
    until_series(started(make(), few, *(replace(one, seed=seed) for seed in (1, 2, 3))), over)
    assert len(checked) == 1
