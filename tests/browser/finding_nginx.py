"""Finds nginx for the tests that need one, or installs it as root. Knows no page, no server and no pytest."""

import os
from collections.abc import Callable

from tests.browser.finding import INSTALL_SECONDS, Machine

PLACES = ("/usr/sbin/nginx", "/usr/local/sbin/nginx")  # on no PATH but that of root
PACKAGE = "nginx-light"
MISSING = f"no nginx: it is not on the PATH; install the package {PACKAGE}"


class NoNginxError(RuntimeError):
    """There is no nginx and none could be installed."""


def find_nginx(machine: Machine) -> str | None:
    """The path of an nginx that starts."""
    found = machine.which("nginx")
    for path in [found] if found else PLACES:
        if os.access(path, os.X_OK) and machine.run([path, "-v"], INSTALL_SECONDS):
            return path
    return None


def find_or_install(machine: Machine, say: Callable[[str], None]) -> str:
    """The path of an nginx that starts; `say` is told before it is installed. Raises NoNginxError."""
    if found := find_nginx(machine):
        return found
    apt = machine.which("apt-get")
    if apt and machine.is_root:
        say(
            "No nginx was found for the tests that need it; installing it, which may take a minute."
        )
        if machine.run([apt, "update"], INSTALL_SECONDS):
            machine.run([apt, "install", "-y", PACKAGE], INSTALL_SECONDS)
        if found := find_nginx(machine):
            return found
    raise NoNginxError(MISSING)
