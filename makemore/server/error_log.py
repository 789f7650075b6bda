"""One line in the log for what happens, without anything that a learner typed. Knows no page.

With `MAKEMORE_DEBUG=1` tracebacks come too, and messages with what they quote.
"""

import logging
import sys
import traceback
from pathlib import Path
from typing import Any

import streamlit as st

from makemore.config import wants_debugging

log = logging.getLogger("makemore.server")
FORMAT = "%(asctime)s level=%(levelname)s logger=%(name)s %(message)s"
_ROOT = Path(__file__).resolve().parents[2]
_TOLD_HERE = "streamlit.error_util"  # it logs what `log_failed_page` gets
_OURS = ("app.py", "pages", "makemore")  # and not a .venv that lies beside them


def set_up_log() -> None:
    """Lines of this project go to stderr, each with its time; twice is as good as once."""
    logger = logging.getLogger("makemore")
    if logger.handlers:
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter(FORMAT))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logging.getLogger(_TOLD_HERE).addFilter(_lets_through)
    logging.setLogRecordFactory(make_record)


def _lets_through(record: logging.LogRecord) -> bool:
    return wants_debugging()


def make_record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    """A record of any logger; one with a traceback has kind and place of the error in its place."""
    record = logging.LogRecord(*args, **kwargs)
    if record.exc_info and record.exc_info[1] and not wants_debugging():
        error = record.exc_info[1]
        record.msg = "event=failed kind=%s at=%s"
        record.args = (type(error).__name__, place_of(error))
        record.exc_info = None
    return record


def log_failed_page(error: Exception) -> bool:
    """Log what went wrong and tell the visitor; True: Streamlit need not show or log it again.

    The message of an error may quote a name, so the log has its kind and its place only.
    """
    log.error("event=page_failed kind=%s at=%s", type(error).__name__, place_of(error))
    st.error(
        f"This page met an error it does not know ({type(error).__name__}). Reload it, or go on "
        "with another page.",
        icon=":material/error:",
    )
    return True


def place_of(error: BaseException) -> str:
    """The last line of this project that the error came through: pages/mlp.py:33."""
    for step in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(step.filename)
        if path.is_relative_to(_ROOT) and path.relative_to(_ROOT).parts[0] in _OURS:
            return f"{path.relative_to(_ROOT).as_posix()}:{step.lineno}"
    return "unknown"
