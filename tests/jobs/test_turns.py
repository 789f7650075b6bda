"""Who waits for a worker: turns among visitors, those who left, and how much one visitor may ask for."""

from pathlib import Path

import pytest

from makemore.data.examples import Dataset
from makemore.jobs import Handle, JobError, Jobs
from makemore.jobs.attendance import GONE_SECONDS
from makemore.jobs.quotas import MOST_SAVED, Limits, Quota, check_room
from tests.jobs.conftest import LONG, PATIENCE, Make, SpecOf, past, until
from tests.jobs.test_limits import Clock


class Room:
    """Visitors who come and go."""

    def __init__(self, jobs: Jobs, few: Dataset, spec: SpecOf) -> None:
        self.jobs, self._few, self._spec = jobs, few, spec
        self.gone: set[str] = set()

    def start(self, visitor: str) -> Handle:
        return self.jobs.start(
            self._spec(steps=LONG),
            self._few,
            visitor,
            connected=lambda session: session not in self.gone,
        )


def statuses(*handles: Handle) -> list[str]:
    return [handle.snapshot().status for handle in handles]


def test_a_newcomer_does_not_wait_behind_those_who_left(
    make: Make, few: Dataset, spec: SpecOf
) -> None:
    clock = Clock()
    room = Room(make(running=1, clock=clock), few, spec)
    left = []
    for i in range(100):
        left.append(room.start(f"{i}"))
        room.gone.add(f"{i}")
    newcomer = room.start("newcomer")
    assert newcomer.snapshot().place == 1, "behind the one that runs, and nobody else"
    clock.now = GONE_SECONDS + 1
    assert until(newcomer, lambda state: state.status == "running")
    states = [handle.job for handle in left]
    assert {job.status for job in states} == {"paused"}
    assert "nobody was there any more" in states[0].message


def test_a_reload_keeps_the_place(make: Make, few: Dataset, spec: SpecOf) -> None:
    clock = Clock()
    jobs = make(running=1, clock=clock)
    room = Room(jobs, few, spec)
    first, second = room.start("a"), room.start("b")
    past(first, 0)
    room.gone = {"b"}
    clock.now = GONE_SECONDS / 2
    assert first.snapshot().active
    taken = jobs.open_link(second.token, few, "b again", connected=lambda session: False)
    assert isinstance(taken, Handle)
    clock.now = GONE_SECONDS * 2
    first.snapshot()
    assert statuses(first, taken) == ["running", "queued"]


def test_what_has_lost_its_watchers_trains_on_while_nobody_waits(
    make: Make, few: Dataset, spec: SpecOf
) -> None:
    clock = Clock()
    room = Room(make(running=1, clock=clock), few, spec)
    alone = room.start("a")
    past(alone, 0)
    room.gone = {"a"}
    clock.now = GONE_SECONDS + 1
    assert alone.snapshot().status == "running"


def test_turns_go_round_among_visitors(make: Make, few: Dataset, spec: SpecOf) -> None:
    jobs = make(running=1)
    room = Room(jobs, few, spec)
    greedy = room.start("a")  # who has had a turn
    other = room.start("b")
    again = room.start("a")  # which stops the first: the worker is free for whoever is next
    assert until(other, lambda state: state.status == "running")
    third = room.start("c")
    assert [again.snapshot().place, third.snapshot().place] == [2, 1]
    assert greedy.snapshot().status == "stopped"
    other.stop()
    assert until(third, lambda state: state.status == "running")
    third.stop()
    assert again.wait(lambda state: state.status == "running", PATIENCE)


def test_starts_a_minute_are_counted(make: Make, few: Dataset, spec: SpecOf) -> None:
    clock = Clock()
    jobs = make(running=1, clock=clock)
    one = spec(steps=LONG)
    for _ in range(60):
        jobs.start(one, few, "a")
    with pytest.raises(JobError, match="you have made 60 starts in the last minute"):
        jobs.start(one, few, "a")
    jobs.start(one, few, "b")
    clock.now = 61.0
    jobs.start(one, few, "a")


def test_reloads_do_not_evade_the_limit_of_all() -> None:
    clock = Clock()
    quota = Quota("saves", Limits(each=6, all=30, ever=20), clock)
    for i in range(30):
        quota.use(f"{i}")
    with pytest.raises(JobError, match=r"all visitors together have made 30 saves.* in 60 seconds"):
        quota.use("new")
    clock.now = 59.0
    with pytest.raises(JobError, match="in 1 seconds"):
        quota.use("new")
    clock.now = 60.0
    quota.use("new")


def test_one_visit_saves_so_often_and_no_more() -> None:
    clock = Clock()
    quota = Quota("saves", Limits(each=6, all=30, ever=20), clock)
    for i in range(20):
        clock.now = 60.0 * i
        quota.use("a")
    clock.now = 10_000.0
    with pytest.raises(JobError, match="at most 20 saves a visit"):
        quota.use("a")
    quota.use("b")


def test_the_folder_of_own_checkpoints_has_an_end(tmp_path: Path) -> None:
    for i in range(MOST_SAVED - 1):
        (tmp_path / f"{i}.safetensors").touch()
        (tmp_path / f"{i}.json").touch()
    check_room(tmp_path.iterdir())
    (tmp_path / "last.safetensors").touch()
    with pytest.raises(JobError, match="is full: it holds 200 checkpoints"):
        check_room(tmp_path.iterdir())


def test_so_many_bytes_and_no_more(tmp_path: Path) -> None:
    with (tmp_path / "large.safetensors").open("wb") as file:
        file.truncate(2_000_000_000)  # a file with a hole takes no room
    with pytest.raises(JobError, match=r"2\.0 GB"):
        check_room(tmp_path.iterdir())
