"""What may go wrong between a server and its cluster, with real processes: nothing hangs or is lost unsaid."""

import os
import re
import shutil
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from makemore.data.examples import Dataset
from makemore.jobs import Handle, JobError, Jobs, JobState
from makemore.jobs.workers.cluster import Cluster
from makemore.jobs.workers.cluster_host import ClusterHost, Patience
from makemore.training.events import Stepped
from tests.jobs.clusters import HOST, ROOT, LoopbackCluster, free_port, loopback_cluster
from tests.jobs.conftest import (
    LONG,
    SpecOf,
    arrived,
    assert_same,
    past,
    reference,
    until,
)
from tests.jobs.wires import Wire, wire_to

SILENT = 3.0  # seconds; longer than a busy machine lets a process wait
BRIEF = Patience(
    look=0.1, connect=1.0, hold=0.5, silent=SILENT, abandoned=SILENT + 1, refused=0.5
)  # of a server, in tests that wait until it has none left
PATIENT = replace(BRIEF, silent=60.0, abandoned=60.0)  # what is cut here does not last so long
AT_ONCE = 1.5  # seconds, for what must not wait for a network


@contextmanager
def server_of(
    address: str, workers: int, *, patience: Patience = BRIEF, **settings: Any
) -> Iterator[Jobs]:
    """The jobs of a server whose cluster has so many workers for it."""
    crew = Cluster(address, patience=patience)
    settings = {"autosave_seconds": 0.2, **settings}
    with closing(Jobs(workers=max(workers, 1), crew=crew, **settings)) as jobs:
        assert arrived(jobs, workers), jobs.pool.missing
        yield jobs


def kept(handle: Handle) -> None:
    """Wait until there is a state to go on from."""
    until(handle, lambda _: handle.job.point.history.step > 0)


def told(handle: Handle, pattern: str) -> JobState:
    """Wait until the message of the job says so."""
    return until(handle, lambda state: bool(re.search(pattern, state.message)))


def assert_goes_on(handle: Handle, few: Dataset) -> None:
    """It trains on from where it rests, with the floats of a training that nothing befell."""
    handle.resume()
    past(handle, handle.snapshot().step + 5)
    handle.pause()
    until(handle, lambda state: state.status == "paused" and handle.job.order is None)
    assert_same(handle.state(), reference(handle.spec, few, handle.snapshot().step))


def at_once(act: Callable[[], object]) -> object:
    began = time.monotonic()
    found = act()
    assert time.monotonic() - began < AT_ONCE, act
    return found


def worker_of(cluster: LoopbackCluster, handle: Handle, jobs: Jobs) -> int:
    """The id of the process that trains this: the one that listens at the address of its host."""
    host = jobs.pool._host_of[handle.job.order or 0]
    assert isinstance(host, ClusterHost)
    port = int(host.address.rsplit(":", 1)[1])
    inodes = {
        line.split()[9]
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]
        if line.split()[3] == "0A" and int(line.split()[1].split(":")[1], 16) == port
    }
    for process in cluster.workers:
        for link in Path(f"/proc/{process.pid}/fd").glob("*") if process.poll() is None else ():
            if link.is_symlink() and os.readlink(link)[8:-1] in inodes:
                return process.pid
    raise AssertionError(f"no worker listens at {host.address}")


def test_a_killed_worker_is_noticed_and_another_goes_on(
    loopback: LoopbackCluster, few: Dataset, spec: SpecOf
) -> None:
    loopback.grow(2)
    with server_of(loopback.address, 2) as jobs:
        lost, other = (jobs.start(spec(steps=LONG), few, each) for each in "ab")
        kept(lost)
        past(other, 10)
        began = time.monotonic()
        os.kill(worker_of(loopback, lost, jobs), signal.SIGKILL)
        state = until(lost, lambda state: not state.active)
        assert time.monotonic() - began < SILENT, "nobody waits for what is known to be gone"
        assert state.status == "failed"
        assert state.message == (
            "the worker that trained this has ended; resume goes on from the last state"
        )
        assert state.resumes_at
        assert other.snapshot().status == "running"
        other.stop()
        assert_goes_on(lost, few)
    loopback.grow(2)


