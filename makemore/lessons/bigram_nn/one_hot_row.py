"""A one-hot letter plucks a row out of W. Knows one list, no page."""

import streamlit as st

from makemore.charts.base.chart import Chart
from makemore.charts.letters.bigram_net import stage_bars, weights
from makemore.diagnostics.letters import bigram_net
from makemore.lessons.bigram_nn.letter_box import LETTER, choose_letter
from makemore.ui.kit.own_list import SMALL, Subject, logits_of
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.safe_text import plain


def show_plucked_row(about: Subject, name: str) -> None:
    """The one-hot letter, the matrix, and the row that comes out."""
    letter = choose_letter(about, name)
    first, matrix, last, apart = about.kept(("pluck", letter), lambda: _charts(about, letter))
    place_chart(first, key="one_hot")
    if matrix:
        place_chart(matrix, key="net_weights", on_select=_take_row)
    place_chart(last, key="plucked")
    size = len(about.vocabulary)
    st.caption(
        f"A one among {size - 1} zeros, times a matrix of {size} × {size}: all rows but "
        f"{plain(letter)} are multiplied by 0. The product differs from that row by {apart:g}, so the "
        "code below does not multiply at all, it looks the row up."
    )


def _charts(about: Subject, letter: str) -> tuple[Chart, Chart | None, Chart, float]:
    """The letter, the matrix unless it is too large, the row, and how far product and row differ."""
    row, W = about.vocabulary.letters.index(letter), logits_of(about.net)
    bars = bigram_net.bars(W, row, about.vocabulary)
    apart = float(abs(bars["logit"] - W[row].double().tolist()).max())
    matrix = None
    if len(about.vocabulary) <= SMALL:
        cells = bigram_net.table(W, about.vocabulary)
        matrix = weights(cells, plucked=letter, limit=4.0)
    return stage_bars(bars, stage="one_hot"), matrix, stage_bars(bars, stage="logit"), apart


def _take_row() -> None:
    """A row that was clicked becomes the letter."""
    marks = st.session_state["net_weights"].selection.get("row", [])
    if marks:
        st.session_state[LETTER] = marks[0]["first"]
