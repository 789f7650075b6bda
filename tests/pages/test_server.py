"""What the server does around the pages: one line in the log for an error, and nothing typed in it."""

import logging
import tomllib
from pathlib import Path

import pytest

from makemore.ui import report
from makemore.vocabulary import UnknownLetterError, Vocabulary

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
    monkeypatch.setattr(report.log, "propagate", True)
    monkeypatch.setattr(logging.getLogger("makemore"), "propagate", True)
    error = failure("ß")
    assert report.page_failed(error)
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith("event=page_failed kind=UnknownLetterError at=makemore/vocabulary.py:")
    assert "ß" in str(error)
    assert "ß" not in line + shown[0]


def test_an_error_from_elsewhere_has_no_place() -> None:
    assert report.place_of(ValueError("never raised")) == "unknown"


def test_lines_are_set_up_once() -> None:
    logger = logging.getLogger("makemore")
    before = list(logger.handlers)
    try:
        report.set_up()
        first = list(logger.handlers)
        report.set_up()
        assert logger.handlers == first != []
    finally:
        logger.handlers[:] = before
        logger.propagate = True


def test_garbage_is_not_collected_after_every_run() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert config["runner"]["postScriptGC"] is False
    assert config["server"]["fileWatcherType"] == "none"
