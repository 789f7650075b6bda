"""Rows divided by their sums, rightly and with the classic slip, side by side. Knows one list, no page."""

import streamlit as st
from torch import Tensor

from makemore.by_hand import counted_pairs
from makemore.charts.letters.count_heatmap import MOST_LETTERS_WITH_TEXT, count_heatmap
from makemore.charts.letters.count_shades import shade_legend
from makemore.charts.letters.large_count_matrix import overview
from makemore.charts.letters.letter_bars import letter_bars
from makemore.charts.letters.sum_bars import sum_bars
from makemore.diagnostics.letters import pairs, probabilities
from makemore.ui.kit.own_list import Subject
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.kit.safe_text import plain

CODE = {
    "right": "P = N / N.sum(1, keepdim=True)",
    "wrong": "P = N / N.sum(1)",
}
SHAPES = {
    "right": "Shapes ({n}, {n}) / ({n}, 1): row by row",
    "wrong": "Shapes ({n}, {n}) / ({n},): column by column",
}


def show_division(about: Subject, name: str) -> None:
    """First one row, as a question; then both matrices."""
    if _ask_one_row(about):
        _show_both(about, name)


def _ask_one_row(about: Subject) -> bool:
    """What follows the rarest letter: asked, then shown. True once it may be seen."""
    letter = counted_pairs.rarest(about.counts, about.vocabulary)
    row = about.vocabulary.letters.index(letter)
    share = counted_pairs.smoothed(about.counts, 0)[row]
    best = share.argsort(descending=True)[:4].tolist()
    names = [about.vocabulary.letters[i] for i in best]
    choices = {
        plain(about.vocabulary.letters[i]): (
            f"It follows {plain(letter)} in {int(about.counts[row, i]):,} of "
            f"{int(about.counts[row].sum()):,} cases, {float(share[i]):.1%}; "
            f"{plain(names[0])} in {float(share[best[0]]):.1%}."
        )
        for i in sorted(best)
    }
    question = f"which letter follows {plain(letter)} most often? (The dot ends the name.)"
    if not ask_to_predict(question, choices, answer=plain(names[0]), key=f"follows_{about.key}"):
        return False
    after = pairs.distribution(share, about.vocabulary)
    place_chart(letter_bars(after, given=f"after {letter}", chosen=names[0]), key="row_bars")
    st.caption(
        f"The counts of the row {plain(letter)}, each divided by their sum, "
        f"{int(about.counts[row].sum()):,}: now they are probabilities and add up to 1."
    )
    return True


def _show_both(about: Subject, name: str) -> None:
    st.markdown("**The same for all rows at once, and the slip that nothing warns of**")
    right, wrong = (
        counted_pairs.smoothed(about.counts, 0),
        counted_pairs.divided_wrongly(about.counts),
    )
    st.markdown(
        "Left out on the right: `, keepdim=True`. The sums then have the shape of a row, so they are "
        "laid under the columns, and nothing says so."
    )
    place_chart(shade_legend(1.0, show="probability"), key="divided_legend")
    top = float(max(m.sum(dim=d).max() for m in (right, wrong) for d in (0, 1)))
    chosen: tuple[str, str] | None = None
    for side, column, table in zip(CODE, st.columns(2, gap="large"), (right, wrong), strict=True):
        with column:
            chosen = _draw_panel(about, side, table, top) or chosen
    letters = about.vocabulary.letters
    first, second = chosen or (".", name[0])
    if first in letters and second in letters:
        _explain_cell(about, letters.index(first), letters.index(second))
    st.caption(
        "Both run without a complaint. In a list of names every letter that is entered is also left, "
        "so the sum of a letter's row equals that of its column: the slip makes the columns add up to "
        "1, and no row is a distribution any more."
    )


def _draw_panel(about: Subject, side: str, table: Tensor, top: float) -> tuple[str, str] | None:
    st.code(CODE[side], language="python")
    st.caption(SHAPES[side].format(n=len(about.vocabulary)))
    with st.container(horizontal=True, gap="medium"):
        st.metric("Rows add up to", _span(table.sum(dim=1)), width="content")
        st.metric("Columns add up to", _span(table.sum(dim=0)), width="content")
    cells = pairs.cells(about.counts, table, about.vocabulary)
    if len(about.vocabulary) > MOST_LETTERS_WITH_TEXT:
        chart = overview(cells, show="probability")
    else:
        chart = count_heatmap(cells, show="probability", compact=True)
    chosen = place_chart(chart, key=f"divided_{side}", on_select="rerun")
    sums = probabilities.sums(table, about.vocabulary)
    place_chart(sum_bars(sums, top=top, panel=f"the {side} matrix"), key=f"sums_{side}")
    return (str(chosen[0]["first"]), str(chosen[0]["second"])) if chosen else None


def _span(totals: Tensor) -> str:
    low, high = float(totals.min()), float(totals.max())
    return f"{low:.2f}" if f"{low:.2f}" == f"{high:.2f}" else f"{low:.2f} to {high:.2f}"


def _explain_cell(about: Subject, row: int, column: int) -> None:
    """One cell both ways, with its own numbers."""
    letters, rows = about.vocabulary.letters, about.counts.sum(dim=1)
    number, own, other = (int(v) for v in (about.counts[row, column], rows[row], rows[column]))
    first, second = plain(letters[row]), plain(letters[column])
    st.markdown(
        f"**{first}{second}**, {number:,} times: right is {number:,} / {own:,} (row {first}) = "
        f"**{number / max(own, 1):.2%}**; the slip gives {number:,} / {other:,} (row {second}) = "
        f"**{number / max(other, 1):.2%}**"
    )
