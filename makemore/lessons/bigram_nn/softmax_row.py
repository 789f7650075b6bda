"""The softmax of one row of W in three aligned charts, and the counted row beside it. Knows one list, no page."""

import streamlit as st

from makemore.by_hand import counted_pairs
from makemore.charts.letters.bigram_net import Part, softmax_bars
from makemore.charts.letters.letter_bars import compared_letters
from makemore.diagnostics.letters import bigram_net, pairs
from makemore.lessons.bigram_nn.letter_box import choose_letter
from makemore.ui.kit.chosen_list import ChosenList, logits_of
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.safe_text import plain

PARTS: tuple[Part, ...] = ("logit", "exp", "probability")


def show_softmax(about: ChosenList, name: str, stage: Stage) -> None:
    """Logits, their exponentials, their shares; below them the learned row beside the counted one."""
    with stage.controls:
        letter = choose_letter(about, name)
    W, row = logits_of(about.net), about.vocabulary.letters.index(letter)
    bars = bigram_net.bars(W, row, about.vocabulary)
    follows = _following(letter, name)
    with stage.picture:
        for part in PARTS:
            chart = softmax_bars(bars, part=part, chosen=follows)
            place_chart(chart, key=f"softmax_{part}", fill="third")
    counted = counted_pairs.smoothed(about.counts, 0)[row]
    with stage.controls:
        _tell_arithmetic(about, letter, follows)
    with stage.below:
        st.markdown(f"**The row {plain(letter)}, counted and learned**")
        both = pairs.compared(counted, W[row].softmax(dim=0), about.vocabulary)
        place_chart(compared_letters(both, given=f"after {letter}"), key="softmax_compared")


def _following(letter: str, name: str) -> str:
    """What follows the letter in the name, for an example; the name's first letter if it is not in it."""
    whole = f".{name}."
    return whole[whole.index(letter) + 1] if letter in name else name[0]


def _tell_arithmetic(about: ChosenList, letter: str, follows: str) -> None:
    row, column = (about.vocabulary.letters.index(each) for each in (letter, follows))
    bars = bigram_net.bars(logits_of(about.net), row, about.vocabulary)
    one, total = bars.iloc[column], float(bars["exp"].sum())
    count, whole = int(about.counts[row, column]), int(about.counts[row].sum())
    st.markdown(
        f"**{plain(follows)}** after {plain(letter)}, step by step:\n"
        f"- exp({one['logit']:.3f}) = {one['exp']:.3f}\n"
        f"- all exponentials add up to {total:.3f}\n"
        f"- {one['exp']:.3f} / {total:.3f} = **{one['probability']:.2%}**\n"
        f"- counted: {count:,} / {whole:,} = **{count / whole:.2%}**"
    )
    st.caption(
        "Exponentials play the part of counts: they are positive and only their ratios matter. "
        "Dividing by the sum is what counting did too."
    )
