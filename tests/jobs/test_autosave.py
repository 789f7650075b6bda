"""A killed server loses seconds at most: what was kept goes on bit for bit, or says why it cannot."""

import logging
import os
import select
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from makemore.checkpoints.tensor_files import about, pack, unpack
from makemore.data.examples import Dataset
from makemore.data.name_lists import parse_names
from makemore.jobs import Handle, JobError, Jobs, Spec
from tests.conftest import FEW
from tests.jobs.conftest import (
    LONG,
    PATIENCE,
    TINY,
    Make,
    SpecOf,
    assert_same,
    finished,
    past,
    reference,
    until,
)

SERVER = """
import sys
from pathlib import Path
from makemore.checkpoints.tensor_files import about
from makemore.data.examples import Dataset
from makemore.data.name_lists import parse_names
from makemore.jobs import Jobs, Spec
from makemore.training.recipes import recipe_for
from tests.conftest import FEW
from tests.jobs.conftest import LONG, TINY

def main():
    folder, workers, recipe, model = sys.argv[1:]
    few = Dataset(parse_names(FEW.replace(" ", "\\n"), "few.txt"))
    chosen = recipe_for(recipe, model, steps=LONG, batch_size=20)
    spec = Spec.of(model, chosen, seed=3, dataset=few, settings=TINY[model])
    jobs = Jobs(workers=int(workers), autosave_seconds=0.05, folder=Path(folder))
    handle = jobs.start(spec, few, "a")
    handle.wait(lambda state: state.step > 10, 60)
    handle.pause()
    handle.set_learning_rate(0.05)
    at = handle.snapshot().step
    handle.resume()
    path = Path(folder) / f"{handle.id}.safetensors"
    handle.wait(lambda state: about(path.read_bytes())["history"]["step"] > at, 60)
    children = [host.process.pid for host in jobs.pool.hosts()] if int(workers) else []
    print(handle.id, handle.token, at, *children, flush=True)
    handle.wait(lambda state: False, 60)

if __name__ == "__main__":
    main()
"""


@pytest.mark.parametrize(("recipe", "model"), [("lecture", "mlp"), ("fast", "wavenet")])
def test_a_killed_server_loses_nothing_that_was_kept(
    make: Make, few: Dataset, tmp_path: Path, workers: int, recipe: str, model: str
) -> None:
    script = tmp_path / "server.py"
    script.write_text(SERVER)
    folder = tmp_path / "kept"
    root = Path(__file__).resolve().parents[2]
    arguments = [sys.executable, str(script), str(folder), str(min(workers, 1)), recipe, model]
    environment = os.environ | {"PYTHONPATH": str(root)}
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stdout is not None
        try:
            job_id, token, changed_at, *children = server.stdout.readline().split()
        finally:
            server.send_signal(signal.SIGKILL)
    assert server.returncode == -signal.SIGKILL
    for child in children:
        wait_for_end(int(child))

    handle = taken(make(folder=folder), token, few, "b")
    assert handle.id == job_id
    state = handle.snapshot()
    assert (state.status, state.resumes_at) == ("paused", state.step)
    assert f"at step {state.step:,}" in state.message
    assert state.learning_rate == 0.05
    handle.resume()
    assert state.step > int(changed_at), "the autosave, not the pause, was what it went on from"
    past(handle, state.step + 10)
    handle.pause()
    twin = reference(handle.spec, few, int(changed_at))
    twin.set_learning_rate(0.05)
    list(twin.events(handle.snapshot().step))
    assert_same(handle.state(), twin)
    assert handle.spec == Spec.of(
        model, handle.spec.recipe, seed=3, dataset=few, settings=TINY[model]
    )


def taken(jobs: Jobs, token: str, dataset: Dataset, session: str) -> Handle:
    """The controls of a job by its link, when nobody else is there."""
    found = jobs.open_link(token, dataset, session, connected=lambda _: False)
    assert isinstance(found, Handle)
    return found


def wait_for_end(process: int) -> None:
    """A worker ends with its server. It is no child of this process, so it is watched by its id."""
    try:
        descriptor = os.pidfd_open(process)
    except ProcessLookupError:
        return
    try:
        assert select.select([descriptor], [], [], PATIENCE)[0], "the worker outlived its server"
    finally:
        os.close(descriptor)


