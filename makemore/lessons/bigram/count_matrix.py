"""The matrix of pairs with its switches, and what a chosen cell has to say. Knows one list, no page."""

import streamlit as st

from makemore.by_hand import counted_pairs
from makemore.charts.base.chart import Chart
from makemore.charts.letters.count_heatmap import count_heatmap
from makemore.charts.letters.count_shades import Shade, Show, shade_legend
from makemore.charts.letters.large_count_matrix import overview
from makemore.charts.letters.letter_bars import letter_bars
from makemore.diagnostics.letters import pairs
from makemore.lessons.bigram.pair_matrix import cells_of, is_large
from makemore.ui.kit import links
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.count_words import count_of
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.safe_text import plain

SHOWS: dict[Show, str] = {
    "count": "Counts",
    "probability": "Probabilities",
    "smoothed": "Smoothed",
}
SHADES: dict[Shade, str] = {"log": "Logarithmic", "linear": "Linear"}
SORTS = {False: "letter", True: "probability"}  # as the link says it
MOST_K = 100


def show_matrix(about: ChosenList, name: str, stage: Stage) -> None:
    """The heatmap; beside it the chosen cell, the switches, and the row of the cell."""
    pieces = [a + b for a, b in zip("." + name, name + ".", strict=True)]
    with stage.controls:
        st.markdown(
            f"{plain(name)} is {len(pieces)} examples: "
            + " ".join(f":blue-badge[{plain(piece)}]" for piece in pieces)
        )
        cell = st.container()  # before the switches: on a phone it is seen with the heatmap
        show, shade, k = _choose_switches()
        _draw_legend(about, show, shade, k)
    with stage.picture:
        chosen = _draw_matrix(about, show, shade, k, tuple(pieces))
    with cell:
        first, second = _known_pair(about, chosen) or _pick_pair(about, name)
        _explain_pair(about, first, second, k if show == "smoothed" else 0.0)
    with stage.controls:
        _draw_row(about, first, second, k if show == "smoothed" else 0.0)
        _name_holders(about, first + second)
        hint = (
            "The wheel zooms, dragging moves."
            if is_large(about)
            else f"Outlined: the pairs of {plain(name)}. Choose a cell for its arithmetic."
        )
        st.caption(f"{hint} The row . holds first letters, the column . last ones.")


def _choose_switches() -> tuple[Show, Shade, float]:
    show = choose("Show", SHOWS, key="show", in_link="show")
    k = 1.0
    if show == "smoothed":
        links.bound("k", key="matrix_k", options=range(MOST_K + 1), first=1)
        k = float(
            st.slider(
                "k, added to every count",
                min_value=0,
                max_value=MOST_K,
                key="matrix_k",
                help="Add-k smoothing; with k = 1 also called Laplace smoothing.",
            )
        )
    shade = choose(
        "Shade",
        SHADES,
        key="shade",
        help="The logarithm shows rare pairs too.",
        in_link="shade",
    )
    return show, shade, k


def _draw_legend(about: ChosenList, show: Show, shade: Shade, k: float) -> None:
    """What the shades mean; beside the matrix, which needs all of the height."""

    def drawn() -> Chart:
        return shade_legend(float(cells_of(about, k)[show].max()), show=show, shade=shade)

    place_chart(about.kept(("legend", show, shade, k), drawn), key="matrix_legend")


def _draw_matrix(
    about: ChosenList, show: Show, shade: Shade, k: float, pieces: tuple[str, ...]
) -> tuple[str, str] | None:
    cells = cells_of(about, k)

    def drawn() -> Chart:
        if is_large(about):
            return overview(cells, show=show, shade=shade, marked=pieces)
        return count_heatmap(cells, show=show, shade=shade, marked=pieces)

    chart = about.kept(("matrix", show, shade, k, pieces), drawn)
    chosen = place_chart(chart, key="matrix", fill="whole", on_select="rerun")
    return (str(chosen[0]["first"]), str(chosen[0]["second"])) if chosen else None


def _known_pair(about: ChosenList, pair: tuple[str, str] | None) -> tuple[str, str] | None:
    """The pair that was chosen, unless that was before the list changed."""
    return pair if pair and set(pair) <= set(about.vocabulary.letters) else None


def _pick_pair(about: ChosenList, name: str) -> tuple[str, str]:
    """Until a cell is chosen, the first pair of the name; for large alphabets by two boxes."""
    if not is_large(about):
        return ".", name[0]
    letters = about.vocabulary.letters
    with st.container(horizontal=True):
        key = f"first_{about.key}"
        links.bound("letter", key=key, options=letters, first=letters[0])
        first = st.selectbox("Letter", letters, key=key, width=140)
        key = f"second_{about.key}"
        links.bound("next", key=key, options=letters, first=name[0])
        second = st.selectbox("Next letter", letters, key=key, width=140)
    return first, second


def _explain_pair(about: ChosenList, first: str, second: str, k: float) -> None:
    """The numbers of one cell."""
    letters = about.vocabulary.letters
    st.markdown(
        f"**The pair {plain(first + second)}**  \n"
        + explain_cell(about, letters.index(first), letters.index(second), k)
    )


def explain_cell(about: ChosenList, row: int, column: int, k: float) -> str:
    """How the probability of a cell comes from counts, with its own numbers."""
    number, whole = int(about.counts[row, column]), int(about.counts[row].sum())
    size, letters = len(about.vocabulary), about.vocabulary.letters
    p = float(counted_pairs.smoothed(about.counts, k)[row, column])
    first, second = plain(letters[row]), plain(letters[column])
    if k:
        return (
            f"{k:g} is added to each of the {size} counts of the row:  \n"
            f"({number:,} + {k:g}) / ({whole:,} + {size} × {k:g}) = **{p:.4%}**"
        )
    return (
        f"{second} follows {first} {count_of(number, 'time')}; {first} is followed by anything "
        f"{count_of(whole, 'time')}.  \n{number:,} / {whole:,} = **{p:.4%}**"
    )


def _draw_row(about: ChosenList, first: str, second: str, k: float) -> None:
    """What follows a letter, in the order of the letters or by probability."""
    st.markdown(f"**What follows {plain(first)}**")
    links.bound("sort", key="after_ranked", options=SORTS, first=False, say=SORTS.__getitem__)
    ranked = st.toggle("Sort by probability", key="after_ranked")

    def drawn() -> Chart:
        row = counted_pairs.smoothed(about.counts, k)[about.vocabulary.letters.index(first)]
        after = pairs.distribution(row, about.vocabulary)
        return letter_bars(after, given=f"after {first}", chosen=second, ranked=ranked)

    place_chart(about.kept(("after", first + second, k, ranked), drawn), key="after")


def _name_holders(about: ChosenList, pair: str) -> None:
    """Some names that hold the pair, and how many do."""
    names, holders = about.kept(
        ("holders", pair), lambda: counted_pairs.containing(about.names, pair)
    )
    if names:
        among = ", among them" if holders > len(names) else ""
        st.markdown(f"In {count_of(holders, 'name')}{among}: {plain(', '.join(names))}")
    else:
        st.markdown("In none of the names.")
