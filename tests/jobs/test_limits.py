"""The queue, the caps on steps and seconds, and jobs that nobody watches, with a clock that stands still."""

import weakref

from makemore.data.examples import Dataset
from tests.jobs.conftest import (
    LONG,
    PATIENCE,
    Make,
    SpecOf,
    assert_same,
    finished,
    past,
    reference,
    until,
)


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_queue_is_first_come_first_served(make: Make, few: Dataset, spec: SpecOf) -> None:
    jobs = make(running=1)
    handles = [jobs.start(spec(steps=LONG), few, f"{i}") for i in range(4)]
    states = [handle.snapshot() for handle in handles]
    assert [(s.status, s.place) for s in states] == [
        ("running", 0), ("queued", 1), ("queued", 2), ("queued", 3),
    ]  # fmt: skip
    handles[1].pause()
    assert [handle.snapshot().place for handle in handles] == [0, 0, 1, 2]
    handles[1].resume()
    assert [handle.snapshot().place for handle in handles] == [0, 3, 1, 2]
    handles[2].stop()
    handles[0].stop()
    until(handles[3], lambda state: state.status == "running")
    assert [handle.snapshot().place for handle in handles] == [0, 1, 0, 0]


def test_as_many_run_at_once_as_was_said(make: Make, few: Dataset, spec: SpecOf) -> None:
    jobs = make(running=3)
    handles = [jobs.start(spec(steps=LONG), few, f"{i}") for i in range(5)]
    for handle in handles[:3]:
        past(handle, 0)
    assert [handle.snapshot().status for handle in handles] == ["running"] * 3 + ["queued"] * 2


def test_the_cap_on_steps(make: Make, few: Dataset, spec: SpecOf) -> None:
    jobs, wanted = make(max_steps=30), spec(steps=LONG)
    handle = jobs.start(wanted, few, "a")
    state = finished(handle)
    assert (state.status, state.step, state.steps) == ("stopped", 30, 30)
    assert "30 steps" in state.message
    assert state.evaluated[-1].step == 30
    assert_same(handle.state(), reference(wanted, few, 30))


def test_the_cap_on_seconds(make: Make, few: Dataset, spec: SpecOf) -> None:
    jobs, wanted = make(max_seconds=0), spec(steps=LONG)
    handle = jobs.start(wanted, few, "a")
    state = finished(handle)
    assert (state.status, state.step) == ("stopped", 1)
    assert "0 seconds" in state.message
    assert_same(handle.state(), reference(wanted, few, 1))


def test_what_nobody_watches_is_paused(make: Make, few: Dataset, spec: SpecOf) -> None:
    clock = Clock()
    jobs = make(running=2, clock=clock, unseen_seconds=180)
    wanted = spec(steps=LONG)
    gone, watched, waiting = (
        jobs.start(each, few, f"{i}")
        for i, each in enumerate((wanted, spec(steps=LONG), spec(steps=LONG)))
    )
    past(gone, 0)
    clock.now = 179.0  # a short drop of the network is no reason
    assert watched.snapshot().active
    assert jobs.pool.active_jobs() == [gone.job, watched.job, waiting.job]
    clock.now = 181.0
    watched.snapshot()  # whoever is seen, and every report of a worker, looks for such jobs
    assert watched.wait(lambda _: gone.job.status == waiting.job.status == "paused", PATIENCE)
    assert watched.snapshot().active
    state = gone.snapshot()
    assert "nobody watched for 3 minutes" in state.message
    assert_same(gone.state(), reference(wanted, few, state.step))
    gone.resume()
    assert (gone.snapshot().status, gone.snapshot().message) == ("running", "")
    past(gone, state.step)


def test_one_watcher_keeps_a_shared_job(make: Make, few: Dataset, spec: SpecOf) -> None:
    clock = Clock()
    jobs, wanted = make(clock=clock), spec(steps=LONG)
    here, gone = jobs.start(wanted, few, "a"), jobs.start(wanted, few, "b")
    for clock.now in range(0, 1000, 100):
        here.snapshot()
        jobs.pause_unseen()
    assert gone.snapshot().active
    here.close()
    gone.close()
    clock.now += 181
    jobs.pause_unseen()
    assert until(here, lambda state: not state.active).status == "paused"


def test_a_job_that_lost_its_page_is_paused_and_forgotten(
    make: Make, few: Dataset, spec: SpecOf
) -> None:
    clock = Clock()
    jobs = make(clock=clock)
    handle = jobs.start(spec(steps=LONG), few, "a")
    job = weakref.ref(handle.job)
    del handle
    assert job() is not None, "it is not cancelled at once"
    clock.now = 181.0
    other = jobs.start(spec(steps=LONG), few, "b")
    assert other.wait(lambda _: jobs.pool.active_jobs() == [other.job], PATIENCE)
    jobs.close()  # which waits for the thread that let go of it last
    assert job() is None