def test_a_clean_shutdown_keeps_all_that_was_not_over(
    make: Make, few: Dataset, spec: SpecOf, tmp_path: Path
) -> None:
    jobs = make(running=1, folder=tmp_path)
    specs = [spec(steps=LONG) for _ in range(3)]
    running, waiting, paused = (jobs.start(s, few, f"{i}") for i, s in enumerate(specs))
    past(running, 5)
    paused.step_once()
    jobs.close()
    steps = [handle.snapshot().step for handle in (running, waiting, paused)]
    assert steps[0] > 5
    assert steps[1:] == [0, 1]

    again = make(running=1, folder=tmp_path)
    tokens = [handle.token for handle in (running, waiting, paused)]
    for token, wanted, step in zip(tokens, specs, steps, strict=True):
        handle = taken(again, token, few, "x")
        assert (handle.snapshot().status, handle.snapshot().step) == ("paused", step)
        handle.resume()
        past(handle, step)
        handle.pause()
        assert_same(handle.state(), reference(wanted, few, handle.snapshot().step))
        handle.stop()


def test_the_history_comes_back_with_the_job(
    make: Make, few: Dataset, spec: SpecOf, tmp_path: Path
) -> None:
    jobs, wanted = make(folder=tmp_path), spec("mlp_bn", steps=40)
    whole = jobs.start(wanted, few, "a")
    last = finished(whole)
    other = jobs.start(wanted, few, "b")
    other.reset()
    for _ in range(20):
        other.step_once()
    before, moments = other.snapshot(), other.moments()
    jobs.close()
    again = make(folder=tmp_path)
    handle = taken(again, other.token, few, "c")
    assert handle.job.history.evaluated == other.job.history.evaluated
    assert set(moments) <= {*handle.moments(), 20}
    handle.resume()
    state = finished(handle)
    assert state.losses[:20] == before.losses
    assert (state.losses, state.raw) == (last.losses, last.raw)
    assert [(e.step, e.dev) for e in state.evaluated] == [(e.step, e.dev) for e in last.evaluated]
    assert state.sampled == last.sampled
    assert handle.moments() == whole.moments()
    for step in handle.moments():
        assert handle.job.weights(step) == whole.job.weights(step)


@pytest.mark.parametrize("ends", ["finished", "stopped", "diverged"])
def test_what_is_over_is_found_again_as_it_was(
    make: Make, few: Dataset, spec: SpecOf, tmp_path: Path, ends: str
) -> None:
    changes = {"learning_rate": 1e6} if ends == "diverged" else {}
    steps = LONG if ends == "stopped" else 12
    jobs = make(folder=tmp_path)
    handle = jobs.start(spec(steps=steps, **changes), few, "a")
    if ends == "stopped":
        past(handle, 5)
        handle.stop()
    until(handle, lambda state: state.over and (state.searched or ends != "diverged"))
    jobs.close()
    again = taken(make(folder=tmp_path), handle.token, few, "b")
    before, after = handle.snapshot(), again.snapshot()
    assert after.status == ends
    assert replace(after, steps_per_second=0, watchers=0, learning_rate_now=0) == replace(
        before, steps_per_second=0, watchers=0, learning_rate_now=0
    )
    was, now = handle.state(), again.state()
    assert was.keys() == now.keys()
    assert all(torch.equal(was[key], now[key]) for key in was)


def test_a_fork_that_rests_is_kept_at_once(
    make: Make, few: Dataset, spec: SpecOf, tmp_path: Path
) -> None:
    jobs, wanted = make(folder=tmp_path, autosave_seconds=1e9), spec(steps=LONG)
    mine, yours = (jobs.start(wanted, few, session) for session in "ab")
    past(mine, 5)
    mine.pause()
    assert jobs.autosave.find([mine.watch]) == mine.id != yours.id
    # What was asked of the worker for the fork may have been kept of the other one, too.
    assert jobs.autosave.find([yours.watch]) in (None, yours.id)
    yours.stop()


def test_a_link_that_is_none(make: Make, jobs: Jobs, few: Dataset, tmp_path: Path) -> None:
    (tmp_path / "0000000000000000.safetensors").write_bytes(b"no file of a job")
    for each in (make(folder=tmp_path), jobs):
        for token in ("", "0" * 16, "../../x", "A" * 16, "0" * 15, "0" * 16 + "\n", "💥"):
            with pytest.raises(JobError, match="start a new one"):
                taken(each, token, few, "a")


