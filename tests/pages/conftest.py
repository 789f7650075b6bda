"""Jobs and saved files of each test of this folder alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from makemore import checkpoints, jobs


@pytest.fixture(autouse=True)
def fresh_jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Jobs and saved files of this test alone."""
    jobs.shared().close()
    monkeypatch.setenv("MAKEMORE_AUTOSAVE", str(tmp_path / "autosave"))
    monkeypatch.setattr(checkpoints, "OWN", tmp_path / "own")
    yield
    jobs.shared().close()
