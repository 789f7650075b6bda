"""One letter through the net: a row plucked out of W, then its softmax. Knows one list, no page."""

import streamlit as st

from makemore.charts.base.chart import Chart
from makemore.charts.letters.bigram_net import Stage, stage_bars, weights
from makemore.charts.letters.letter_bars import compared_letters
from makemore.diagnostics.letters import bigram_net, pairs, probabilities
from makemore.ui.kit.own_list import SMALL, Subject, logits_of
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.safe_text import plain

LETTER, FOR = "net_letter", "net_letter_for"
STAGES: tuple[Stage, ...] = ("logit", "exp", "probability")


def choose_letter(about: Subject, name: str, label: str = "Letter that comes in") -> str:
    """The letter that the charts of this page are about; it stays from step to step."""
    letters = about.vocabulary.letters
    # A new name or list begins with its first letter; otherwise the learner's choice stays.
    if st.session_state.get(FOR) != (about.key, name) or LETTER not in st.session_state:
        kept = st.session_state.get("net_letter_kept")
        fresh = st.session_state.get(FOR) != (about.key, name)
        st.session_state[LETTER] = name[0] if fresh or kept not in letters else kept
        st.session_state[FOR] = (about.key, name)
    chosen = st.selectbox(label, letters, key=LETTER, width=180)
    st.session_state["net_letter_kept"] = chosen
    return chosen


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


def show_softmax(about: Subject, name: str) -> None:
    """Logits, their exponentials, their shares: three aligned bar charts; then the counted row."""
    letter = choose_letter(about, name)
    letters = about.vocabulary.letters
    row = letters.index(letter)
    bars = bigram_net.bars(logits_of(about.net), row, about.vocabulary)
    nexts = (name + ".")[(name + ".").find(letter) + 1 :][:1] if letter in name else name[0]
    for stage in STAGES:
        place_chart(stage_bars(bars, stage=stage, chosen=nexts), key=f"stage_{stage}")
    one = bars.iloc[letters.index(nexts)]
    counted = probabilities.smoothed(about.counts, 0)[row]
    st.markdown(
        f"For **{plain(nexts)}** after {plain(letter)}: exp({one['logit']:.3f}) = {one['exp']:.3f}; "
        f"all exponentials add up to {bars['exp'].sum():.3f}; {one['exp']:.3f} / "
        f"{bars['exp'].sum():.3f} = **{one['probability']:.2%}**. Counted: "
        f"{int(about.counts[row, letters.index(nexts)]):,} / {int(about.counts[row].sum()):,} = "
        f"{float(counted[letters.index(nexts)]):.2%}"
    )
    learned = logits_of(about.net)[row].softmax(dim=0)
    both = pairs.compared(counted, learned, about.vocabulary)
    place_chart(compared_letters(both, given=f"after {letter}"), key="softmax_compared")
    st.caption(
        "Exponentials of logits play the part of counts: positive, and only their ratios matter. "
        "Dividing by the sum is what counting did too; the two steps together are called softmax."
    )
