"""Steps that are too large are refused whoever asks, and the largest that are not can be stopped soon."""

import time
from pathlib import Path

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
from tests.jobs.conftest import Make, until

WIDE = {"hidden": 1024, "embedding": 64}
SOON = 3.0  # seconds; alone on a machine it is one


def wide(model: str, recipe: str, real: Dataset, batch: int) -> Spec:
    asked = recipe_for(recipe, model, batch_size=batch)
    return Spec.of(model, asked, seed=5, dataset=real, settings=WIDE)


def test_a_start_is_refused_before_anything_happens(jobs: Jobs, real: Dataset) -> None:
    with pytest.raises(ConfigError, match=r"GB is over the limit of 0\.8 GB; a mini-batch of"):
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
def test_stop_is_heard_soon_at_the_largest_settings(
    make: Make, real: Dataset, model: str, batch: int
) -> None:
    settings = WIDE if model == "wavenet" else {"hidden": 512, "embedding": 64}
    asked = recipe_for("lecture", model, batch_size=batch)
    spec = Spec.of(model, asked, seed=5, dataset=real, settings=settings)
    assert step_cost.problem(model, settings, asked, real) == ""
    handle = make(running=1).start(spec, real, "a")
    until(handle, lambda state: state.status == "running")
    time.sleep(1.0)  # within the first evaluation of the wide tree; within a step on all examples
    started = time.monotonic()
    handle.stop()
    assert time.monotonic() - started < SOON
    assert handle.snapshot().status == "stopped"
