"""DOCSTRING"""

import streamlit as st

from makemore.by_hand import counted_pairs
from makemore.charts.letters.bigram_net import Stage, stage_bars
from makemore.charts.letters.letter_bars import compared_letters
from makemore.diagnostics.letters import bigram_net, pairs
from makemore.lessons.bigram_nn.letter_box import choose_letter
from makemore.ui.kit.own_list import Subject, logits_of
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.safe_text import plain

STAGES: tuple[Stage, ...] = ("logit", "exp", "probability")


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
    counted = counted_pairs.smoothed(about.counts, 0)[row]
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
