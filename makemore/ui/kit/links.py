"""What a link says: the learner's name, the step of a page, the seed of what is drawn. Knows no page.

Everything that comes by a link is checked here or by whoever asks for it; what is no good leaves the
link, and the visitor is told what is shown instead. `step` belongs to a page and goes with it. `name`
and `seed` follow the visitor: to the link of another page Streamlit takes along what is bound to a
widget of app.py, so app.py draws one for each, which nobody sees, and the boxes that are seen set those.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import streamlit as st

from makemore.ui.kit.safe_text import plain

NAME, SEED, STEP = "name", "seed", "step"
DEFAULT_NAME = "emma"
CARRIED = (NAME, SEED)  # what follows the visitor; an empty text stands in no link
MOST_SEED = 9999
SHOWN = 40  # letters of a bad value that its message repeats

OTHER_TABS = Path(__file__).with_name("links.js").read_text()

_CORRECTIONS, _NOTICES = "link_corrections", "link_notices"


@dataclass(frozen=True)
class Notice:
    """What the visitor is told once (markdown), and a name that may be taken up instead, or ""."""

    text: str
    offer: str = ""


def carry() -> None:
    """Draw what holds name and seed in the link of every page; for app.py, before a page runs."""
    corrections: dict[str, str] = st.session_state.pop(_CORRECTIONS, {})
    with st.container(key="carried"):
        for key in CARRIED:
            _carry(key, corrections.get(key))
        st.html(f"<script>{OTHER_TABS}</script>", unsafe_allow_javascript=True)
    asked = st.session_state[SEED]
    if asked and not 0 <= parse_number(asked) <= MOST_SEED:
        text = f"A seed is a whole number from 0 to {MOST_SEED:,}, not {_short(asked)}; here is the usual one."
        correct(SEED, "", Notice(text))


def _carry(key: str, corrected: str | None) -> None:
    if corrected is not None:
        st.session_state[key] = corrected
    # A link that has just been opened wins over all that is set: for the run that corrects it, it is let go.
    bound = corrected is None
    st.text_input(f"{key} in the link", key=key, bind="query-params" if bound else None)
    if corrected:
        st.query_params[key] = corrected


def read_name() -> str:
    """The name of the link as it is, unchecked: which letters there are is the page's to say."""
    return st.session_state.get(NAME) or DEFAULT_NAME


def read_seed(usual: int) -> int:
    """The seed of the link, `usual` where it names none."""
    asked = st.session_state.get(SEED) or str(usual)
    return parse_number(asked)


def read_step(count: int) -> int:
    """The step of the link, `?step=3`; anything else leaves it and is the first, and said so."""
    asked = st.query_params.get(STEP, "1")
    number = parse_number(asked)
    if 1 <= number <= count:
        return number
    del st.query_params[STEP]
    text = f"This page has the steps 1 to {count}, not {_short(asked)}; here is the first."
    notify(STEP, Notice(text))
    return 1


def go_to(number: int) -> None:
    """Turn to a step of the page that is open; for callbacks."""
    st.query_params[STEP] = str(number)


def put_name(name: str) -> None:
    """Put a name that has been checked into the link; for callbacks of the whole page."""
    st.session_state[NAME] = _said(name)


def put_seed(seed: int) -> None:
    """Put a seed into the link; for callbacks, which it ends: the link is written by a whole run."""
    st.session_state[SEED] = str(seed)
    st.rerun()


def correct(key: str, value: str, notice: Notice) -> NoReturn:
    """Run again with this value in the link, and tell the visitor why."""
    st.session_state.setdefault(_CORRECTIONS, {})[key] = _said(value) if key == NAME else value
    notify(key, notice)
    st.rerun()


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


def _said(name: str) -> str:
    """The name as a link says it: the one that everybody begins with goes without saying."""
    return "" if name == DEFAULT_NAME else name


def _short(text: str) -> str:
    return plain(text[:SHOWN])
