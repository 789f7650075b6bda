"""A worker that does not answer, as it starts or has no core, keeps nobody from stopping a job."""

from collections.abc import Iterator
from typing import cast

import pytest

from makemore.data.examples import Dataset
from makemore.jobs import Handle, Jobs, pool, registry
from makemore.jobs.messages import Halt, Message, Order, RequestState
from makemore.jobs.workers.hosts import OnLost, OnReport
from makemore.jobs.workers.order_run import OrderRun
from tests.jobs.conftest import LONG, SpecOf


class Late:
    """A worker that hears everything and does what it was told when it is asked to."""

    def __init__(self, on_report: OnReport, on_lost: OnLost) -> None:
        self.busy: int | None = None
        self.heard: list[Message] = []
        self.report = on_report

    def send(self, message: Message) -> None:
        self.heard.append(message)

    def join(self, timeout: float) -> None:
        """It has no thread."""

    def catch_up(self) -> int:
        """Make five steps of the first order, and end it; returns the step it came to."""
        run = OrderRun(next(each for each in self.heard if isinstance(each, Order)))
        while run.trainer.step < 5:
            run.advance()
        self.report(self, run.report_progress())
        self.report(self, run.report_end("halted"))
        return run.trainer.step


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> Iterator[Jobs]:
    monkeypatch.setattr(pool, "WAIT_SECONDS", 0.01)
    monkeypatch.setattr(registry, "ThreadHost", Late)
    jobs = Jobs(running=1, stop_seconds=0.01)
    yield jobs
    jobs.close()


def worker_of(jobs: Jobs) -> Late:
    return cast(Late, jobs.pool.hosts()[0])


def started(jobs: Jobs, few: Dataset, spec: SpecOf) -> Handle:
    handle = jobs.start(spec(steps=LONG), few, "a")
    assert handle.snapshot().status == "running"
    return handle


@pytest.mark.parametrize(("control", "status"), [("stop", "stopped"), ("pause", "paused")])
def test_a_control_does_not_wait_for_a_late_worker(
    late: Jobs, few: Dataset, spec: SpecOf, control: str, status: str
) -> None:
    handle = started(late, few, spec)
    getattr(handle, control)()
    state = handle.snapshot()
    assert (state.status, state.active, state.resumes_at) == (status, False, 0)
    assert any(isinstance(each, Halt) for each in worker_of(late).heard)
    step = worker_of(late).catch_up()  # what was learned until then is not lost
    state = handle.snapshot()
    assert (state.status, state.step, state.resumes_at) == (status, step, step)


def test_a_paused_job_can_be_stopped_before_its_worker_answers(
    late: Jobs, few: Dataset, spec: SpecOf
) -> None:
    handle = started(late, few, spec)
    handle.pause()
    handle.stop()
    assert handle.snapshot().status == "stopped"
    worker_of(late).catch_up()
    assert handle.snapshot().status == "stopped"


def test_what_a_late_worker_reports_of_a_job_that_has_gone_on_is_ignored(
    late: Jobs, few: Dataset, spec: SpecOf
) -> None:
    handle = started(late, few, spec)
    handle.stop()
    handle.resume()
    assert handle.snapshot().status == "queued"  # the only worker is still at the former order
    worker_of(late).catch_up()
    state = handle.snapshot()
    assert (state.status, state.step) == ("running", 0)
    orders = [each for each in worker_of(late).heard if isinstance(each, Order)]
    assert len(orders) == 2


def test_a_shared_job_is_left_at_its_last_known_state(
    late: Jobs, few: Dataset, spec: SpecOf
) -> None:
    shared = spec(steps=LONG)
    handle, other = (late.start(shared, few, session) for session in "ab")
    handle.stop()
    assert handle.snapshot().status == "stopped"
    assert other.snapshot().status == "running"
    assert any(isinstance(each, RequestState) for each in worker_of(late).heard)
