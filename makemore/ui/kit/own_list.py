"""The list that the counting pages are about: the shipped one, or one of the visitor's own. Knows no chart.

An own list lives in the visitor's session and nowhere else. A bigram needs no more of it than the
counts of its pairs, so its examples are not kept.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, TypeVar

import streamlit as st
import torch
from torch import Generator, Tensor

from makemore.by_hand import bigram_descent
from makemore.data.examples import count_pairs, windows
from makemore.data.name_lists import (
    MAX_BYTES,
    MAX_NAME,
    MIN_NAMES,
    NameList,
    NameListError,
    parse_names,
)
from makemore.data.vocabulary import MAX_LETTERS, Vocabulary
from makemore.models import Bigram, LanguageModel, build
from makemore.training.trainer import log_spaced
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.safe_text import plain
from makemore.ui.sources import loaded

T = TypeVar("T")

SMALL = 40  # letters; larger tables take longer to train and to keep
MOST_KEPT = 512  # charts and frames of one list
KEPT, TROUBLE = "own_list_subject", "own_list_trouble"


@dataclass(frozen=True, eq=False)
class Subject:
    """A name list as pairs: everything on the counting pages follows from `counts` (vocab, vocab)."""

    name_list: NameList
    vocabulary: Vocabulary
    counts: Tensor
    own: bool

    @property
    def names(self) -> tuple[str, ...]:
        return self.name_list.names

    @property
    def key(self) -> str:
        """Tells lists apart, for the keys of widgets whose options come from the list."""
        return self.name_list.sha256[:12]

    def kept(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gave for this key before, to whoever looked; it goes when the list goes."""
        if key not in self._kept:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = make()
        found: T = self._kept[key]
        return found

    @cached_property
    def _kept(self) -> dict[Hashable, Any]:
        return {}

    @cached_property
    def known(self) -> frozenset[str]:
        return frozenset(self.names)

    def bigram(self, k: float = 1.0) -> Bigram:
        """The counting model with this smoothing; k = 0 and no counts at all make it uniform."""
        config = Bigram.Config.from_json({"smoothing": k})
        model = Bigram(config, len(self.vocabulary), Generator())
        model.counts += self.counts
        return model

    def uniform(self) -> Bigram:
        """A model that has counted nothing."""
        model = self.bigram(0.0)
        model.counts.zero_()
        return model

    @cached_property
    def net(self) -> LanguageModel:
        """The trained net: the shipped one, or for an own list one that is trained here and now."""
        if not self.own:
            return loaded.checkpoint("bigram_nn").model
        return net_with_logits(bigram_descent.fitted(self.counts, seed=bigram_descent.LECTURE_SEED))

    @cached_property
    def moments(self) -> dict[int, Tensor]:
        """Step -> logits of a long descent, dense at the start; a second at most."""
        far = 20_000 if len(self.vocabulary) <= SMALL else 1_000
        W, step, kept = (
            bigram_descent.start(len(self.vocabulary), bigram_descent.LECTURE_SEED),
            0,
            {},
        )
        for moment in sorted({20, 200, *log_spaced(far, 36)}):
            W = bigram_descent.descend(
                W, self.counts, rate=bigram_descent.LECTURE_RATE, steps=moment - step
            )
            step = moment
            kept[step] = W
        return kept


def net_with_logits(W: Tensor) -> LanguageModel:
    """The net that has these logits."""
    net = build("bigram_nn", len(W), Generator())
    net.load_state_dict({"layers.W.weight": W.float()})
    return net


def logits_of(net: LanguageModel) -> Tensor:
    """(vocab, vocab): the net's answer to each letter."""
    with torch.inference_mode():
        table: Tensor = net(torch.arange(net.vocab_size)[:, None])
    return table


@cache
def shipped_subject() -> Subject:
    """The counts of the shipped bigram, with the names that are here as examples."""
    checkpoint = loaded.checkpoint("bigram")
    bigram = checkpoint.model
    assert isinstance(bigram, Bigram)
    return Subject(loaded.name_list(), checkpoint.vocabulary, bigram.counts, own=False)


def count_list(names: NameList) -> Subject:
    """Count the pairs of a list."""
    vocabulary = Vocabulary.of(names.names)
    counts = count_pairs(windows(names.names, vocabulary, 1), len(vocabulary))
    return Subject(names, vocabulary, counts, own=True)


def chosen_subject() -> Subject:
    """What the visitor's counting pages are about."""
    own: Subject | None = st.session_state.get(KEPT)
    return own or shipped_subject()


def about(body: Callable[[Subject, str, Stage], None]) -> Callable[[str, Stage], None]:
    """A step's body, given the list that the visitor looks at when the step is drawn."""
    return lambda name, stage: body(chosen_subject(), name, stage)


def offer_own_list() -> tuple[Vocabulary, NameList]:
    """Draw the way to an own list; return what is in force, for the frame of a page."""
    current = chosen_subject()
    label = f"{len(current.names):,} names" if current.own else "Own list"
    with st.popover(label, icon=":material/upload_file:", width="content"):
        st.markdown("**One name a line, in any alphabet.** Both counting pages follow it at once.")
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
    return current.vocabulary, current.name_list


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
        st.session_state[KEPT] = count_list(parse_names(content, source))
        st.session_state.pop(TROUBLE, None)
    except NameListError as error:
        st.session_state[TROUBLE] = str(error) + "."


def _drop_list() -> None:
    st.session_state.pop(KEPT, None)
    st.session_state.pop(TROUBLE, None)
