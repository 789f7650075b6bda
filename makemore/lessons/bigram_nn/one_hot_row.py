"""A one-hot letter plucks a row out of W. Knows one list, no page."""

import streamlit as st

from makemore.charts.base.chart import Chart
from makemore.charts.letters.bigram_net import Part, softmax_bars
from makemore.charts.letters.plucked_row import plucked_row
from makemore.diagnostics.letters import bigram_net
from makemore.lessons.bigram_nn.letter_box import LETTER, choose_letter
from makemore.ui.kit.chosen_list import ChosenList, logits_of
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import Mark, place_chart
from makemore.ui.kit.safe_text import plain

LIMIT = 4.0  # nats; where the colours of the matrix end
MOST_IN_MATRIX = 50  # letters; more rows than these leave no room for their names
CHART = "net_weights"
ENDS: tuple[Part, ...] = ("one_hot", "logit")


def show_plucked_row(about: ChosenList, name: str, stage: Stage) -> None:
    """The one-hot letter times the matrix, and the row that comes out."""
    with stage.controls:
        letter = choose_letter(about, name)
        _tell(about, letter)
    with stage.picture:
        if len(about.vocabulary) <= MOST_IN_MATRIX:
            _show_product(about, letter)
        else:
            _show_ends(about, letter)


def _tell(about: ChosenList, letter: str) -> None:
    size, row = len(about.vocabulary), about.vocabulary.letters.index(letter)
    W = logits_of(about.net)
    product = bigram_net.bars(W, row, about.vocabulary)["logit"]
    apart = float(abs(product - W[row].double().tolist()).max())
    st.markdown(
        f"The column of zeros with one 1 is {plain(letter)} as the net sees it. Times W, {size} × {size} "
        f"parameters, it leaves the row {plain(letter)}: all others are multiplied by 0. The numbers of "
        "that row are **logits**: the higher one is, the likelier is its letter."
    )
    st.caption(
        f"The product differs from the row by {apart:g}, so the net does not multiply: it looks the "
        "row up." + " Click a row of the matrix to choose its letter." * (size <= MOST_IN_MATRIX)
    )


def _show_product(about: ChosenList, letter: str) -> None:
    chart = about.kept(("pluck", letter), lambda: _draw_product(about, letter))
    place_chart(chart, key=CHART, fill="whole", on_select=_take_row)


def _draw_product(about: ChosenList, letter: str) -> Chart:
    cells = bigram_net.table(logits_of(about.net), about.vocabulary)
    return plucked_row(cells, plucked=letter, limit=LIMIT)


def _show_ends(about: ChosenList, letter: str) -> None:
    """What goes in and what comes out; a large alphabet leaves no room for the matrix between."""
    row = about.vocabulary.letters.index(letter)
    bars = bigram_net.bars(logits_of(about.net), row, about.vocabulary)
    for part in ENDS:
        place_chart(softmax_bars(bars, part=part), key=f"pluck_{part}", fill="half")


def _take_row(row: Mark) -> None:
    """A row that was clicked becomes the letter."""
    st.session_state[LETTER] = row["first"]
