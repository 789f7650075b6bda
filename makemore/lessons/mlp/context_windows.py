"""A name as a model reads it: window by window, with what the model expects. Knows no layer."""

import streamlit as st
from torch import Tensor

from makemore.charts.letters.letter_bars import letter_bars
from makemore.checkpoints.store import Checkpoint
from makemore.data.examples import Examples, windows
from makemore.data.vocabulary import DOT, Vocabulary
from makemore.diagnostics.letters import pairs
from makemore.inference import evaluation
from makemore.ui.kit.choose import choose
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.safe_text import plain


def show_windows(name: str, checkpoint: Checkpoint, *, key: str) -> None:
    """The windows of a name as a table, and for a chosen one the model's answer."""
    vocabulary, model = checkpoint.vocabulary, checkpoint.model
    examples = windows((name,), vocabulary, model.block_size)
    probabilities = evaluation.log_probabilities(model, examples.contexts).exp()
    contexts = [vocabulary.decode(row) for row in examples.contexts.tolist()]
    _table(contexts, examples, probabilities, vocabulary)
    options = {str(i): plain(context) for i, context in enumerate(contexts)}
    at = int(choose("What the model expects after the window", options, key=f"{key}_{name}"))
    after = pairs.distribution(probabilities[at], vocabulary)
    next_letter = (name + DOT)[at]
    place_chart(
        letter_bars(after, given=f"after {contexts[at]}", chosen=next_letter), key=f"{key}_after"
    )
    st.caption(
        f"Marked: the letter that comes next in {plain(name)}. A dot before the first letter fills "
        "the window; a dot as the next letter ends the name."
    )


def _table(
    contexts: list[str], examples: Examples, probabilities: Tensor, vocabulary: Vocabulary
) -> None:
    rows = [
        {
            "window": plain(contexts[i]),
            "as numbers": " ".join(map(str, examples.contexts[i].tolist())),
            "next letter": plain(vocabulary.letters[target]),
            "its probability": f"{float(probabilities[i, target]):.1%}",
        }
        for i, target in enumerate(examples.targets.tolist())
    ]
    st.table(rows, border="horizontal", hide_index=True)
