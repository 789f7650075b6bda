"""The search for a browser, on invented machines: folders of a PATH, a runner, Playwright's place."""

import shutil
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest

from tests.browser import finding
from tests.browser.finding import COMMANDS, Machine, NoBrowserError, run_quietly

PLAYWRIGHT = [sys.executable, "-m", "playwright", "install", "chromium"]


def program(path: Path, status: int = 0) -> Path:
    """A program that ends with this status, whatever it is asked."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\nexit {status}\n")
    path.chmod(0o755)
    return path


class Runner:
    """Starts browsers truly; of everything else it notes the command and does what the test says."""

    def __init__(self, effects: dict[str, Callable[[], object]]) -> None:
        self.effects = effects
        self.installed: list[list[str]] = []

    def __call__(self, command: Sequence[str], seconds: float) -> bool:
        if command[1:] == ["--version"]:
            return run_quietly(command, seconds)
        assert seconds == finding.INSTALL_SECONDS
        self.installed.append(list(command))
        effect = self.effects.get(" ".join(command[1:]))
        return effect is not None and bool(effect())


class Fake:
    """A machine with one folder on its PATH and a place for Playwright's own browser."""

    def __init__(self, folder: Path, *, is_root: bool = False) -> None:
        self.bin, self.own = folder / "bin", folder / "playwright" / "chrome"
        self.bin.mkdir()
        self.runner = Runner({})
        self.said: list[str] = []
        self.machine = Machine(
            which=partial(shutil.which, path=str(self.bin)),
            run=self.runner,
            playwrights=lambda: str(self.own),
            is_root=is_root,
        )

    def find(self) -> str:
        return finding.find_or_install(self.machine, self.said.append)

    def apt(self) -> list[list[str]]:
        """apt-get comes on the PATH; the two calls that are expected of it."""
        path = str(program(self.bin / "apt-get"))
        return [[path, "update"], [path, "install", "-y", "chromium"]]


@pytest.fixture
def fake(tmp_path: Path) -> Fake:
    return Fake(tmp_path)


@pytest.fixture
def root(tmp_path: Path) -> Fake:
    return Fake(tmp_path, is_root=True)


@pytest.mark.parametrize(
    "command",
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"],
)
def test_each_browser_on_the_path_is_found(fake: Fake, command: str) -> None:
    path = program(fake.bin / command)
    assert fake.find() == str(path)
    assert (fake.said, fake.runner.installed) == ([], [])


def test_chromium_comes_first_and_playwrights_own_last(fake: Fake) -> None:
    program(fake.own)
    assert fake.find() == str(fake.own)
    for command in reversed(COMMANDS):
        path = program(fake.bin / command)
        assert fake.find() == str(path)
    assert Path(fake.find()).name == "chromium"
    assert (fake.said, fake.runner.installed) == ([], [])


def test_a_browser_that_does_not_start_is_none(fake: Fake) -> None:
    program(fake.bin / "chromium-browser", status=1)
    chrome = program(fake.bin / "google-chrome")
    assert fake.find() == str(chrome)
    (fake.bin / "chromium").write_text("not a program")
    assert fake.find() == str(chrome)


def test_playwrights_is_installed_first(root: Fake) -> None:
    root.apt()
    root.runner.effects["-m playwright install chromium"] = lambda: program(root.own)
    assert root.find() == str(root.own)
    assert root.runner.installed == [PLAYWRIGHT]
    assert len(root.said) == 1
    assert "installing Chromium" in root.said[0]


@pytest.mark.parametrize("broken", [False, True], ids=["no download", "lacks libraries"])
def test_root_installs_the_systems_package_next(root: Fake, broken: bool) -> None:
    calls = root.apt()
    if broken:
        root.runner.effects["-m playwright install chromium"] = lambda: program(root.own, 127)
    root.runner.effects |= {
        "update": lambda: True,
        "install -y chromium": lambda: program(root.bin / "chromium"),
    }
    assert root.find() == str(root.bin / "chromium")
    assert root.runner.installed == [PLAYWRIGHT, *calls]


def test_others_than_root_install_no_package(fake: Fake) -> None:
    fake.apt()
    with pytest.raises(NoBrowserError, match="could not be installed, and apt-get needs root"):
        fake.find()
    assert fake.runner.installed == [PLAYWRIGHT]


def test_a_system_without_apt(root: Fake) -> None:
    with pytest.raises(NoBrowserError, match="could not be installed, and there is no apt-get"):
        root.find()
    assert root.runner.installed == [PLAYWRIGHT]


@pytest.mark.parametrize("updated", [False, True])
def test_a_package_that_cannot_be_had(root: Fake, updated: bool) -> None:
    calls = root.apt()
    root.runner.effects["update"] = lambda: updated
    with pytest.raises(NoBrowserError, match="nor the package chromium by apt-get") as caught:
        root.find()
    assert root.runner.installed == [PLAYWRIGHT, *calls[: 2 if updated else 1]]
    message = str(caught.value)
    assert all(command in message for command in COMMANDS)
    assert "\n" not in message


def test_a_package_that_is_no_browser(root: Fake) -> None:
    """Ubuntu's chromium only says that it has become a snap."""
    root.apt()
    root.runner.effects |= {
        "update": lambda: True,
        "install -y chromium": lambda: program(root.bin / "chromium", status=1),
    }
    with pytest.raises(NoBrowserError):
        root.find()


def test_how_commands_are_run(tmp_path: Path) -> None:
    assert run_quietly([str(program(tmp_path / "good"))], 10)
    assert not run_quietly([str(program(tmp_path / "bad", 3))], 10)
    assert not run_quietly([str(tmp_path / "nowhere")], 10)
    assert run_quietly([sys.executable, "-c", "import sys; sys.exit(len(sys.stdin.read()))"], 10)


def test_a_command_that_hangs_ends_in_time_with_all_that_it_started(tmp_path: Path) -> None:
    late = tmp_path / "late"
    began = time.monotonic()
    assert not run_quietly(["sh", "-c", f"(sleep 3; touch {late}) & wait"], 0.5)
    assert time.monotonic() - began < 3
    time.sleep(3)
    assert not late.exists()


@pytest.mark.parametrize(
    ("environment", "must"), [({}, False), ({"CI": ""}, False), ({"CI": "true"}, True)]
)
def test_without_a_browser_only_ci_fails(environment: dict[str, str], must: bool) -> None:
    assert finding.must_have_one(environment) is must
