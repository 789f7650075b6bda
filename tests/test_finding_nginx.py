"""The search for nginx, on invented machines; and that its tests are skipped loudly where there is none."""

import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.browser import finding_nginx, providing
from tests.browser.finding import Machine, run_quietly
from tests.browser.finding_nginx import MISSING, NoNginxError, find_or_install
from tests.test_finding_a_browser import program

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def _nowhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding_nginx, "PLACES", (str(tmp_path / "sbin" / "nginx"),))


class Fake:
    """A machine with one folder on its PATH, whose apt-get does what the test says."""

    def __init__(self, folder: Path, *, is_root: bool) -> None:
        self.bin, self.sbin = folder / "bin", folder / "sbin"
        self.bin.mkdir()
        self.called: list[list[str]] = []
        self.said: list[str] = []
        self.gives = True
        which = partial(shutil.which, path=str(self.bin))
        self.machine = Machine(which=which, run=self.run, is_root=is_root)

    def run(self, command: Sequence[str], seconds: float) -> bool:
        if command[1:] == ["-v"]:
            return run_quietly(command, seconds)
        self.called.append(list(command[1:]))
        if command[1] == "install" and self.gives:
            program(self.sbin / "nginx")
        return True

    def find(self) -> str:
        return find_or_install(self.machine, self.said.append)


def test_it_is_found_on_the_path_and_where_only_root_looks(tmp_path: Path) -> None:
    fake = Fake(tmp_path, is_root=True)
    hidden = program(fake.sbin / "nginx")
    assert fake.find() == str(hidden)
    first = program(fake.bin / "nginx")
    assert fake.find() == str(first)
    assert (fake.said, fake.called) == ([], [])


def test_root_installs_the_package(tmp_path: Path) -> None:
    fake = Fake(tmp_path, is_root=True)
    program(fake.bin / "apt-get")
    assert fake.find() == str(fake.sbin / "nginx")
    assert fake.called == [["update"], ["install", "-y", "nginx-light"]]
    assert len(fake.said) == 1


@pytest.mark.parametrize(("is_root", "apt"), [(True, False), (False, True), (True, True)])
def test_where_it_cannot_be_had_that_is_said(tmp_path: Path, is_root: bool, apt: bool) -> None:
    fake = Fake(tmp_path, is_root=is_root)
    fake.gives = False
    if apt:
        program(fake.bin / "apt-get")
    with pytest.raises(NoNginxError) as caught:
        fake.find()
    assert str(caught.value) == MISSING


def test_without_it_there_is_one_loud_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(machine: Machine, say: object) -> str:
        sought.append(machine)
        raise NoNginxError(MISSING)

    sought: list[Machine] = []
    lines: list[str] = []
    monkeypatch.setattr(finding_nginx, "find_or_install", none)
    config: Any = SimpleNamespace(
        option=SimpleNamespace(collectonly=False),
        stash=pytest.Stash(),
        get_terminal_writer=lambda: SimpleNamespace(line=lines.append),
    )
    reporter: Any = SimpleNamespace(write_line=lambda line, **_: lines.append(line))
    providing.provide_nginx(config, ["tests/test_imports.py::test_x"])
    assert not sought
    for _ in range(2):  # each worker reports what it has collected
        providing.provide_nginx(config, [f"{providing.NGINX_FILE}::test_x"])
    providing.pytest_terminal_summary(reporter, cast(pytest.Config, config))
    assert len(sought) == 1
    assert lines == [f"THE TESTS BEHIND NGINX DID NOT RUN: {MISSING}"]


def test_its_tests_are_where_it_is_looked_for() -> None:
    text = (ROOT / providing.NGINX_FILE).read_text()
    assert "find_nginx(Machine())" in text
    others = {
        path for path in (ROOT / "tests").glob("**/test_*.py") if "fronting(" in path.read_text()
    }
    assert others - {Path(__file__)} == {ROOT / providing.NGINX_FILE}
