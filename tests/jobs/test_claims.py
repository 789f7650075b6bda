"""Servers that share a folder: each job has one that writes its file, others look, and a killed one lets go."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from makemore.data.examples import Dataset
from makemore.jobs import Handle, Jobs, Watch
from makemore.jobs.claims import NAME, Claims
from makemore.jobs.links import watch_token
from tests.jobs.conftest import LONG, PATIENCE, SpecOf, assert_same, past, reference

ROOT = Path(__file__).resolve().parents[2]
CLAIMS = ROOT / "makemore" / "jobs" / "claims.py"  # alone, without what the package imports
# Another server, told what to do line by line: it prints step and status after each.
SERVER = """
import sys
import time
from pathlib import Path
from makemore.data.examples import Dataset
from makemore.data.name_lists import parse_names
from makemore.jobs import Jobs, Spec
from makemore.training.recipes import recipe_for
from tests.conftest import FEW
from tests.jobs.conftest import LONG, TINY

few = Dataset(parse_names(FEW.replace(" ", "\\n"), "few.txt"))
spec = Spec.of(
    "mlp", recipe_for("lecture", "mlp", steps=LONG, batch_size=20),
    seed=3, dataset=few, settings=TINY["mlp"],
)
jobs = Jobs(autosave_seconds=0.05, stop_seconds=60, folder=Path(sys.argv[1]))
handle = jobs.start(spec, few, "there")
other = jobs.start(spec, few, "other") if sys.argv[2:] else None
while jobs.autosave.find([handle.watch]) is None:
    time.sleep(0.01)
print(handle.token, flush=True)
for line in sys.stdin:
    word = line.strip()
    if word == "close":
        jobs.close()
    elif word == "leave":
        del handle
    elif word != "look":
        getattr(handle, word)()
    state = handle.snapshot() if word != "leave" else None
    print(state and state.step, state and state.status, flush=True)
"""


class Other:
    """That server; `token` leads to the job that it trains."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.token = self._line()

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def tell(self, word: str) -> tuple[str, str]:
        """Its step and status, once it has done that."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()
        step, status = self._line().split()
        return step, status


@contextmanager
def other_server(folder: Path, *options: str) -> Iterator[Other]:
    command = [sys.executable, "-c", SERVER, str(folder), *options]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Other(process)
        finally:
            process.kill()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Jobs]:
    """This server, which looks into the folder as often as anybody asks."""
    monkeypatch.setattr("makemore.jobs.linked.LOOK_SECONDS", 0.0)
    made = Jobs(folder=tmp_path, stop_seconds=PATIENCE)
    yield made
    made.close()


def opened(jobs: Jobs, token: str, few: Dataset) -> Handle | Watch:
    return jobs.open_link(token, few, "here", connected=lambda _: False)


def look_until(condition: Callable[[], bool]) -> None:
    """Look until it holds, as a page does again and again."""
    ends = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.02)


def paused(jobs: Jobs, other: Other, few: Dataset) -> tuple[Watch, int]:
    """A look at the other's job, which rests at this step, and has been kept there."""
    step, status = other.tell("pause")
    look = opened(jobs, other.token, few)
    assert isinstance(look, Watch), "it is with the other server, though it rests"

    def rests() -> bool:
        jobs.look_again(look)  # it is written just after the pause
        now = look.snapshot()
        assert now.elsewhere
        return (now.status, str(now.step)) == (status, step)

    look_until(rests)
    return look, int(step)


def test_a_job_of_another_server_is_seen_and_goes_on_here_once_that_is_killed(
    here: Jobs, few: Dataset, tmp_path: Path
) -> None:
    with other_server(tmp_path) as other:
        look, step = paused(here, other, few)

        def seen(after: int) -> bool:
            assert isinstance(opened(here, other.token, few), Watch)
            state = look.snapshot()
            assert state.elsewhere
            return state.status == "running" and state.step > after

        other.tell("resume")
        look_until(lambda: seen(step))
        own = here.train_own(look, "here")
        assert own.id != look.id
        past(own, own.job.point.history.step)
        own.pause()
        assert_same(own.state(), reference(own.spec, few, own.snapshot().step))
        reached = look.job.history.step
        look_until(lambda: seen(reached))  # what is trained here is no hindrance there

        reached = look.job.history.step
        other.process.kill()
        other.process.wait()
        mine = opened(here, other.token, few)
        assert isinstance(mine, Handle)
        state = mine.snapshot()
        assert (state.elsewhere, state.status) == (False, "paused")
        assert state.step >= reached
        assert look.job is mine.job, "who looked goes on looking at the same"
        mine.resume()
        past(mine, state.step)
        mine.stop()
        assert_same(mine.state(), reference(mine.spec, few, mine.snapshot().step))


