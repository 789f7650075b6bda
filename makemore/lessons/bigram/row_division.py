"""Rows divided by their sums, rightly and with the classic slip, side by side. Knows one list, no page."""

import streamlit as st
import torch
from torch import Tensor

from makemore.by_hand import counted_pairs
from makemore.charts.base.chart import Chart
from makemore.charts.letters.count_heatmap import count_heatmap
from makemore.charts.letters.large_count_matrix import overview
from makemore.charts.letters.letter_bars import compared_letters, letter_bars
from makemore.charts.letters.sum_bars import sum_bars
from makemore.data.vocabulary import DOT
from makemore.diagnostics.letters import pairs, probabilities
from makemore.lessons.bigram.pair_matrix import is_large, place_legend
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.count_words import count_of
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import Mark, place_chart
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.kit.safe_text import plain

CODE = {
    "right": "P = N / N.sum(1, keepdim=True)",
    "wrong": "P = N / N.sum(1)",
}
CELL = "divided_cell"  # of both matrices, with the list that it was chosen in


def show_division(about: ChosenList, name: str, stage: Stage) -> None:
    """First one row, as a question beside the sums; then both matrices."""
    letter = counted_pairs.rarest(about.counts, about.vocabulary)
    row = about.vocabulary.letters.index(letter)
    with stage.controls:
        known = _ask_one_row(about, row)
    if known:
        best = int(about.counts[row].argmax())
        _show_both(about, letter + about.vocabulary.letters[best], stage)
    else:
        with stage.picture:
            _draw_row_sums(about, letter)


def _ask_one_row(about: ChosenList, row: int) -> bool:
    """What follows the rarest letter; True once it may be seen, and where no single answer is right."""
    counts = about.counts[row]
    often, letters = (
        counts.argsort(descending=True, stable=True)[:4].tolist(),
        about.vocabulary.letters,
    )
    best, total = often[0], int(counts.sum())
    if int((counts == counts[best]).sum()) > 1:
        return True
    given, answer, most = plain(letters[row]), _named(letters[best]), _share(counts, best)
    choices = {
        _named(letters[i]): f"{_named(letters[i])} follows {given} in {_share(counts, i)} of the "
        f"{total:,} cases, {answer} in {most}."
        for i in sorted(often)
    }
    choices[answer] = f"It follows {given} in {int(counts[best]):,} of {total:,} cases, {most}."
    question = f"which letter follows {given} most often? (The dot ends the name.)"
    return ask_to_predict(question, choices, answer=answer, key=f"follows_{about.key}")


def _named(letter: str) -> str:
    return "the dot" if letter == DOT else plain(letter)


def _share(counts: Tensor, place: int) -> str:
    return f"{float(counts[place] / counts.sum()):.1%}"


def _draw_row_sums(about: ChosenList, letter: str) -> None:
    """What each row is going to be divided by, as a share of all pairs."""
    sums = about.counts.sum(dim=1)
    frame = pairs.distribution(sums.double() / sums.sum(), about.vocabulary)
    titles = ("first letter of the pair", "share of all pairs")
    chart = letter_bars(frame, given=f"of {int(sums.sum()):,} pairs", chosen=letter, titles=titles)
    place_chart(chart, key="row_sums", fill="whole")


def _show_both(about: ChosenList, first_pair: str, stage: Stage) -> None:
    right = counted_pairs.smoothed(about.counts, 0)
    tables = {"right": right, "wrong": counted_pairs.divided_wrongly(about.counts)}
    pair = _chosen_pair(about, first_pair)
    row, column = (about.vocabulary.letters.index(letter) for letter in pair)
    with stage.picture:
        for side, place in zip(tables, st.columns(2, gap="medium"), strict=True):
            with place:
                st.code(CODE[side], language="python")
                _draw_matrix(about, side, tables[side], pair)
    with stage.controls:
        _explain_cell(about, row, column)
        _tell_sums(tables)
        place_legend(about, key="divided_legend")
    with stage.below:
        _draw_row_both_ways(about, tables, row)
        _draw_sums(about, tables)


