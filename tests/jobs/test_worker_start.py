"""A worker process is started in the middle of a served page, and runs nothing of it."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

from makemore.data.examples import Dataset
from makemore.jobs import Jobs
from tests.jobs.conftest import LONG, SpecOf, past


def test_a_worker_does_not_run_the_script_that_is_served(
    few: Dataset, spec: SpecOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script, ran = tmp_path / "app.py", tmp_path / "ran"
    script.write_text(f"open({str(ran)!r}, 'w').close()\nraise SystemExit(1)\n")
    served = ModuleType("__main__")
    served.__file__ = str(script)
    monkeypatch.setitem(sys.modules, "__main__", served)
    jobs = Jobs(workers=1)
    try:
        past(jobs.start(spec(steps=LONG), few, "a"), 5)
    finally:
        jobs.close()
    assert not ran.exists()
    assert sys.modules["__main__"] is served
