"""The chosen list in the link: a sample by its name, one of the visitor's own as no more than that.

Knows no page.
"""

from typing import NoReturn

import streamlit as st

from makemore.data.name_lists import NameListError
from makemore.data.sample_lists import SAMPLES, read_sample, sample_key
from makemore.ui.kit import links
from makemore.ui.kit.chosen_list import KEPT, ChosenList, current_list, own_list
from makemore.ui.kit.links import Notice
from makemore.ui.kit.safe_text import plain

SEEN = "list_seen"  # in the session: what the link said when the list was taken up
BROUGHT = (
    "list_brought"  # in the session: the visitor's own list, to which going forward leads again
)
INSTEAD = "here are the course's names."


def follow_link() -> ChosenList:
    """The list that is in force, once what the link newly says of it is done; of what it cannot mean, why."""
    said = links.read_list()
    if said != st.session_state.get(SEEN, ""):
        st.session_state[SEEN] = said
        _take(said)
    return current_list()


def choose_list(chosen: ChosenList | None) -> None:
    """Take up a list, or the course's, and say so in the link; for callbacks of the whole page."""
    said = ""
    if chosen is not None:
        said = sample_key(chosen.name_list.source) or links.OWN
    if said == links.OWN:
        st.session_state[BROUGHT] = chosen
    _keep(chosen)
    st.session_state[SEEN] = said
    links.put_list(said)


def _take(said: str) -> None:
    """The list that the link says."""
    if said in SAMPLES:
        try:
            _keep(own_list(read_sample(said).to_list()))
        except NameListError as error:
            _refuse(f"{plain(str(error))}; {INSTEAD}")
    elif said == links.OWN and BROUGHT in st.session_state:
        _keep(st.session_state[BROUGHT])
    elif said == links.OWN:
        _refuse(
            "Whoever sent this link looked at a list of their own, which a link cannot take along; "
            + INSTEAD
        )
    elif said:
        _refuse(
            f"The link asks for the list {links.shorten(said)}, which is none of those here; {INSTEAD}"
        )
    else:
        _keep(None)


def _refuse(why: str) -> NoReturn:
    _keep(None)
    st.session_state[SEEN] = ""
    links.correct(links.LIST, "", Notice(why))


def _keep(chosen: ChosenList | None) -> None:
    if chosen is None:
        st.session_state.pop(KEPT, None)
    else:
        st.session_state[KEPT] = chosen
