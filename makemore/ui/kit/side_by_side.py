"""The models that stand side by side on a page: those of the course, then the visitor's own. Knows no page."""

from dataclasses import dataclass

import streamlit as st

from makemore.checkpoints.shipped import FIVE, SHIPPED
from makemore.checkpoints.store import Checkpoint
from makemore.ui.kit import links
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.own_checkpoints import own_checkpoints
from makemore.ui.kit.reachable import OWN, label_of

WHICH = {"five": "The five", "all": "All shipped"}
MOST_OWN = 3  # the newest, so that there is room for the others


@dataclass(frozen=True, eq=False)
class Model:
    """A checkpoint under the label that it has on the page; `key` tells them apart."""

    key: str
    label: str
    checkpoint: Checkpoint
    own: bool = False


def models_of(about: ChosenList, which: str = "five", *, own: int = MOST_OWN) -> list[Model]:
    """Those of the course that are here, on this list, and the newest of one's own over its alphabet."""
    letters = about.vocabulary.characters
    fitting = [
        Model(f"{OWN}{name}", label_of(f"{OWN}{name}"), checkpoint, own=True)
        for name, checkpoint in own_checkpoints().items()
        if checkpoint.vocabulary.characters == letters
    ]
    return course_models(about, which) + fitting[:own]


def course_models(about: ChosenList, which: str) -> list[Model]:
    """The five, or all that are shipped; on an own list always the five, trained on it."""
    present = about.present(FIVE if which == "five" or about.own else tuple(SHIPPED))
    return [
        Model(key, SHIPPED[key].label, checkpoint)
        for key, checkpoint in zip(present, about.checkpoints(present), strict=True)
    ]


def choose_model(
    label: str, models: list[Model], *, key: str, first: str = "", in_link: str = "model"
) -> Model:
    """A box to choose one of them; `first` at first, or else the last one of the course."""
    by_key = {model.key: model for model in models}
    course = [model.key for model in models if not model.own]
    begin = first if first in by_key else (course or list(by_key))[-1]
    links.bound(
        in_link,
        key=key,
        options=list(by_key),
        first=begin,
        say=lambda name: links.OWN if name.startswith(OWN) else name,
    )
    names = {each.key: each.label for each in models}
    return by_key[st.selectbox(label, list(by_key), format_func=names.__getitem__, key=key)]
