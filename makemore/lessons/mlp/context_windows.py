"""A name as a model reads it: context by context, with what the model expects. Knows no layer."""

import streamlit as st
import torch
from torch import Tensor

from makemore.charts.base.chart import Chart
from makemore.charts.layers.grouped_cells import grouped_cells
from makemore.charts.letters.letter_bars import letter_bars
from makemore.checkpoints.store import Checkpoint
from makemore.data.examples import Examples, windows
from makemore.data.vocabulary import Vocabulary
from makemore.diagnostics.layers import shapes
from makemore.diagnostics.letters import pairs
from makemore.inference import evaluation
from makemore.inference.capture import layers_of
from makemore.layers import Embedding
from makemore.models.mlp import MLP
from makemore.models.mlp_bn import MLPBN
from makemore.ui.kit.choose import choose
from makemore.ui.kit.choose_checkpoint import choose_checkpoint, embeds_letters
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.safe_text import plain
from makemore.ui.sources.kept import kept_per_checkpoint


def show_windows(about: ChosenList, name: str, first: str, stage: Stage, *, key: str) -> None:
    """The contexts of a name as a table, and beside it the model's answer to the chosen one.

    The checkpoint is that of the name `first`, until the learner chooses another.
    """
    with stage.controls:
        above = st.container()
        checkpoint = choose_checkpoint(
            embeds_letters, key=f"{key}_net", first=first, about=about, in_link="checkpoint"
        )
    vocabulary, model = checkpoint.vocabulary, checkpoint.model
    examples = windows((name,), vocabulary, model.block_size)
    probabilities = evaluation.log_probabilities(model, examples.contexts).exp()
    contexts = [vocabulary.decode(row) for row in examples.contexts.tolist()]
    with above:
        options = {str(i): plain(context) for i, context in enumerate(contexts)}
        middle = str(len(name) // 2)
        at = int(choose("Context", options, key=f"{key}_{name}", first=middle, in_link="at"))
        target = vocabulary.letters[examples.targets[at]]
        st.markdown(
            f"After **{plain(contexts[at])}** comes **{plain(target)}**, marked; the net gives it "
            f"**{float(probabilities[at, examples.targets[at]]):.1%}**."
        )
        _draw_table(contexts, examples, probabilities, vocabulary)
    with stage.picture:
        after = pairs.distribution(probabilities[at], vocabulary)
        chart = letter_bars(after, given=f"after {contexts[at]}", chosen=target)
        place_chart(chart, key=f"{key}_after", fill="whole")
    with stage.below:
        st.subheader("What goes into the net", anchor=False)
        place_chart(_draw_input(checkpoint, contexts[at]), key=f"{key}_input")
        st.caption(_tell_wiring(checkpoint))


@kept_per_checkpoint(most=512)
def _draw_input(checkpoint: Checkpoint, context: str) -> Chart:
    """The embeddings of the letters, side by side in one row."""
    first, *_ = layers_of(checkpoint.model, Embedding).values()
    table = first.weight.detach()
    values = table[torch.tensor([checkpoint.vocabulary.letters.index(c) for c in context])]
    cells = shapes.regrouped(values, len(context), context)
    limit = float(table.abs().max())
    return grouped_cells(cells, most_rows=1, most_columns=values.numel(), limit=limit)


def _tell_wiring(checkpoint: Checkpoint) -> str:
    """What happens to a context on its way through the net."""
    embedding, *_ = layers_of(checkpoint.model, Embedding).values()
    letters, width = checkpoint.model.block_size, embedding.weight.shape[1]
    row = (
        f"Context length {letters}, embedding dimension {width}: the {width} parameters of each of the "
        f"{letters} letters stand in one row of {letters * width} numbers, concatenated."
    )
    if not isinstance(checkpoint.model, MLP | MLPBN):
        return f"{row} What becomes of them then is up to the net: {checkpoint.metadata.model}."
    hidden = checkpoint.metadata.config["hidden"]
    return (
        f"{row} They feed "
        f"{hidden} hidden units (a weighted sum and a tanh each), and the activations of these feed one "
        f"logit for each of {len(checkpoint.vocabulary)} letters."
    )


def _draw_table(
    contexts: list[str], examples: Examples, probabilities: Tensor, vocabulary: Vocabulary
) -> None:
    rows = [
        {
            "context": plain(contexts[i]),
            "ids": " ".join(map(str, examples.contexts[i].tolist())),
            "target": plain(vocabulary.letters[target]),
            "p(target)": f"{float(probabilities[i, target]):.1%}",
        }
        for i, target in enumerate(examples.targets.tolist())
    ]
    place_table(rows)