def test_nothing_is_written_of_a_job_that_another_server_has(
    here: Jobs, few: Dataset, tmp_path: Path
) -> None:
    with other_server(tmp_path) as other:
        look, _ = paused(here, other, few)
        path = tmp_path / f"{look.id}.safetensors"
        before = path.stat()
        here.autosave.keep(look.job)
        assert not here.autosave.claim(look.job)
        here.autosave.keep(look.job)
        assert path.stat() == before
        here.close()
        assert path.stat() == before


def test_a_look_follows_the_link_over_there_and_never_gets_the_controls(
    here: Jobs, few: Dataset, tmp_path: Path
) -> None:
    with other_server(tmp_path, "shared") as other:
        other.tell("pause")  # a fork, as another session has the same job
        watch = watch_token(other.token)
        look = opened(here, watch, few)
        assert isinstance(look, Watch)
        before = look.id
        assert look.snapshot().elsewhere
        other.tell("reset")
        here.look_again(look)
        assert (look.id, look.snapshot().step) == (before, 0)
        assert other.tell("leave") == ("None", "None")
        assert isinstance(opened(here, watch, few), Watch)

        def left() -> bool:
            here.look_again(look)
            return not look.snapshot().elsewhere

        look_until(left)
        mine = opened(here, other.token, few)
        assert isinstance(mine, Handle), "nobody has it over there any more"
        assert look.job is mine.job
        mine.step_once()
        assert look.snapshot().step == 1


def test_a_server_that_is_told_to_end_leaves_its_jobs_to_the_others(
    here: Jobs, few: Dataset, tmp_path: Path
) -> None:
    with other_server(tmp_path) as other:
        assert isinstance(opened(here, other.token, few), Watch)
        step, status = other.tell("close")
        mine = opened(here, other.token, few)
        assert isinstance(mine, Handle), "though the process is still there"
        assert (str(mine.snapshot().step), mine.snapshot().status) == (step, status)


def test_a_job_is_left_when_nobody_here_holds_it(here: Jobs, few: Dataset, spec: SpecOf) -> None:
    handle = here.start(spec(steps=LONG), few, "a")
    handle.pause()
    job_id, token = handle.id, handle.token
    assert not here.autosave.is_elsewhere(job_id)
    assert held_by_others(here, [job_id]) == [True]
    del handle
    look_until(lambda: held_by_others(here, [job_id]) == [False])
    again = opened(here, token, few)
    assert isinstance(again, Handle)
    assert held_by_others(here, [job_id]) == [True]


ASK = """
import sys
from pathlib import Path
from runpy import run_path
claims = run_path(sys.argv[1])["Claims"](Path(sys.argv[2]))
print([not claims.is_free(job_id) for job_id in sys.argv[3:]])
"""


def held_by_others(jobs: Jobs | Path, ids: list[str]) -> list[bool]:
    """Whether another process finds each of these taken."""
    folder = jobs if isinstance(jobs, Path) else jobs.autosave.folder
    command = [sys.executable, "-c", ASK, str(CLAIMS), str(folder), *ids]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [word == "True" for word in said.strip("[]\n").split(", ")]


def test_a_claim_ends_when_it_was_given_back_as_often_as_it_was_taken(tmp_path: Path) -> None:
    mine, never, last = "0" * 16, "1" * 16, "f" * 16
    claims = Claims(tmp_path)
    assert claims.is_free(mine)
    assert all(claims.take(each) for each in (mine, mine, last))
    claims.let_go(mine)
    claims.let_go(never)
    assert (claims.holds(mine), claims.holds(never), claims.is_free(mine)) == (True, False, False)
    assert held_by_others(tmp_path, [mine, never, last]) == [True, False, True]
    claims.let_go(mine)
    assert claims.is_free(mine)
    assert held_by_others(tmp_path, [mine, never, last]) == [False, False, True]
    claims.leave()
    assert not claims.take(mine)
    assert held_by_others(tmp_path, [mine, never, last]) == [False] * 3
    claims.close()
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_where_nothing_can_be_locked_every_job_is_ones_own(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (None, tmp_path / "file"):
        claims = Claims(folder)
        assert claims.take("0" * 16)
        assert claims.is_free("1" * 16)
        claims.let_go("0" * 16)
        assert not claims.holds("0" * 16)
