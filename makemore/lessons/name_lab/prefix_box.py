"""The beginning of a name and the model that goes on from it, chosen alike on two steps. Knows no page."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import streamlit as st

from makemore.data.vocabulary import DOT, UnknownLetterError, Vocabulary
from makemore.ui.kit import links
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.name_box import LONGEST
from makemore.ui.kit.safe_text import plain
from makemore.ui.kit.side_by_side import Model, choose_model, models_of

PREFIX, FOR = "lab_prefix", "lab_prefix_for"  # in the session: the letters, and whose name began so
BOX, MODEL = "lab_prefix_box", "lab_model"
PAUSE = "200ms"  # in typing, after which the page follows


def ask_prefix(about: ChosenList, name: str) -> tuple[str, Model]:
    """Draw box and model; return the letters to go on from, those of the name's beginning at first.

    Letters that the list lacks change nothing, and it is said why.
    """
    first = name[: max(1, len(name) // 2)]
    if st.session_state.get(FOR) != (about.key, name):
        st.session_state.update({FOR: (about.key, name), PREFIX: first})
    _bind(about.vocabulary, first)
    st.session_state[BOX] = st.session_state[PREFIX]
    st.text_input(
        "The name begins with",
        key=BOX,
        live=PAUSE,
        on_change=_take,
        args=(about.vocabulary,),
        placeholder="any letters, or none",
        help=f"Up to {LONGEST} letters; the pictures follow as you type.",
    )
    if trouble := st.session_state.pop("lab_prefix_trouble", ""):
        st.warning(trouble, icon=":material/info:")
    return st.session_state[PREFIX], choose_model("Model", models_of(about), key=MODEL)


@dataclass(frozen=True)
class _Prefixes(Collection[str]):
    """All that a name may begin with."""

    vocabulary: Vocabulary

    def __contains__(self, value: object) -> bool:
        return isinstance(value, str) and check_prefix(value, self.vocabulary) == (value, "")

    def __iter__(self) -> Iterator[str]:
        return iter(self.vocabulary.characters)

    def __len__(self) -> int:
        return int(len(self.vocabulary.characters) ** LONGEST)


def _bind(vocabulary: Vocabulary, first: str) -> None:
    """Let the link say it; a dot, which no name has, says that there is none."""
    links.bound(
        "prefix",
        key=PREFIX,
        options=_Prefixes(vocabulary),
        first=first,
        say=lambda prefix: prefix or DOT,
        read=lambda said: "" if said == DOT else said,
        keep=True,
    )


def check_prefix(typed: str, vocabulary: Vocabulary) -> tuple[str, str]:
    """The letters as the alphabet has them, and a sentence (markdown) if they cannot be used."""
    prefix = vocabulary.fold(typed)
    if len(prefix) > LONGEST:
        return "", f"That is {len(prefix):,} letters; there is room for {LONGEST}."
    try:
        vocabulary.encode(prefix)
    except UnknownLetterError as error:
        message = str(error)
        return "", plain(message[0].upper() + message[1:] + ".")
    return prefix, ""


def _take(vocabulary: Vocabulary) -> None:
    prefix, trouble = check_prefix(st.session_state.get(BOX) or "", vocabulary)
    if trouble:
        st.session_state["lab_prefix_trouble"] = trouble
    else:
        st.session_state[PREFIX] = prefix


def say_prefix(prefix: str) -> str:
    """How a sentence calls it."""
    return f"after {prefix}" if prefix else "at the start"