def test_a_silent_worker_is_given_up_and_taken_back(
    loopback: LoopbackCluster, few: Dataset, spec: SpecOf
) -> None:
    loopback.grow(2)
    with server_of(loopback.address, 2) as jobs:
        handle, stopped = (jobs.start(spec(steps=LONG), few, each) for each in "ab")
        past(handle, 10)
        past(stopped, 10)
        pids = [worker_of(loopback, each, jobs) for each in (handle, stopped)]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            at_once(stopped.stop)  # who waits no longer is not held up
            assert stopped.snapshot().status == "stopped"
            state = until(handle, lambda state: not state.active)
            assert state.status == "failed"
            assert f"has not answered for {SILENT:g} seconds; resume goes on" in state.message
            at_once(handle.resume)
            assert told(handle, "no worker").status == "queued"
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)
        past(handle, state.step)
        handle.pause()
        assert_same(handle.state(), reference(handle.spec, few, handle.snapshot().step))
        assert arrived(jobs, 2), "both are taken back"


def test_a_scheduler_that_is_started_again(few: Dataset, spec: SpecOf) -> None:
    with loopback_cluster(1) as cluster, server_of(cluster.address, 1) as jobs:
        handle, waiting = (jobs.start(spec(steps=LONG), few, each) for each in "ab")
        kept(handle)
        cluster.scheduler.kill()
        cluster.scheduler.wait()
        state = until(handle, lambda state: not state.active)
        assert (state.status, bool(state.resumes_at)) == ("failed", True)
        assert "the worker that trained this" in state.message
        assert told(waiting, "^the cluster does not answer$").status == "queued"
        cluster.start_scheduler()
        cluster.add_worker()
        past(waiting, 0)
        waiting.stop()
        assert_goes_on(handle, few)


