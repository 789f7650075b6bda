"""The way to a list of one's own, and back: paste or upload. Knows no model and no page."""

import streamlit as st

from makemore.data.name_lists import MAX_BYTES, MAX_NAME, MIN_NAMES, NameListError, parse_names
from makemore.data.vocabulary import MAX_LETTERS
from makemore.ui.kit.chosen_list import KEPT, ChosenList, current_list, own_list
from makemore.ui.kit.safe_text import plain

TROUBLE = "own_list_trouble"


def ask_list() -> ChosenList:
    """Draw the way to an own list; return the list that is in force."""
    current = current_list()
    label = f"{len(current.names):,} names" if current.own else "Own list"
    with st.popover(label, icon=":material/upload_file:", width="content"):
        st.markdown("**One name a line, in any alphabet.** All pages follow it at once.")
        _draw_inputs()
        if current.own:
            st.button("Back to the course's names", key="own_list_back", on_click=_drop_list)
        st.caption(
            f"From {MIN_NAMES} names up to {MAX_BYTES // 1_000_000} MB, at most {MAX_LETTERS} different "
            f"letters and {MAX_NAME} letters a name. The list stays in this visit: nobody else sees "
            "it, and it is gone when you close the page."
        )
    if trouble := st.session_state.get(TROUBLE):
        st.error(plain(trouble) + " The former list stays.", icon=":material/error:")
    return current


def _draw_inputs() -> None:
    st.text_area("Paste names", key="own_list_text", height=140, placeholder="anna\nbea\ncarla")
    st.button("Use these names", key="own_list_use", on_click=_pasted)
    st.file_uploader(
        "Or upload a text file", type=["txt", "csv"], key="own_list_file", on_change=_uploaded
    )


def _pasted() -> None:
    _take_list(st.session_state.get("own_list_text") or "", "pasted list")


def _uploaded() -> None:
    if file := st.session_state.get("own_list_file"):
        _take_list(file.getvalue(), file.name)


def _take_list(content: bytes | str, source: str) -> None:
    """The new list, or what is wrong with it; then the former one stays."""
    try:
        st.session_state[KEPT] = own_list(parse_names(content, source))
        st.session_state.pop(TROUBLE, None)
    except NameListError as error:
        st.session_state[TROUBLE] = str(error) + "."


def _drop_list() -> None:
    st.session_state.pop(KEPT, None)
    st.session_state.pop(TROUBLE, None)
