"""The learner's name: asked once, carried by the link, checked on the server. Knows no model."""

from collections.abc import Sequence

import streamlit as st

from makemore.data.vocabulary import UnknownLetterError, Vocabulary
from makemore.ui.kit import links
from makemore.ui.kit.links import Notice
from makemore.ui.kit.safe_text import plain

DEFAULT = links.DEFAULT_NAME
LONGEST = 20  # letters that the charts of one name have room for
BOX, LAST = "name_box", "last_name"


def ask_name(vocabulary: Vocabulary, names: Sequence[str] = (DEFAULT,)) -> str:
    """Draw the box; return the name to go on with.

    A name that cannot be used changes nothing: the last good one stays, in the box and in the link.
    Where that does not fit the vocabulary either, the first of `names` that does takes its place.
    """
    name, trouble = check_name(links.read_name(), vocabulary)
    if trouble:
        last = st.session_state.get(LAST, DEFAULT)
        good = (name for name in (last, *names) if not check_name(name, vocabulary)[1])
        name = next(good, vocabulary.characters[0])
        unasked = links.read_name() == DEFAULT and LAST not in st.session_state  # a link to a list
        refusal = _refusal(links.read_name(), trouble, name, vocabulary)
        links.correct(links.NAME, name, None if unasked else refusal)
    st.session_state[LAST] = name
    st.session_state[BOX] = name
    st.text_input(
        "Your name",
        key=BOX,
        on_change=_take_typed,
        args=(vocabulary, name),
        label_visibility="collapsed",
        icon=":material/person:",
        width=150,
        help=f"Up to {LONGEST} letters. It follows you through all pages and is part of the link.",
    )
    return name


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


def _take_typed(vocabulary: Vocabulary, former: str) -> None:
    """What has just been typed goes into the link, or is refused."""
    typed = st.session_state.get(BOX) or ""
    name, trouble = check_name(typed, vocabulary)
    if trouble:
        links.notify(links.NAME, _refusal(typed, trouble, former, vocabulary))
    else:
        links.put_name(name)


def _refusal(typed: str, trouble: str, kept: str, vocabulary: Vocabulary) -> Notice:
    """Why it was refused, what stays, and the nearest name that could be taken."""
    near = vocabulary.simplify(typed)
    offer = near if not check_name(near, vocabulary)[1] else ""
    return Notice(f"{trouble} The page goes on with {plain(kept)}.", offer)
