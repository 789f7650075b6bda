"""Lost workers, shutdown, the log, settings: and after many jobs nothing is left of them."""

import gc
import logging
import os
import signal
import threading
import time
import weakref
from multiprocessing import active_children
from pathlib import Path

import pytest

from makemore.data.examples import Dataset
from makemore.data.name_lists import parse_names
from makemore.jobs import Handle, JobError, Jobs, Spec, shared
from makemore.jobs.autosave import MOST_FILES
from makemore.jobs.quotas import Limits
from makemore.jobs.workers.hosts import ProcessHost
from makemore.jobs.workers.process import NICE
from tests.conftest import FEW
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

MANY = 240
OVERHEAD = 20_000_000  # bytes that the allocator may keep back


def memory(jobs: Jobs) -> int:
    """Bytes that this process and its workers have now."""
    hosts = [host for host in jobs.pool.hosts() if isinstance(host, ProcessHost)]
    ids = ["self", *(str(host.process.pid) for host in hosts)]
    pages = [int(Path(f"/proc/{each}/statm").read_text().split()[1]) for each in ids]
    return sum(pages) * os.sysconf("SC_PAGE_SIZE")


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


def held(jobs: Jobs) -> tuple[int, int, int, int]:
    """Bytes, open files, threads and processes."""
    gc.collect()
    return memory(jobs), descriptors(), threading.active_count(), len(active_children())


def no_more(now: tuple[int, ...], then: tuple[int, ...]) -> bool:
    return all(a <= b for a, b in zip(now, then, strict=True))


@pytest.mark.timeout(300)
def test_nothing_is_left_of_many_jobs(
    make: Make, few: Dataset, spec: SpecOf, tmp_path: Path
) -> None:
    jobs = make(running=2, folder=tmp_path, starts=Limits(each=MANY, all=MANY))
    records: list[weakref.ref[object]] = []

    def many(number: int) -> None:
        handles: list[Handle] = []
        for i in range(number):
            handle = jobs.start(spec("bigram", steps=1 + i % 2), few, f"{i % 8}")
            handles = [*handles[-3:], handle]
            records.append(weakref.ref(handle.job))
            if i % 5 == 0:
                handle.step_once()
                handle.stop()
            if i % 8 == 7:
                for each in handles:
                    until(each, lambda state: not state.active)

    many(MANY // 10)
    before = held(jobs)
    many(MANY - MANY // 10)
    assert jobs.pool.changed.acquire(timeout=PATIENCE)
    jobs.pool.changed.wait_for(lambda: not jobs.pool.active_jobs(), PATIENCE)
    jobs.pool.changed.release()
    after, patience = held(jobs), time.monotonic() + PATIENCE
    # The files of the last ones may still be written. And fewer may be left than before: what earlier
    # tests of this process had not yet let go of.
    while not no_more(after[1:], before[1:]) and time.monotonic() < patience:
        time.sleep(0.05)
        after = held(jobs)
    assert no_more(after[1:], before[1:]), (before, after)
    assert after[0] - before[0] < OVERHEAD
    jobs.close()  # which waits for the threads that let go of the last ones
    assert [record for record in records if record() is not None] == []
    assert len(list(tmp_path.glob("*.safetensors"))) <= MOST_FILES


def test_close_leaves_no_thread_and_no_process(make: Make, few: Dataset, spec: SpecOf) -> None:
    threads, children = set(threading.enumerate()), set(active_children())
    jobs = make(running=2)
    handles = [jobs.start(spec(steps=LONG), few, f"{i}") for i in range(3)]
    assert set(threading.enumerate()) > threads
    jobs.close()
    assert set(threading.enumerate()) <= threads
    assert set(active_children()) <= children
    assert {handle.snapshot().status for handle in handles} == {"paused"}
    jobs.close()
    with pytest.raises(JobError, match="shutting down"):
        jobs.start(spec(), few, "a")
    for control in (Handle.resume, Handle.step_once):
        with pytest.raises(JobError, match="shutting down"):
            control(handles[0])


def test_a_lost_worker_process_fails_its_job_alone(
    make: Make, few: Dataset, spec: SpecOf, kind: str
) -> None:
    jobs, wanted = make(running=1, autosave_seconds=0), spec(steps=LONG)
    handle = jobs.start(wanted, few, "a")
    step = past(handle, 10).step
    waiting = jobs.start(spec(), few, "b")
    [host] = jobs.pool.hosts()
    if not isinstance(host, ProcessHost):
        assert kind != "processes", "a thread cannot be lost; a cluster has tests of its own"
        return
    assert host.process.pid is not None
    assert os.getpriority(os.PRIO_PROCESS, host.process.pid) == min(os.nice(0) + NICE, 19)
    os.kill(host.process.pid, signal.SIGKILL)
    state = until(handle, lambda state: not state.active)
    assert (state.status, state.step >= step) == ("failed", True)
    assert "process that trained this has ended" in state.message
    assert finished(waiting).status == "finished", "another worker took its place"
    handle.resume()
    past(handle, state.step)
    handle.pause()
    assert_same(handle.state(), reference(wanted, few, handle.snapshot().step))


def test_the_log_has_a_line_for_each_event_and_no_names(
    make: Make, spec: SpecOf, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="makemore.jobs")
    dataset = Dataset(parse_names(FEW.replace(" ", "\n") + "\nrumpelstiltskin", "of_karen.txt"))
    jobs = make(running=1)
    wrong = Spec.of("mlp_bn", spec("mlp_bn", batch_size=1).recipe, seed=1, dataset=dataset)
    good = Spec.of("mlp", spec("mlp").recipe, seed=1, dataset=dataset)
    finished(jobs.start(wrong, dataset, "karen"))
    handle = jobs.start(good, dataset, "karen")
    finished(handle)
    told = [record for record in caplog.records if " job=" in record.getMessage()]
    events = [(r.levelname, r.getMessage().split()[0]) for r in told]
    assert events == [
        ("INFO", "event=queued"), ("INFO", "event=running"), ("ERROR", "event=failed"),
        ("INFO", "event=queued"), ("INFO", "event=running"), ("INFO", "event=finished"),
    ]  # fmt: skip
    lines = [record.getMessage() for record in told]
    assert "where=ValueError@batch_norm.py:" in lines[2]
    assert f"job={handle.id} model=mlp recipe=lecture seed=1 step=12 of=12" in lines[-1]
    assert not any("\n" in line or "karen" in line or "rumpel" in line for line in lines)


def test_shared_jobs_are_made_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, workers: int
) -> None:
    monkeypatch.setenv("MAKEMORE_WORKERS", str(min(workers, 1)))
    monkeypatch.setenv("MAKEMORE_AUTOSAVE", str(tmp_path))
    first = shared()
    assert shared() is first
    first.close()
    second = shared()
    assert second is not first
    second.close()


@pytest.mark.parametrize("said", ["two", "-1", "1000", "1.5"])
def test_a_number_of_workers_that_is_none(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("MAKEMORE_WORKERS", said)
    with pytest.raises(JobError, match=r"MAKEMORE_WORKERS is .*from 0 to 64"):
        shared()


def test_no_lock_is_held_while_a_job_trains(make: Make, few: Dataset, spec: SpecOf) -> None:
    jobs: Jobs = make(running=1)
    handle = jobs.start(spec(steps=LONG), few, "a")
    past(handle, 0)
    assert jobs.pool.changed.acquire(timeout=PATIENCE)
    jobs.pool.changed.release()
