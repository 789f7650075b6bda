"""A name as a net reads it: a window slides over it, and each letter in it is a row of C. Knows no layer above."""

import streamlit as st
import torch
from torch import Tensor

from makemore.charts.base.chart import Chart
from makemore.charts.letters.letter_bars import letter_bars
from makemore.charts.letters.looked_up_rows import looked_up_rows
from makemore.checkpoints.store import Checkpoint
from makemore.data.examples import Examples, windows
from makemore.data.vocabulary import Vocabulary
from makemore.diagnostics.letters import pairs
from makemore.inference import evaluation
from makemore.inference.capture import layers_of
from makemore.layers import Embedding
from makemore.ui.kit import links
from makemore.ui.kit.choose_checkpoint import choose_checkpoint, embeds_letters
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.safe_text import plain
from makemore.ui.sources.kept import kept_per_checkpoint

LONGEST = 16  # letters of context


def show_windows(about: ChosenList, name: str, first: str, stage: Stage, *, key: str) -> None:
    """The contexts of a name as a table, and the rows of C that the letters of the chosen one pick.

    The checkpoint is that of the name `first`, until the learner chooses another; what it expects is
    told where the window has its length.
    """
    with stage.controls:
        above = st.container()
        checkpoint = choose_checkpoint(
            embeds_letters, key=f"{key}_net", first=first, about=about, in_link="checkpoint"
        )
        vocabulary = checkpoint.vocabulary
        with above:
            length = _choose_length(checkpoint, key)
            examples = windows((name,), vocabulary, length)
            at = _choose_place(name, examples, vocabulary, key)
            answers = _answers(checkpoint, examples)
            _tell(examples, at, answers, checkpoint)
            _draw_table(examples, answers, vocabulary)
    with stage.picture:
        chart = _draw_rows(checkpoint, tuple(examples.contexts[at].tolist()))
        place_chart(chart, key=f"{key}_rows", fill="whole")
    if answers is not None:
        with stage.below:
            st.subheader("What the net expects next", anchor=False)
            after = pairs.distribution(answers[at], vocabulary)
            context = vocabulary.decode(examples.contexts[at].tolist())
            target = vocabulary.letters[examples.targets[at]]
            chart = letter_bars(after, given=f"after {context}", chosen=target)
            place_chart(chart, key=f"{key}_after")


def _choose_length(checkpoint: Checkpoint, key: str) -> int:
    slider, own = f"{key}_length", checkpoint.model.block_size
    options = range(1, LONGEST + 1)
    links.bound("letters", key=slider, options=options, first=min(own, LONGEST))
    help = f"How many letters the window holds. This net has learned to read {own}."
    return int(st.select_slider("Context length, letters", options, key=slider, help=help))


def _choose_place(name: str, examples: Examples, vocabulary: Vocabulary, key: str) -> int:
    """Where the window stands: before which letter of the name, the last being its end."""
    slider = f"{key}_{name}"
    places = range(len(examples))
    links.bound("at", key=slider, options=places, first=len(name) // 2)

    def said(place: int) -> str:
        target = vocabulary.letters[examples.targets[place]]
        return f"{place + 1}: {target}"

    if len(places) == 1:  # a slider has two ends
        return 0
    label = "The window slides: the letter that comes next"
    return int(st.select_slider(label, places, format_func=said, key=slider))


def _answers(checkpoint: Checkpoint, examples: Examples) -> Tensor | None:
    """(contexts, vocab) probabilities; None where the net reads another number of letters."""
    if examples.contexts.shape[1] != checkpoint.model.block_size:
        return None
    return evaluation.log_probabilities(checkpoint.model, examples.contexts).exp()


def _tell(examples: Examples, at: int, answers: Tensor | None, checkpoint: Checkpoint) -> None:
    letters, target = checkpoint.vocabulary.letters, int(examples.targets[at])
    context = checkpoint.vocabulary.decode(examples.contexts[at].tolist())
    words = f"After **{plain(context)}** comes **{plain(letters[target])}**"
    if answers is None:
        own = checkpoint.model.block_size
        st.markdown(
            f"{words}. This net reads {own} letters, so it has no answer to {len(context)}."
        )
    else:
        st.markdown(f"{words}; the net gives it **{float(answers[at, target]):.1%}**.")


@kept_per_checkpoint(most=512)
def _draw_rows(checkpoint: Checkpoint, ids: tuple[int, ...]) -> Chart:
    first, *_ = layers_of(checkpoint.model, Embedding).values()
    table = first.weight.detach().to(torch.float64)
    return looked_up_rows(table.numpy(), list(checkpoint.vocabulary.letters), list(ids))


def _draw_table(examples: Examples, answers: Tensor | None, vocabulary: Vocabulary) -> None:
    rows = []
    for i, target in enumerate(examples.targets.tolist()):
        ids = examples.contexts[i].tolist()
        row = {
            "context": plain(vocabulary.decode(ids)),
            "ids": " ".join(map(str, ids)),
            "target": plain(vocabulary.letters[target]),
        }
        if answers is not None:
            row["p(target)"] = f"{float(answers[i, target]):.1%}"
        rows.append(row)
    place_table(rows)
