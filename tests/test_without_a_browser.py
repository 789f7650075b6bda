"""What becomes of the tests in a browser where there is none: pytest as its user meets it."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from tests.browser import finding, providing
from tests.browser.finding import Machine

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """An environment in which no browser can be found or had."""
    kept = {key: value for key, value in os.environ.items() if key != "CI"}
    return kept | {
        "PATH": str(tmp_path / "nothing"),
        "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path / "browsers"),
        "PLAYWRIGHT_DOWNLOAD_HOST": "http://127.0.0.1:9",
    }


def report_of(environment: dict[str, str], workers: int) -> subprocess.CompletedProcess[str]:
    """A test in a browser and one without, in a process of their own, or in those of its workers."""
    tests = [
        "tests/browser/test_pages.py::test_next_changes_the_link",
        "tests/test_imports.py::test_the_package_itself_imports_nothing",
    ]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"-n{workers}", *tests],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


LOUD = re.compile(r"^THE TESTS IN A BROWSER DID NOT RUN: no browser: chromium, .+$", re.MULTILINE)


def test_on_a_machine_without_one_they_are_skipped_with_one_loud_line(bare: dict[str, str]) -> None:
    done = report_of(bare, workers=2)
    assert done.returncode == 0, done.stdout
    assert len(LOUD.findall(done.stdout)) == 1
    assert re.search(r"^SKIPPED \[1\] .*no browser: chromium", done.stdout, re.MULTILINE)
    assert re.search(r"=+ 1 passed, 1 skipped in ", done.stdout)
    assert done.stdout.count("installing Chromium") == 1


def test_on_a_machine_without_one_ci_fails(bare: dict[str, str]) -> None:
    done = report_of(bare | {"CI": "true"}, workers=0)
    assert done.returncode == 1
    assert len(LOUD.findall(done.stdout)) == 1
    assert re.search(r"=+ 1 passed, 1 error in ", done.stdout)


NEEDS_ONE, NEEDS_NONE = "tests/browser/test_pages.py::test_x", "tests/test_imports.py::test_x"


@pytest.mark.parametrize(
    ("ids", "only_collected", "sought"),
    [([NEEDS_NONE, NEEDS_ONE], False, 1), ([NEEDS_NONE], False, 0), ([NEEDS_ONE], True, 0)],
)
def test_a_browser_is_sought_once_and_only_for_tests_that_will_use_it(
    monkeypatch: pytest.MonkeyPatch, ids: list[str], only_collected: bool, sought: int
) -> None:
    found: list[str] = []

    def find(machine: Machine, say: Callable[[str], None]) -> str:
        found.append("a browser")
        return found[0]

    monkeypatch.setattr(finding, "find_or_install", find)
    config = SimpleNamespace(
        option=SimpleNamespace(collectonly=only_collected),
        stash=pytest.Stash(),
        get_terminal_writer=lambda: SimpleNamespace(line=fail),
    )
    for _ in range(2):  # each worker reports what it has collected
        providing.provide_browser(cast(pytest.Config, config), ids)
    assert len(found) == sought


def test_all_tests_that_need_a_browser_stand_in_its_folder(request: pytest.FixtureRequest) -> None:
    for item in request.session.items:
        if "browser" in getattr(item, "fixturenames", ()):
            assert item.nodeid.startswith(providing.FOLDER)


def fail(line: str) -> None:
    raise AssertionError(line)
