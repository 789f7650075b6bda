"""Hooks of pytest that see to a browser before the first test that needs one. Knows no page.

It is found, or installed, once all tests are chosen, by the process that hands them out: not at all if
none needs it, not within the time limit of any, and not by each worker. Without one those tests are
skipped, which the end of the report says in a line of its own; with `CI` set they fail.
"""

from collections.abc import Iterable
from typing import Any

import pytest

from tests.browser import finding

SOUGHT = pytest.StashKey[bool]()
MISSING = pytest.StashKey[str]()
FOLDER = "tests/browser/"  # where all tests stand that need one


def pytest_collection_finish(session: pytest.Session) -> None:
    """Without workers: by the tests themselves."""
    if not hasattr(session.config, "workerinput"):
        provide_browser(session.config, (item.nodeid for item in session.items))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node: Any, ids: Iterable[str]) -> None:
    """With workers: by the names that the first of them reports, before any gets a test."""
    provide_browser(node.config, ids)


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


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """The one loud line."""
    if missing := config.stash.get(MISSING, ""):
        line = f"THE TESTS IN A BROWSER DID NOT RUN: {missing}"
        terminalreporter.write_line(line, bold=True, red=True)
