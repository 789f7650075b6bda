"""The matrix of pairs with its switches, and what a chosen cell has to say. Knows one list, no page."""

import pandas as pd
import streamlit as st

from makemore.by_hand import counted_pairs
from makemore.charts.base.chart import Chart
from makemore.charts.letters.count_heatmap import MOST_LETTERS_WITH_TEXT, count_heatmap
from makemore.charts.letters.count_shades import Shade, Show, shade_legend
from makemore.charts.letters.large_count_matrix import overview
from makemore.charts.letters.letter_bars import letter_bars
from makemore.diagnostics.letters import pairs
from makemore.ui.kit.choose import choose
from makemore.ui.kit.own_list import Subject
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.safe_text import plain

SHOWS: dict[Show, str] = {
    "count": "Counts",
    "probability": "Probabilities",
    "smoothed": "Smoothed",
}
SHADES: dict[Shade, str] = {"log": "Logarithmic", "linear": "Linear"}
MOST_K = 100


def cells_of(about: Subject, k: float = 1.0) -> pd.DataFrame:
    """The cells of the list: count, probability, and probability with k added to every count."""

    def made() -> pd.DataFrame:
        cells = pairs.cells(about.counts, counted_pairs.smoothed(about.counts, 0), about.vocabulary)
        return cells.assign(smoothed=counted_pairs.smoothed(about.counts, k).flatten().tolist())

    return about.kept(("cells", k), made)


def show_matrix(about: Subject, name: str, stage: Stage) -> None:
    """Switches and the chosen cell beside the heatmap; the row of the cell below."""
    pieces = [a + b for a, b in zip("." + name, name + ".", strict=True)]
    large = len(about.vocabulary) > MOST_LETTERS_WITH_TEXT
    with stage.controls:
        st.markdown(
            f"{plain(name)} is {len(pieces)} examples: "
            + " ".join(f":blue-badge[{plain(piece)}]" for piece in pieces)
        )
        show, shade, k = _choose_switches()
        _draw_legend(about, show, shade, k)
    with stage.picture:
        chosen = _draw_matrix(about, show, shade, k, tuple(pieces))
    with stage.controls:
        first, second = chosen or _pick_pair(about, name)
        _show_cell(about, first, second, k if show == "smoothed" else 0.0)
        hint = (
            "The wheel zooms, dragging moves."
            if large
            else f"Outlined: the pairs of {plain(name)}."
        )
        st.caption(
            f"{hint} The row . holds first letters, the column . last ones. Choose a cell for its "
            "arithmetic."
        )


def _choose_switches() -> tuple[Show, Shade, float]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        show = choose("Show", SHOWS, key="show")
        shade = choose("Shade", SHADES, key="shade", help="The logarithm shows rare pairs too.")
        k = 1.0
        if show == "smoothed":
            k = float(st.slider("k, added to every count", 0, MOST_K, 1, key="matrix_k", width=220))
    return show, shade, k


def _draw_legend(about: Subject, show: Show, shade: Shade, k: float) -> None:
    """What the shades mean; beside the matrix, which needs all of the height."""

    def drawn() -> Chart:
        return shade_legend(float(cells_of(about, k)[show].max()), show=show, shade=shade)

    place_chart(about.kept(("legend", show, shade, k), drawn), key="matrix_legend")


def _draw_matrix(
    about: Subject, show: Show, shade: Shade, k: float, pieces: tuple[str, ...]
) -> tuple[str, str] | None:
    cells = cells_of(about, k)

    def drawn() -> Chart:
        if len(about.vocabulary) > MOST_LETTERS_WITH_TEXT:
            return overview(cells, show=show, shade=shade)
        return count_heatmap(cells, show=show, shade=shade, marked=pieces)

    chart = about.kept(("matrix", show, shade, k, pieces), drawn)
    chosen = place_chart(chart, key="matrix", fill="whole", on_select="rerun")
    return (str(chosen[0]["first"]), str(chosen[0]["second"])) if chosen else None


def _pick_pair(about: Subject, name: str) -> tuple[str, str]:
    """Until a cell is chosen, the first pair of the name; for large alphabets by two boxes."""
    if len(about.vocabulary) <= MOST_LETTERS_WITH_TEXT:
        return ".", name[0]
    letters = about.vocabulary.letters
    with st.container(horizontal=True):
        first = st.selectbox("Letter", letters, key=f"first_{about.key}", width=140)
        at = letters.index(name[0])
        second = st.selectbox("Next letter", letters, at, key=f"second_{about.key}", width=140)
    return first, second


def _show_cell(about: Subject, first: str, second: str, k: float) -> None:
    """The numbers of one cell, names that hold the pair, and the row as sorted bars."""
    letters = about.vocabulary.letters
    if first not in letters or second not in letters:  # chosen before the list changed
        first, second = letters[0], letters[1]
    row, column = letters.index(first), letters.index(second)
    pair, number = first + second, int(about.counts[row, column])
    st.markdown(f"**The pair {plain(pair)}**")
    st.markdown(explain_cell(about, row, column, k))
    found = about.kept(("holders", pair), lambda: counted_pairs.containing(about.names, pair))
    names, holders = found
    often = f" ({number:,} times)" if number > holders else ""
    if names:
        st.markdown(f"In {holders:,} names{often}, among them: " + plain(", ".join(names)))
    else:
        st.markdown("In none of the names.")
    st.markdown(f"**What follows {plain(first)}**")
    bars = about.kept(("after", pair, k), lambda: _draw_row(about, row, second, k))
    place_chart(bars, key="after")


def _draw_row(about: Subject, row: int, second: str, k: float) -> Chart:
    """What follows a letter, as sorted bars."""
    after = pairs.distribution(counted_pairs.smoothed(about.counts, k)[row], about.vocabulary)
    return letter_bars(after, given=f"after {about.vocabulary.letters[row]}", chosen=second)


def explain_cell(about: Subject, row: int, column: int, k: float) -> str:
    """How the probability of a cell comes from counts, with its own numbers."""
    number, whole = int(about.counts[row, column]), int(about.counts[row].sum())
    size, letters = len(about.vocabulary), about.vocabulary.letters
    p = float(counted_pairs.smoothed(about.counts, k)[row, column])
    first, second = plain(letters[row]), plain(letters[column])
    if not k:
        return (
            f"{second} follows {first} {number:,} times; {first} is followed by anything {whole:,} "
            f"times. {number:,} / {whole:,} = **{p:.4%}**"
        )
    return (
        f"{k:g} is added to each of the {size} counts of the row: "
        f"({number:,} + {k:g}) / ({whole:,} + {size} × {k:g}) = **{p:.4%}**"
    )
