"""What the server does around the pages: it logs an error in a line, and runs with and without our patches."""

import logging
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.error_util import handle_user_script_exception

from makemore.data.vocabulary import UnknownLetterError, Vocabulary
from makemore.server import error_log, streamlit_patches
from makemore.ui.kit.page_table import PAGES
from tests.bench.visitor import Visitor
from tests.loops import run_apart
from tests.serving import Server, serving

TITLES = [page.title for page in PAGES]
ROOT = Path(__file__).resolve().parents[2]


def failure(typed: str) -> UnknownLetterError:
    """An error of our own code whose message quotes what somebody typed."""
    with pytest.raises(UnknownLetterError) as caught:
        Vocabulary("abc").encode(typed)
    return caught.value


def test_a_failed_page_is_one_line_without_what_was_typed(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr("streamlit.error", lambda text, **_: shown.append(text))
    monkeypatch.setattr(error_log.log, "propagate", True)
    monkeypatch.setattr(logging.getLogger("makemore"), "propagate", True)
    error = failure("ß")
    assert error_log.log_failed_page(error)
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith(
        "event=page_failed kind=UnknownLetterError at=makemore/data/vocabulary.py:"
    )
    assert "ß" in str(error)
    assert "ß" not in line + shown[0]


class Lines(logging.Handler):
    """Keeps each record as its formatter would write it."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.written += self.format(record).splitlines()


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The lines of the log that is set up as a server sets it up, and undone after the test."""
    monkeypatch.setattr("streamlit.error", lambda text, **_: None)
    lines, ours = Lines(), logging.getLogger("makemore")
    others = [logging.getLogger(name) for name in ("streamlit.error_util", "uvicorn.error")]
    before, make = list(ours.handlers), logging.getLogRecordFactory()
    ours.handlers[:] = []
    try:
        error_log.set_up_log()
        for logger in (ours, *others):
            logger.addHandler(lines)
        yield lines.written
    finally:
        logging.setLogRecordFactory(make)
        ours.handlers[:], ours.propagate = before, True
        for logger in others:
            logger.removeHandler(lines)
            logger.filters.clear()


def fail(typed: str) -> None:
    """What Streamlit does with an error of a page, and a server with one of its own."""
    handle_user_script_exception(failure(typed), error_log.log_failed_page)
    logging.getLogger("uvicorn.error").error("of %s\n", typed, exc_info=failure(typed))


def test_each_failure_is_one_line_whoever_tells_of_it(written: list[str]) -> None:
    fail("ß")
    page, other = written
    place = "kind=UnknownLetterError at=makemore/data/vocabulary.py:"
    assert page.startswith(f"event=page_failed {place}")
    assert other.startswith(f"event=failed {place}")
    assert "ß" not in page + other


def test_who_asks_for_them_gets_tracebacks(
    written: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAKEMORE_DEBUG", "1")
    fail("ß")
    assert written.count("Traceback (most recent call last):") == 2
    assert any("UnknownLetterError" in line and "ß" in line for line in written)


def test_an_error_from_elsewhere_has_no_place() -> None:
    assert error_log.place_of(ValueError("never raised")) == "unknown"


def test_lines_are_set_up_once() -> None:
    logger = logging.getLogger("makemore")
    before, make = list(logger.handlers), logging.getLogRecordFactory()
    try:
        error_log.set_up_log()
        first = list(logger.handlers)
        error_log.set_up_log()
        assert logger.handlers == first != []
    finally:
        logging.setLogRecordFactory(make)
        logger.handlers[:] = before
        logger.propagate = True


def test_garbage_is_not_collected_after_every_run() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert config["runner"]["postScriptGC"] is False
    assert config["server"]["fileWatcherType"] == "none"


async def seen(port: int, *pages: str) -> list[Visitor]:
    """A visitor for each page, one after another; each has drawn charts and met no error."""
    visitors = [Visitor(port, page=page) for page in pages]
    for visitor in visitors:
        await visitor.open()
        await visitor.close()
        assert visitor.charts
        assert not visitor.exceptions
        assert not visitor.errors
    return visitors


def skipped(server: Server) -> list[str]:
    """The patches that its log says are left out, a line each."""
    return [line.split("patch=")[1].split()[0] for line in server.log() if "patch_skipped" in line]


def test_a_link_to_a_page_may_be_the_first_request_of_a_fresh_server() -> None:
    with serving() as server:
        (linked, home) = run_apart(seen(server.port, "bigram", ""))
        assert linked.pages == home.pages == TITLES
        assert skipped(server) == []
        assert not any("page_failed" in line for line in server.log())


def test_pages_are_served_by_a_streamlit_without_the_seams_of_our_patches() -> None:
    """A link as the first request would be answered by its file alone; once `/` was seen, all is well."""
    renamed = (
        "set_widgets_from_proto",
        "uses_pages_directory",
        "_bind_socket",
        "flush_browser_queue",
        "_run_script",
    )
    with serving(renamed=renamed) as server:
        (home, linked) = run_apart(seen(server.port, "", "bigram"))
        assert linked.pages == home.pages == TITLES
        assert skipped(server) == list(streamlit_patches.PATCHES)
        assert not any("page_failed" in line for line in server.log())
