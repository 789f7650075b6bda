"""Steps that are too large are refused whoever asks, and the largest that are not can be stopped soon."""

import time
from pathlib import Path
from threading import Thread

import pytest

from makemore.config import ConfigError
from makemore.data.examples import Dataset
from makemore.jobs import Handle, Jobs, Spec
from makemore.jobs.history import Point
from makemore.jobs.job import Job
from makemore.jobs.job_files import pack_job
from makemore.jobs.links import watch_token
from makemore.training import step_cost
from makemore.training.recipes import recipe_for
from tests.jobs.conftest import LONG, Make, SpecOf, past, until

WIDE = {"hidden": 1024, "embedding": 64}


def wide(model: str, recipe: str, real: Dataset, batch: int) -> Spec:
    asked = recipe_for(recipe, model, batch_size=batch)
    return Spec.of(model, asked, seed=5, dataset=real, settings=WIDE)


def test_a_start_is_refused_before_anything_happens(jobs: Jobs, real: Dataset) -> None:
    with pytest.raises(ConfigError, match=r"GB is over the limit of 0\.5 GB; a mini-batch of"):
        jobs.start(wide("wavenet", "lecture", real, 0), real, "greedy")
    assert jobs.pool.active_jobs() == []


def test_what_a_file_holds_is_shown_but_not_resumed(
    make: Make, real: Dataset, tmp_path: Path
) -> None:
    spec = wide("wavenet", "lecture", real, 0)
    token = "a" * 16
    start, links = Point.start(10, 0.1), {watch_token(token)}
    kept = Job(spec=spec, dataset=real, steps=10, point=start, seen_at=0.0, links=links)
    (tmp_path / f"{kept.id}.safetensors").write_bytes(pack_job(kept))
    jobs = make(folder=tmp_path)
    handle = jobs.open_link(token, real, "s", connected=lambda session: True)
    assert isinstance(handle, Handle)
    for act in (handle.resume, handle.step_once):
        with pytest.raises(ConfigError, match="over the limit"):
            act()
    assert handle.snapshot().status == "paused"


@pytest.mark.parametrize(
    ("model", "batch"), [("wavenet", 256), ("mlp", 0)], ids=["evaluation", "parts"]
)
def test_stop_does_not_wait_for_what_is_under_way(
    make: Make, real: Dataset, model: str, batch: int
) -> None:
    """At the largest settings the first evaluation, and a step on all examples, take seconds."""
    settings = WIDE if model == "wavenet" else {"hidden": 512, "embedding": 64}
    asked = recipe_for("lecture", model, batch_size=batch)
    spec = Spec.of(model, asked, seed=5, dataset=real, settings=settings)
    assert step_cost.problem(model, settings, asked, real) == ""
    handle = make(running=1).start(spec, real, "a")
    until(handle, lambda state: state.status == "running")
    time.sleep(0.3)
    handle.stop()
    state = handle.snapshot()
    assert (state.status, state.step) == ("stopped", 0)
    if model == "wavenet":
        assert len(state.evaluated) == 0


def test_a_single_step_holds_up_nobody(
    make: Make, few: Dataset, real: Dataset, spec: SpecOf
) -> None:
    """One on all examples takes seconds; whoever shares the worker is heard meanwhile, and so is Stop."""
    jobs = make(running=1)
    small = jobs.start(spec(steps=LONG), few, "a")
    past(small, 10)
    asked = recipe_for("lecture", "mlp", batch_size=0)
    settings = {"hidden": 512, "embedding": 64}
    large = jobs.start(Spec.of("mlp", asked, seed=5, dataset=real, settings=settings), real, "b")
    large.pause()
    stepping = Thread(target=large.step_once)
    stepping.start()
    until(large, lambda state: state.status == "running")
    small.pause()
    assert small.snapshot().status == "paused"
    assert large.snapshot().status == "running"
    large.stop()
    stepping.join()
    state = large.snapshot()
    assert (state.status, state.step) == ("stopped", 0)
