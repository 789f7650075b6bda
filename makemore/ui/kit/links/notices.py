"""What the visitor is told of what a link asked for in vain. Knows no parameter."""

from dataclasses import dataclass

import streamlit as st

from makemore.ui.kit.safe_text import plain

SHOWN = 40  # letters of a bad value that its message repeats
_NOTICES = "link_notices"


@dataclass(frozen=True)
class Notice:
    """What the visitor is told once (markdown), and a name that may be taken up instead, or ""."""

    text: str
    offer: str = ""


def notify(key: str, notice: Notice) -> None:
    """Leave a notice on a parameter for the frame of the page."""
    st.session_state.setdefault(_NOTICES, {})[key] = notice


def read_notices() -> dict[str, Notice]:
    """What the visitor has to be told, one a parameter, until `forget_notices`."""
    return dict(st.session_state.get(_NOTICES, {}))


def forget_notices() -> None:
    """They have been told; called only when a run is over, as one that is broken off has shown nothing."""
    st.session_state.pop(_NOTICES, None)


def parse_number(text: str) -> int:
    """A number of up to nine digits, zeros before it aside; -1 for any other text."""
    digits = text.lstrip("0") or text[:1]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else -1


def shorten(text: str) -> str:
    """The beginning of a value that came by a link, as the text that it is."""
    return plain(text[:SHOWN])
