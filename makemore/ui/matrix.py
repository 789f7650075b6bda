"""The matrix of pairs with its switches, and what a chosen cell has to say. Knows one list, no page."""

import pandas as pd
import streamlit as st

from makemore.charts.counts import (
    MOST_LETTERS_WITH_TEXT,
    count_heatmap,
)
from makemore.charts.letters import letter_bars
from makemore.charts.overview import overview
from makemore.charts.shades import Shade, Show, shade_legend
from makemore.diagnostics import chances, pairs
from makemore.ui.choose import choose
from makemore.ui.own_list import Subject
from makemore.ui.place import place
from makemore.ui.text import plain

SHOWS: dict[Show, str] = {
    "count": "Counts",
    "probability": "Probabilities",
    "smoothed": "Smoothed",
}
SHADES: dict[Shade, str] = {"log": "Logarithmic", "linear": "Linear"}
MOST_K = 100


def frame_of(about: Subject, k: float = 1.0) -> pd.DataFrame:
    """The cells of the list: count, probability, and probability with k added to every count."""
    cells = pairs.cells(about.counts, chances.smoothed(about.counts, 0), about.vocabulary)
    return cells.assign(smoothed=chances.smoothed(about.counts, k).flatten().tolist())


def matrix(about: Subject, name: str) -> None:
    """Switches, the heatmap, and below it the chosen cell and its row."""
    pieces = [a + b for a, b in zip("." + name, name + ".", strict=True)]
    st.markdown(
        f"{plain(name)} is {len(pieces)} examples: "
        + " ".join(f":blue-badge[{plain(piece)}]" for piece in pieces)
    )
    show, shade, k = _switches()
    cells = frame_of(about, k)
    chosen = _drawn(cells, show, shade, pieces)
    large = len(about.vocabulary) > MOST_LETTERS_WITH_TEXT
    hint = "The wheel zooms, dragging moves." if large else f"Outlined: the pairs of {plain(name)}."
    st.caption(
        f"{hint} The row . holds first letters, the column . last ones. Choose a cell for its "
        "arithmetic."
    )
    first, second = chosen or _picked(about, name)
    _cell(about, cells, first, second, show, k)


def _switches() -> tuple[Show, Shade, float]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        show = choose("Show", SHOWS, key="show")
        shade = choose("Shade", SHADES, key="shade", help="The logarithm shows rare pairs too.")
        k = 1.0
        if show == "smoothed":
            k = float(st.slider("k, added to every count", 0, MOST_K, 1, key="matrix_k", width=220))
    return show, shade, k


def _drawn(
    cells: pd.DataFrame, show: Show, shade: Shade, pieces: list[str]
) -> tuple[str, str] | None:
    top = float(cells[show].max())
    place(shade_legend(top, show=show, shade=shade), key="matrix_legend")
    if cells["first"].nunique() > MOST_LETTERS_WITH_TEXT:
        chart = overview(cells, show=show, shade=shade)
    else:
        chart = count_heatmap(cells, show=show, shade=shade, marked=pieces)
    chosen = place(chart, key="matrix", on_select="rerun")
    return (str(chosen[0]["first"]), str(chosen[0]["second"])) if chosen else None


def _picked(about: Subject, name: str) -> tuple[str, str]:
    """Until a cell is chosen, the first pair of the name; for large alphabets by two boxes."""
    if len(about.vocabulary) <= MOST_LETTERS_WITH_TEXT:
        return ".", name[0]
    letters = about.vocabulary.letters
    with st.container(horizontal=True):
        first = st.selectbox("Letter", letters, key=f"first_{about.key}", width=140)
        at = letters.index(name[0])
        second = st.selectbox("Next letter", letters, at, key=f"second_{about.key}", width=140)
    return first, second


def _cell(
    about: Subject, cells: pd.DataFrame, first: str, second: str, show: Show, k: float
) -> None:
    """The numbers of one cell, names that hold the pair, and the row as sorted bars."""
    letters = about.vocabulary.letters
    if first not in letters or second not in letters:  # chosen before the list changed
        first, second = letters[0], letters[1]
    row, column = letters.index(first), letters.index(second)
    pair, number = first + second, int(about.counts[row, column])
    left, right = st.columns([2, 3], gap="large")
    with left:
        st.markdown(f"**The pair {plain(pair)}**")
        st.markdown(arithmetic(about, row, column, k if show == "smoothed" else 0.0))
        names, holders = chances.containing(about.names, pair)
        often = f" ({number:,} times)" if number > holders else ""
        if names:
            st.markdown(f"In {holders:,} names{often}, among them: " + plain(", ".join(names)))
        else:
            st.markdown("In none of the names.")
    with right:
        st.markdown(f"**What follows {plain(first)}**")
        shown = chances.smoothed(about.counts, k if show == "smoothed" else 0)
        after = pairs.distribution(shown[row], about.vocabulary)
        place(letter_bars(after, given=f"after {first}", chosen=second), key="after")


def arithmetic(about: Subject, row: int, column: int, k: float) -> str:
    """How the probability of a cell comes from counts, with its own numbers."""
    number, whole = int(about.counts[row, column]), int(about.counts[row].sum())
    size, letters = len(about.vocabulary), about.vocabulary.letters
    p = float(chances.smoothed(about.counts, k)[row, column])
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
