"""Every test of this folder has jobs and saved files of its own."""

import pytest


@pytest.fixture(autouse=True)
def _fresh(fresh_jobs: None) -> None:
    """Applied to each test."""
