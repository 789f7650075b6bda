"""Every test of this folder has jobs and saved files of its own."""

from collections.abc import Iterator

import pytest

from tests.serving import Server, serving


@pytest.fixture(autouse=True)
def _fresh(fresh_jobs: None) -> None:
    """Applied to each test."""


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One server for all that only asks it."""
    with serving() as started:
        yield started
