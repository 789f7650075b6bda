"""What a kill costs: no more of a training than passes between two autosaves, ten seconds as a server runs."""

import inspect
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from makemore.data.examples import Dataset
from makemore.jobs import Handle, Jobs
from tests.jobs.conftest import LONG, Make, SpecOf, past

INTERVAL, AFTER = 1.0, 1.9  # seconds between two autosaves, and of training before the kill
SLACK = 0.7  # seconds: a report, the writing of a file, and a machine that does more than this
SERVER = """
import sys, time
from pathlib import Path
from makemore.data.examples import Dataset
from makemore.data.name_lists import parse_names
from makemore.jobs import Jobs, Spec
from makemore.jobs.workers.cluster import Cluster
from makemore.training.recipes import recipe_for
from tests.conftest import FEW
from tests.jobs.conftest import LONG, QUICK, TINY

def main():
    few = Dataset(parse_names(FEW.replace(" ", "\\n"), "few.txt"))
    chosen = recipe_for("lecture", "mlp", steps=LONG, batch_size=20)
    spec = Spec.of("mlp", chosen, seed=3, dataset=few, settings=TINY["mlp"])
    jobs = Jobs(
        workers=int(sys.argv[2]), autosave_seconds=float(sys.argv[3]), folder=Path(sys.argv[1]),
        crew=Cluster(sys.argv[4], patience=QUICK) if sys.argv[4:] else None,
    )
    handle = jobs.start(spec, few, "a")
    print(handle.token, flush=True)
    while True:
        state = handle.snapshot()
        print(state.step, state.seconds, flush=True)
        time.sleep(0.02)

if __name__ == "__main__":
    main()
"""


def test_a_server_keeps_a_training_every_ten_seconds() -> None:
    assert inspect.signature(Jobs).parameters["autosave_seconds"].default <= 10


def test_a_kill_costs_no_more_than_an_interval(
    make: Make, few: Dataset, tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    script = tmp_path / "server.py"
    script.write_text(SERVER)
    folder = tmp_path / "kept"
    root = Path(__file__).resolve().parents[2]
    processes = "0" if kind == "threads" else "1"
    arguments = [sys.executable, str(script), str(folder), processes, str(INTERVAL)]
    if kind == "cluster":
        arguments.append(request.getfixturevalue("loopback").address)
    environment = os.environ | {"PYTHONPATH": str(root)}
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stdout is not None
        try:
            token = server.stdout.readline().strip()
            step, seconds = 0, 0.0
            began: float | None = None
            while began is None or time.monotonic() - began < AFTER:
                told = server.stdout.readline().split()
                step, seconds = int(told[0]), float(told[1])
                began = began or (time.monotonic() if step else None)
        finally:
            server.send_signal(signal.SIGKILL)

    handle = make(folder=folder).open_link(token, few, "b", connected=lambda _: False)
    assert isinstance(handle, Handle)
    state = handle.snapshot()
    assert state.status == "paused"
    assert 0 < state.step <= step
    assert seconds - state.seconds < INTERVAL + SLACK
    assert handle.job.point.history.step == state.resumes_at == state.step


def test_single_steps_of_others_put_no_autosave_off(
    make: Make, few: Dataset, spec: SpecOf, tmp_path: Path
) -> None:
    jobs = make(running=1, autosave_seconds=0.5, folder=tmp_path)
    running = jobs.start(spec(steps=LONG), few, "a")
    past(running, 10)
    other = jobs.start(spec(steps=LONG), few, "b")
    other.pause()
    kept = tmp_path / f"{running.id}.safetensors"
    kept.unlink(missing_ok=True)
    started = time.monotonic()
    while not kept.exists() and time.monotonic() < started + 10:
        other.step_once()
        time.sleep(0.03)  # nobody presses faster
    assert kept.exists()
    assert running.snapshot().status == "running"
