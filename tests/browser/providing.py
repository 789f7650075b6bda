"""Hooks of pytest that see to a browser, and to nginx, before the first test that needs one. Knows no page.

It is found, or installed, once all tests are chosen, by the process that hands them out: not at all if
none needs it, not within the time limit of any, and not by each worker. Without one those tests are
skipped, which the end of the report says in a line of its own; with `CI` set they fail. So it is with nginx.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import pytest

from tests.browser import finding, finding_nginx

SOUGHT = pytest.StashKey[bool]()
MISSING = pytest.StashKey[str]()
FOLDER = "tests/browser/"  # where all tests stand that need one
NGINX_SOUGHT = pytest.StashKey[bool]()
NGINX_MISSING = pytest.StashKey[str]()
NGINX_FILE = "tests/browser/test_several_servers.py"


def pytest_collection_finish(session: pytest.Session) -> None:
    """Without workers: by the tests themselves."""
    if not hasattr(session.config, "workerinput"):
        provide(session.config, [item.nodeid for item in session.items])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node: Any, ids: Iterable[str]) -> None:
    """With workers: by the names that the first of them reports, before any gets a test."""
    provide(node.config, list(ids))


def provide(config: pytest.Config, ids: Sequence[str]) -> None:
    """What tests of these need."""
    provide_browser(config, ids)
    provide_nginx(config, ids)


def provide_browser(config: pytest.Config, ids: Iterable[str]) -> None:
    """Find or install one, once, if a test of these needs it."""
    wanted = any(each.startswith(FOLDER) for each in ids)
    if not wanted or config.option.collectonly or config.stash.get(SOUGHT, False):
        return
    config.stash[SOUGHT] = True
    try:
        finding.find_or_install(finding.Machine(), config.get_terminal_writer().line)
    except finding.NoBrowserError as error:
        config.stash[MISSING] = str(error)


def provide_nginx(config: pytest.Config, ids: Iterable[str]) -> None:
    """Find or install it, once, if a test of these needs it."""
    wanted = any(each.startswith(NGINX_FILE) for each in ids)
    if not wanted or config.option.collectonly or config.stash.get(NGINX_SOUGHT, False):
        return
    config.stash[NGINX_SOUGHT] = True
    try:
        finding_nginx.find_or_install(finding.Machine(), config.get_terminal_writer().line)
    except finding_nginx.NoNginxError as error:
        config.stash[NGINX_MISSING] = str(error)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """The one loud line for each."""
    if missing := config.stash.get(MISSING, ""):
        line = f"THE TESTS IN A BROWSER DID NOT RUN: {missing}"
        terminalreporter.write_line(line, bold=True, red=True)
    if missing := config.stash.get(NGINX_MISSING, ""):
        line = f"THE TESTS BEHIND NGINX DID NOT RUN: {missing}"
        terminalreporter.write_line(line, bold=True, red=True)