def _chosen_pair(about: ChosenList, first_pair: str) -> str:
    """The cell that was chosen last, in whichever matrix of this list."""
    chosen: tuple[str, str] = st.session_state.get(CELL, ("", ""))
    return chosen[1] if chosen[0] == about.key else first_pair


def _draw_matrix(about: ChosenList, side: str, table: Tensor, pair: str) -> None:
    key = f"divided_{side}"

    def take_cell(cell: Mark) -> None:
        st.session_state[CELL] = about.key, cell["first"] + cell["second"]

    def drawn() -> Chart:
        cells = pairs.cells(about.counts, table, about.vocabulary)
        if is_large(about):
            return overview(cells, show="probability", marked=[pair])
        return count_heatmap(cells, show="probability", compact=True, chosen=pair)

    chart = about.kept((key, pair), drawn)
    place_chart(chart, key=key, fill="most", on_select=take_cell)


def _explain_cell(about: ChosenList, row: int, column: int) -> None:
    """One cell both ways, with its own numbers."""
    letters, rows = about.vocabulary.letters, about.counts.sum(dim=1)
    number, own, other = (int(v) for v in (about.counts[row, column], rows[row], rows[column]))
    first, second = plain(letters[row]), plain(letters[column])
    st.markdown(
        f"**The pair {first}{second}**, {count_of(number, 'time')}; row {first} adds up to {own:,}, row "
        f"{second} to {other:,}  \n"
        f"with keepdim: {number:,} / {own:,} = **{number / own:.2%}**  \n"
        f"without: {number:,} / {other:,} = **{number / other:.2%}**"
    )


def _tell_sums(tables: dict[str, Tensor]) -> None:
    """What rows and columns add up to, rightly and wrongly."""
    right, wrong = tables.values()
    n = len(right)
    st.markdown(
        f"With keepdim the sums are a column, ({n}, 1): rows add up to **{_span(right.sum(dim=1))}**, "
        f"columns to {_span(right.sum(dim=0))}.\n\n"
        f"Without, ({n},), they are broadcast as a row: columns add up to "
        f"**{_span(wrong.sum(dim=0))}**, rows to {_span(wrong.sum(dim=1))}."
    )


def _span(totals: Tensor) -> str:
    low, high = float(totals.min()), float(totals.max())
    return f"{low:.2f}" if f"{low:.2f}" == f"{high:.2f}" else f"{low:.2f} to {high:.2f}"


def _draw_row_both_ways(about: ChosenList, tables: dict[str, Tensor], row: int) -> None:
    """The row of the chosen cell as the two divisions have it."""
    letter = about.vocabulary.letters[row]
    frame = pairs.compared(tables["right"][row], tables["wrong"][row], about.vocabulary)
    names = ("with keepdim", "without")
    renamed = frame.set_axis(["letter", *names], axis=1)
    st.markdown(f"**Row {plain(letter)}, both ways**")
    place_chart(compared_letters(renamed, given=f"after {letter}", names=names), key="both_ways")


def _draw_sums(about: ChosenList, tables: dict[str, Tensor]) -> None:
    """The sums of every row and column, on one scale."""
    top = float(torch.stack([m.sum(dim=d).max() for m in tables.values() for d in (0, 1)]).max())
    for side, place in zip(tables, st.columns(2, gap="medium"), strict=True):
        with place:
            st.code(CODE[side], language="python")
            sums = probabilities.sums(tables[side], about.vocabulary)
            place_chart(sum_bars(sums, top=top, panel=f"the {side} matrix"), key=f"sums_{side}")
    st.caption(
        "Both run without a complaint. In a list of names every letter that is entered is also left, so "
        "the sum of a letter's row equals that of its column, and the slip makes the columns add up to 1."
    )
