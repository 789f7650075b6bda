"""The learner's name: asked once, carried by the link, checked on the server. Knows no model."""

from collections.abc import Sequence

import streamlit as st

from makemore.data.vocabulary import UnknownLetterError, Vocabulary
from makemore.ui.kit.safe_text import plain

DEFAULT = "emma"
LONGEST = 20  # letters that the charts of one name have room for


def ask_name(vocabulary: Vocabulary, names: Sequence[str] = (DEFAULT,)) -> tuple[str, str]:
    """Draw the box; return the name to go on with and what is wrong with the typed one, or "".

    A name that cannot be used changes nothing: the last good one stays. Where that does not fit the
    vocabulary either, the first of `names` that does takes its place.
    """
    typed = st.text_input(
        "Your name",
        value=DEFAULT,
        key="name",
        bind="query-params",
        label_visibility="collapsed",
        icon=":material/person:",
        width=150,
        help=f"Up to {LONGEST} letters. It follows you through all pages and is part of the link.",
    )
    name, trouble = check_name(typed or "", vocabulary)
    if trouble:
        last = st.session_state.get("last_name", DEFAULT)
        usable = (name for name in (last, *names) if not check_name(name, vocabulary)[1])
        fallback: str = next(usable, vocabulary.characters[0])
        return fallback, f"{trouble} The page goes on with {plain(fallback)}."
    st.session_state["last_name"] = name
    return name, ""


def check_name(typed: str, vocabulary: Vocabulary) -> tuple[str, str]:
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
