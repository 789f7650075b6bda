"""What temperature and top-k do to the next letter, from logits that are kept. Knows no page."""

import streamlit as st

from makemore.charts.letters.letter_bars import compared_letters
from makemore.diagnostics.letters import reshaped
from makemore.lessons.name_lab.name_endings import next_logits
from makemore.lessons.name_lab.prefix_box import ask_prefix, say_prefix
from makemore.ui.kit import links
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.stage import Stage

TEMPERATURES = links.Tenths(1, 30)


def show_reshaped(about: ChosenList, name: str, stage: Stage) -> None:
    """The model's distribution as wide bars, what would be drawn from as narrow ones in them."""
    size = len(about.vocabulary)
    with stage.controls:
        prefix, model = ask_prefix(about, name)
        links.bound("temperature", key="lab_temperature", options=TEMPERATURES, first=1.0)
        temperature: float = st.slider(
            "Temperature",
            min_value=TEMPERATURES.low / 10,
            max_value=TEMPERATURES.high / 10,
            step=0.1,
            key="lab_temperature",
            help="Divides the logits before softmax: below 1 the likely letters get likelier.",
        )
        top = f"lab_top_{size}"
        links.bound("top", key=top, options=range(1, size + 1), first=size)
        most: int = st.slider(
            "Top-k: letters that may come",
            min_value=1,
            max_value=size,
            key=top,
            help="Only the k likeliest letters keep a probability, and share all of it.",
        )
    logits = next_logits(model.checkpoint, prefix)
    frame = reshaped.reshaped(logits, about.vocabulary, temperature=temperature, most=most)
    shown = frame.rename(columns={"model": "as the model says", "drawn": "as drawn"})
    with stage.picture:
        chart = compared_letters(
            shown, given=say_prefix(prefix), names=("as the model says", "as drawn")
        )
        place_chart(chart, key="reshaped", fill="whole")
    before = reshaped.perplexity(logits.softmax(dim=0))
    after = reshaped.perplexity(reshaped.reshape(logits, temperature=temperature, most=most))
    with stage.controls:
        with st.container(horizontal=True, gap="small"):
            help_ = "exp(entropy): among so many equally likely letters the draw would be as open."
            st.metric("Choice among, before", f"{before:.2f}", width="content", help=help_)
            st.metric("After", f"{after:.2f}", width="content", help=help_)
        st.caption(
            "The model was asked once; temperature and top-k only reshape the logits that it gave. Each "
            "letter of a sampled name is drawn from such a distribution. At temperature 1 with all "
            "letters allowed the two are the same."
        )
