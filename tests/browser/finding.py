"""Finds a browser for the tests of this folder, or installs one. Knows no page, no server and no pytest."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import sync_playwright

COMMANDS = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge",
)  # fmt: skip
LOOKED_FOR = ", ".join(COMMANDS)
VERSION_SECONDS = 30.0
INSTALL_SECONDS = 600.0  # of each command; it loads some hundred megabytes


class NoBrowserError(RuntimeError):
    """There is no browser and none could be installed; the message says what was tried."""


def run_quietly(command: Sequence[str], seconds: float) -> bool:
    """Whether the command ended well and in time; it can ask nothing, and what it prints is dropped."""
    try:
        process = subprocess.Popen(
            command,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return False
    try:
        return process.wait(seconds) == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        if process.poll() is None:
            # With all that it has started: Playwright leaves the work to Node.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def playwrights_place() -> str:
    """Where Playwright's own Chromium lies, or would."""
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


@dataclass(frozen=True)
class Machine:
    """What the search asks of a machine; this one by default."""

    which: Callable[[str], str | None] = shutil.which
    run: Callable[[Sequence[str], float], bool] = run_quietly
    playwrights: Callable[[], str] = playwrights_place
    is_root: bool = os.geteuid() == 0


def find_browser(machine: Machine) -> str | None:
    """The path of a browser that is there and starts: one on the PATH, else Playwright's own."""
    for command in COMMANDS:
        if (path := machine.which(command)) and _starts(machine, path):
            return path
    own = machine.playwrights()
    return own if Path(own).is_file() and _starts(machine, own) else None


def _starts(machine: Machine, path: str) -> bool:
    # Ubuntu's chromium-browser is a script that asks for a snap; Playwright's may lack libraries.
    return machine.run([path, "--version"], VERSION_SECONDS)


def install_browser(machine: Machine) -> str:
    """Install Playwright's Chromium, else as root the system's package; the path of what then starts.

    Raises NoBrowserError.
    """
    machine.run([sys.executable, "-m", "playwright", "install", "chromium"], INSTALL_SECONDS)
    if found := find_browser(machine):
        return found
    tried = "Playwright's could not be installed"
    apt = machine.which("apt-get")
    if not apt:
        raise NoBrowserError(f"{tried}, and there is no apt-get")
    if not machine.is_root:
        raise NoBrowserError(f"{tried}, and apt-get needs root")
    if machine.run([apt, "update"], INSTALL_SECONDS):
        machine.run([apt, "install", "-y", "chromium"], INSTALL_SECONDS)
    if found := find_browser(machine):
        return found
    raise NoBrowserError(f"{tried}, nor the package chromium by apt-get")


def find_or_install(machine: Machine, say: Callable[[str], None]) -> str:
    """The path of a browser that starts; `say` is told before one is installed. Raises NoBrowserError."""
    if found := find_browser(machine):
        return found
    say(
        "No browser was found for the tests that need one; installing Chromium, which may take minutes."
    )
    try:
        return install_browser(machine)
    except NoBrowserError as error:
        raise NoBrowserError(f"no browser: {LOOKED_FOR} are not there, {error}") from None


def must_have_one(environment: Mapping[str, str]) -> bool:
    """Whether to be without a browser is a failure: with `CI` set, as nobody reads there what was skipped."""
    return bool(environment.get("CI"))