@pytest.fixture(scope="module")
def other_source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This release but for one line."""
    folder = tmp_path_factory.mktemp("other")
    shutil.copytree(ROOT / "makemore", folder / "makemore", ignore=lambda *_: ["__pycache__"])
    with (folder / "makemore" / "training" / "recipes.py").open("a") as file:
        file.write("# changed\n")
    return folder


def test_a_worker_with_another_code_is_refused_and_says_why(
    few: Dataset, spec: SpecOf, other_source: Path, tmp_path: Path
) -> None:
    wrongs = {
        tmp_path: r"No module named 'makemore'",
        other_source: r"makemore \w{12} there, \w{12} here",
    }
    with loopback_cluster() as cluster, server_of(cluster.address, 0) as jobs:
        handle = jobs.start(spec(steps=LONG), few, "a")
        for source, wrong in wrongs.items():
            cluster.environment["PYTHONPATH"] = str(source)
            worker = cluster.add_worker()
            state = told(handle, wrong)
            assert state.status == "queued"
            assert state.message.startswith("a worker of the cluster was refused: ")
            assert "Install the same release on both and start the worker again" in state.message
            worker.kill()
        cluster.environment["PYTHONPATH"] = str(ROOT)
        cluster.add_worker()
        past(handle, 0)
        assert handle.snapshot().message == ""


Wires = tuple[str, Wire, Wire]


@pytest.fixture(scope="module")
def wired() -> Iterator[Wires]:
    """The address of a cluster of one worker that is reached by two wires only: its scheduler's, its worker's."""
    port = free_port()
    with loopback_cluster() as cluster, wire_to(cluster.port) as one, wire_to(port) as other:
        places = {"listen": port, "contact": other.port}
        cluster.add_worker(
            *(f"--{each}-address=tcp://{HOST}:{number}" for each, number in places.items())
        )
        yield f"tcp://{HOST}:{one.port}", one, other


def assert_nothing_was_missed(handle: Handle, few: Dataset) -> None:
    """Every loss of every step has come, once."""
    handle.pause()
    step = handle.snapshot().step
    trainer = reference(handle.spec, few, 0)
    losses = [event.loss for event in trainer.events(step) if isinstance(event, Stepped)]
    assert handle.job.history.step == len(losses) == step
    assert handle.snapshot().loss == losses[-1]
    assert list(handle.job.history.recent) == losses[-len(handle.job.history.recent) :]
    assert_same(handle.state(), trainer)


def test_a_short_cut_of_the_network_costs_nothing(wired: Wires, few: Dataset, spec: SpecOf) -> None:
    address, *wires = wired
    with server_of(address, 1, patience=PATIENT) as jobs:
        handle = jobs.start(spec(steps=LONG), few, "a")
        past(handle, 10)
        for wire in wires:
            wire.cut()
        time.sleep(0.5)  # what was under way has come
        before = handle.snapshot().step
        time.sleep(1.0)
        assert handle.snapshot().step == before, "it is cut"
        at_once(lambda: handle.set_learning_rate(0.1))
        for wire in wires:
            wire.mend()
        past(handle, before)
        assert handle.snapshot().status == "running"
        assert_nothing_was_missed(handle, few)


def test_broken_connections_cost_nothing(wired: Wires, few: Dataset, spec: SpecOf) -> None:
    address, *wires = wired
    with server_of(address, 1, patience=PATIENT) as jobs:
        handle = jobs.start(spec(steps=LONG), few, "a")
        for _ in range(5):
            past(handle, handle.snapshot().step + 10)
            for wire in wires:
                wire.snap()
        past(handle, handle.snapshot().step + 10)
        assert handle.snapshot().status == "running"
        assert_nothing_was_missed(handle, few)


def test_a_long_cut_is_told_and_what_was_kept_goes_on(
    wired: Wires, few: Dataset, spec: SpecOf
) -> None:
    address, *wires = wired
    with server_of(address, 1) as jobs:
        handle = jobs.start(spec(steps=LONG), few, "a")
        kept(handle)
        for wire in wires:
            wire.cut()
        state = until(handle, lambda state: not state.active)
        assert (state.status, bool(state.resumes_at)) == ("failed", True)
        assert f"has not answered for {SILENT:g} seconds; resume goes on" in state.message
        at_once(handle.resume)
        assert told(handle, "does not answer").status == "queued"
        for wire in wires:
            wire.mend()
        past(handle, state.step)
        assert_nothing_was_missed(handle, few)


def test_a_worker_that_nobody_asked_for_too_long_has_ended_its_training(
    wired: Wires, few: Dataset, spec: SpecOf
) -> None:
    address, *wires = wired
    with server_of(address, 1, patience=replace(PATIENT, hold=0.2, abandoned=1.0)) as jobs:
        handle = jobs.start(spec(steps=LONG), few, "a")
        kept(handle)
        for wire in wires:
            wire.cut()
        time.sleep(2.0)
        for wire in wires:
            wire.mend()
        state = until(handle, lambda state: not state.active)
        assert (state.status, bool(state.resumes_at)) == ("failed", True)
        assert "the worker that trained this" in state.message
        assert_goes_on(handle, few)


def test_no_page_waits_for_a_cluster(few: Dataset, spec: SpecOf) -> None:
    """One whose scheduler takes the connection and says nothing is the worst there is."""
    with socket.create_server((HOST, 0)) as mute:
        address = f"tcp://{HOST}:{mute.getsockname()[1]}"
        jobs = Jobs(crew=Cluster(address, patience=BRIEF))
        handle = at_once(lambda: jobs.start(spec(steps=LONG), few, "a"))
        assert isinstance(handle, Handle)
        state = at_once(handle.snapshot)
        assert isinstance(state, JobState)
        assert (state.status, state.place) == ("queued", 1)
        assert state.message == "the server has not reached its cluster yet"
        until(handle, lambda state: state.message == "the cluster does not answer")
        with pytest.raises(JobError, match="the cluster does not answer; try again in a minute"):
            at_once(handle.step_once)
        for act in (handle.resume, handle.reset, handle.stop, handle.moments, handle.state):
            at_once(act)
        at_once(jobs.close)
