"""What follows the visitor from page to page in the link: name, seed, list. Knows no page and no list.

To the link of another page Streamlit takes along what is bound to a widget of app.py, so app.py draws
one for each, which nobody sees, and the boxes that are seen set those.
"""

from pathlib import Path
from typing import NoReturn

import streamlit as st

from makemore.ui.kit.links.notices import Notice, notify, parse_number, shorten

NAME, SEED, LIST = "name", "seed", "list"
DEFAULT_NAME = "emma"
CARRIED = (NAME, SEED, LIST)  # what follows the visitor; an empty text stands in no link
MOST_SEED = 9999

SCRIPT = Path(__file__).with_name("links.js").read_text()

_CORRECTIONS = "link_corrections"


def carry() -> None:
    """Draw what holds them in the link of every page; for app.py, before a page runs, out of sight."""
    corrections: dict[str, str] = st.session_state.pop(_CORRECTIONS, {})
    for key in CARRIED:
        _carry(key, corrections.get(key))
    asked = st.session_state[SEED]
    if asked and not 0 <= parse_number(asked) <= MOST_SEED:
        text = f"A seed is a whole number from 0 to {MOST_SEED:,}, not {shorten(asked)}; here is the usual one."
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


def said_seed() -> str:
    """The seed of the link as it is, "" where it names none."""
    return st.session_state.get(SEED) or ""


def read_seed(usual: int) -> int:
    """The seed of the link, `usual` where it names none."""
    asked = st.session_state.get(SEED) or str(usual)
    return parse_number(asked)


def read_list() -> str:
    """What the link calls the chosen list, unchecked, "" for the course's."""
    return st.session_state.get(LIST) or ""


def put_list(said: str) -> None:
    """Let the link call the chosen list so; for callbacks of the whole page."""
    st.session_state[LIST] = said


def put_name(name: str) -> None:
    """Put a name that has been checked into the link; for callbacks of the whole page."""
    st.session_state[NAME] = _said(name)


def put_seed(seed: int, usual: int) -> None:
    """Put a seed into the link; for callbacks, which it ends: the link is written by a whole run."""
    st.session_state[SEED] = "" if seed == usual else str(seed)
    st.rerun()


def correct(key: str, value: str, notice: Notice | None) -> NoReturn:
    """Run again with this value in the link, and tell the visitor why, if there is anything to tell."""
    st.session_state.setdefault(_CORRECTIONS, {})[key] = _said(value) if key == NAME else value
    if notice:
        notify(key, notice)
    st.rerun()


def _said(name: str) -> str:
    """The name as a link says it: the one that everybody begins with goes without saying."""
    return "" if name == DEFAULT_NAME else name