def test_what_was_kept_is_checked(make: Make, few: Dataset, spec: SpecOf, tmp_path: Path) -> None:
    jobs = make(folder=tmp_path)
    handle = jobs.start(spec(steps=LONG), few, "a")
    past(handle, 5)
    handle.pause()
    jobs.close()
    path = tmp_path / f"{handle.id}.safetensors"
    good = path.read_bytes()
    said, tensors = about(good), unpack(good)
    odd_spec = {**said["spec"], "model": "transformer"}
    bad = [
        b"", good[:-10], good[:100], b"\xff" * 200, pack(tensors), pack(tensors, {}),
        pack({}, said), pack(tensors, {**said, "format": 1}), pack(tensors, {**said, "spec": []}),
        pack(tensors, {**said, "spec": odd_spec}),
    ]  # fmt: skip
    history = said["history"]
    lies: list[dict[str, object]] = [
        {"spec": {**said["spec"], "seed": -1}}, {"spec": {**said["spec"], "seed": 10**400}},
        {"status": "asleep"}, {"altered": 1}, {"searched": None}, {"message": 3}, {"links": "a"},
        {"safer": -1.0}, {"safer": 10**400}, {"history": {**history, "step": history["step"] + 1}},
        {"history": {**history, "steps": 10**400}}, {"history": {**history, "steps": LONG + 1}},
        {"history": {**history, "rate": 10**400}}, {"history": {**history, "seconds": -1}},
        {"history": {**history, "loss": None}}, {"history": {**history, "loss": float("nan")}},
        {"history": {**history, "evaluated": [[10**9, 0, 1, 1]]}},
        {"history": {**history, "evaluated": [[0, 0, "1", 1]]}},
        {"history": {**history, "sampled": [[0, [7]]]}},
    ]  # fmt: skip
    bad += [pack(tensors, said | lie) for lie in lies]
    for name, tensor in tensors.items():
        odd = [tensor[None], tensor.reshape(-1)[:0]] if tensor.numel() else [torch.ones(3)]
        bad += [pack(tensors | {name: each}, said) for each in odd]
        bad += [pack({k: v for k, v in tensors.items() if k != name}, said)] * (
            "moment" not in name
        )
    flipped = bytearray(good)
    flipped[-1] ^= 1
    bad.append(bytes(flipped))
    again = make(folder=tmp_path)
    for content in bad:
        path.write_bytes(content)
        with pytest.raises(JobError, match=r"damaged|another version|another name list"):
            again.autosave.read(handle.id, few, 0.0)
        with pytest.raises(JobError, match=r"damaged|another version|not kept any more"):
            taken(again, handle.token, few, "b")
    path.write_bytes(good)
    other = Dataset(parse_names(FEW.replace(" ", "\n") + "\nzora", "other.txt"))
    with pytest.raises(JobError, match="another name list"):
        taken(again, handle.token, other, "b")
    assert taken(again, handle.token, few, "b").snapshot().status == "paused"


def test_a_full_disk_stops_no_training(
    make: Make, few: Dataset, spec: SpecOf, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR, logger="makemore.jobs")
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    jobs = make(folder=blocked, autosave_seconds=0)
    handle = jobs.start(spec(steps=LONG), few, "a")
    until(handle, lambda _: bool(caplog.records))
    step = handle.snapshot().step
    past(handle, step)
    handle.stop()
    assert "event=autosave_failed" in caplog.records[0].getMessage()


def test_the_folder_does_not_grow(
    make: Make, few: Dataset, spec: SpecOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("makemore.jobs.autosave.MOST_FILES", 3)
    jobs = make(folder=tmp_path, running=1, autosave_seconds=1e9)
    busy = jobs.start(spec(steps=LONG), few, "busy")  # the others wait: no worker writes for them
    ids = []
    for i in range(5):
        handle = jobs.start(spec(steps=LONG), few, f"{i}")
        handle.pause()
        jobs.autosave.keep(handle.job)
        os.utime(tmp_path / f"{handle.id}.safetensors", (i, i))
        ids.append(handle.id)
    jobs.autosave.keep(handle.job)
    kept = set(ids[-4:])  # the last is held, and three more are as many as nobody holds
    assert {path.stem for path in tmp_path.glob("*.safetensors")} == kept
    assert busy.snapshot().active
    jobs.close()
    assert {path.stem for path in tmp_path.glob("*.safetensors")} == {handle.id, busy.id, ids[-2]}


def test_a_state_that_does_not_fit_is_a_job_error_and_not_a_crash(
    few: Dataset, spec: SpecOf
) -> None:
    """A fused optimizer writes as far as its weights reach, beyond what it keeps if that is shorter."""
    wanted = spec("wavenet", recipe="fast")
    trainer = reference(wanted, few, 3)
    state = trainer.state()
    name = next(key for key in state if key.endswith(".exp_avg"))
    for bad in (state[name][:1].clone(), state[name].double(), torch.zeros(0)):
        with pytest.raises(JobError, match=r"this job cannot go on \(.*; start a new one"):
            wanted.build_trainer(few, pack(state | {name: bad}), 0.1)
    rate = wanted.recipe.learning_rate
    assert_same(wanted.build_trainer(few, pack(state), rate).state(), trainer)
