"""The box for the letter that the charts of this page are about. Knows one list, no chart."""

import streamlit as st

from makemore.ui.kit import links
from makemore.ui.kit.chosen_list import ChosenList

LETTER, FOR = "net_letter", "net_letter_for"


def choose_letter(about: ChosenList, name: str, label: str = "Letter that comes in") -> str:
    """The letter that the charts of this page are about; it stays from step to step."""
    letters = about.vocabulary.letters
    # A new name or list begins with its first letter; otherwise the learner's choice stays.
    if st.session_state.get(FOR) != (about.key, name) or LETTER not in st.session_state:
        kept = st.session_state.get("net_letter_kept")
        fresh = st.session_state.get(FOR) != (about.key, name)
        st.session_state[LETTER] = name[0] if fresh or kept not in letters else kept
        st.session_state[FOR] = (about.key, name)
    links.bound("letter", key=LETTER, options=letters, first=name[0], keep=True)
    chosen = st.selectbox(label, letters, key=LETTER, width=150)
    st.session_state["net_letter_kept"] = chosen
    return chosen
