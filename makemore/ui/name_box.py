"""The learner's name: asked once, carried by the link, checked on the server. Knows no model."""

import streamlit as st

from makemore.ui.text import plain
from makemore.vocabulary import UnknownLetterError, Vocabulary

DEFAULT = "emma"
LONGEST = 20  # letters that the charts of one name have room for


def name_box(vocabulary: Vocabulary) -> tuple[str, str]:
    """Draw the box; return the name to go on with and what is wrong with the typed one, or "".

    A name that cannot be used changes nothing: the last good one stays.
    """
    typed = st.text_input(
        "Your name",
        value=DEFAULT,
        key="name",
        bind="query-params",
        help=f"Up to {LONGEST} letters. It follows you through all pages and is part of the link.",
    )
    name, trouble = checked(typed or "", vocabulary)
    if trouble:
        last: str = st.session_state.get("last_name", DEFAULT)
        return last, f"{trouble} The page goes on with {plain(last)}."
    st.session_state["last_name"] = name
    return name, ""


def checked(typed: str, vocabulary: Vocabulary) -> tuple[str, str]:
    """The name in the letters of the vocabulary, and a sentence (markdown) if it cannot be used."""
    name = vocabulary.fold(typed)
    if not name:
        return "", "The name is empty."
    if len(name) > LONGEST:
        return "", f"The name has {len(name):,} letters; the charts have room for {LONGEST}."
    try:
        vocabulary.encode(name)
    except UnknownLetterError as error:
        message = str(error)
        return "", plain(message[0].upper() + message[1:] + ".")
    return name, ""
