"""Page: counting letter pairs, the first language model."""

import streamlit as st

from makemore import evaluation, sampling
from makemore.charts.counts import Shade, Show, count_heatmap
from makemore.charts.letters import letter_bars
from makemore.charts.models import name_scores
from makemore.diagnostics import names as name_frames
from makemore.diagnostics import pairs
from makemore.models import Bigram
from makemore.ui import frame, load
from makemore.ui.choose import choose
from makemore.ui.frame import Step
from makemore.ui.place import place
from makemore.ui.predict import predict
from makemore.ui.samples import samples
from makemore.ui.text import plain

SHOWS: dict[Show, str] = {"count": "Counts", "probability": "Probabilities"}
SHADES: dict[Shade, str] = {"log": "Logarithmic", "linear": "Linear"}


def model() -> Bigram:
    bigram = load.checkpoint("bigram").model
    assert isinstance(bigram, Bigram)
    return bigram


def matrix(name: str) -> None:
    with st.container(horizontal=True):
        show = choose("Show", SHOWS, key="show")
        shade = choose("Shade", SHADES, key="shade", help="The logarithm shows rare pairs too.")
    cells = pairs.cells(model().counts, model().probabilities, load.vocabulary())
    own = [a + b for a, b in zip("." + name, name + ".", strict=True)]
    chart = count_heatmap(cells, show=show, shade=shade, marked=own)
    chosen = place(chart, key=f"matrix_{show}_{shade}", on_select="rerun")
    st.caption(
        f"Outlined: the pairs of {plain(name)}. Choose a cell to see what follows its letter."
    )
    first, second = (chosen[0]["first"], chosen[0]["second"]) if chosen else (name[0], None)
    row = load.vocabulary().letters.index(first)
    st.markdown(f"**What follows {plain(first)}**")
    after = pairs.distribution(model().probabilities[row], load.vocabulary())
    place(letter_bars(after, given=f"after {first}", chosen=second), key="after")


def path(name: str) -> None:
    checkpoint = load.checkpoint("bigram")
    (score,) = evaluation.score(checkpoint.model, checkpoint.vocabulary, [name])
    letters = len(load.vocabulary())
    place(name_scores(name_frames.scores({"Bigram": score}), letters=letters), key="path")
    rows = [
        {
            "pair": s.context + s.letter,
            "probability": f"{s.probability:.2%}",
            "−ln probability": f"{s.nll:.3f}",
        }
        for s in score.letters
    ]
    st.table(rows, border="horizontal", hide_index=True)
    st.metric("Loss: mean of the last column", f"{score.nll:.4f}")


def draw(name: str) -> None:
    known = predict(
        "which letter do most names start with?",
        {
            "s": "S comes fifth, with 2,055 names.",
            "a": "4,410 of the 32,033 names start with it.",
            "k": "K comes second, with 2,963 names.",
            "m": "M comes third, with 2,538 names.",
        },
        answer="a",
        key="bigram_first",
    )
    if known:
        first = pairs.distribution(model().probabilities[0], load.vocabulary())
        place(letter_bars(first, given="at the start of a name", chosen="a"), key="first")
    samples(("Bigram, counted", load.checkpoint("bigram")), key="bigram")


frame.show(
    "Counting pairs",
    [
        Step(
            "Every pair, counted",
            "A dot marks the start and the end of a name; how often each letter follows each other "
            "letter is the whole model.",
            matrix,
            (Bigram,),
        ),
        Step(
            "Your name through the matrix",
            "The model walks along the name pair by pair; its loss is the mean of −ln probability.",
            path,
            (evaluation.score,),
        ),
        Step(
            "Names by walking",
            "Start at the dot, draw the next letter from its row, go on until the dot comes again: "
            "that is how a name is made up.",
            draw,
            (sampling.sample,),
        ),
    ],
    after=("pages/bigram_nn.py", "The same as a net"),
)
