"""The next letter as one types, and the most probable names that begin so. Knows no page."""

from functools import lru_cache

import pandas as pd
import streamlit as st
from torch import Tensor

from makemore.charts.base.chart import Chart
from makemore.charts.letters.completion_bars import completion_bars
from makemore.charts.letters.letter_bars import letter_bars
from makemore.checkpoints.store import Checkpoint
from makemore.data.examples import windows
from makemore.diagnostics.letters import pairs
from makemore.inference import completions, evaluation
from makemore.inference.completions import Found
from makemore.lessons.name_lab.prefix_box import ask_prefix, say_prefix
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.safe_text import plain
from makemore.ui.kit.stage import Stage
from makemore.ui.sources.kept import kept_per_checkpoint

MOST = 10  # names
KEPT = 512  # prefixes of all visitors


def show_endings(about: ChosenList, name: str, stage: Stage) -> None:
    """The next letter above, the ten most probable names that begin so below it."""
    with stage.controls:
        prefix, model = ask_prefix(about, name)
    found = complete(model.checkpoint, prefix)
    with stage.picture:
        place_chart(_draw_next(model.checkpoint, prefix), key="next_letter", fill="half")
        frame = pd.DataFrame(
            {
                "name": [each.name or "(no letter)" for each in found.completions],
                "probability": [each.probability for each in found.completions],
                "listed": [each.name in about.known for each in found.completions],
            }
        )
        place_chart(completion_bars(frame, prefix=prefix, most=MOST), key="endings", fill="half")
    with stage.controls:
        _tell_found(found, prefix, model.label)


def _tell_found(found: Found, prefix: str, label: str) -> None:
    together = sum(each.probability for each in found.completions)
    begin = f"begin with {plain(prefix)}" if prefix else "there are"
    st.markdown(
        f"Of all names that {begin}, these {len(found.completions)} have **{together:.1%}** of the "
        f"probability that {plain(label)} gives."
    )
    how = (
        f"Exact: best-first search asked the model about {found.looked:,} beginnings. Each "
        "further letter makes a name less probable, so the first whole name on top of the queue is the "
        "most probable one. Beam search keeps a fixed number of beginnings, and may miss it."
        if found.exact
        else f"The search gave up after {found.looked:,} beginnings; more names may follow."
    )
    st.caption(f"{how} Names of up to {completions.LONGEST} letters.")


@kept_per_checkpoint(most=KEPT)
def complete(checkpoint: Checkpoint, prefix: str) -> Found:
    """The most probable names that begin so."""
    return completions.complete(checkpoint.model, checkpoint.vocabulary, prefix, most=MOST)


@kept_per_checkpoint(most=KEPT)
def next_logits(checkpoint: Checkpoint, prefix: str) -> Tensor:
    """(vocab,): the logits of the letter after the prefix, up to a constant that softmax drops."""
    examples = windows((prefix,), checkpoint.vocabulary, checkpoint.model.block_size)
    logits: Tensor = evaluation.log_probabilities(checkpoint.model, examples.contexts[-1:])[0]
    return logits


@lru_cache(maxsize=KEPT)
def _draw_next(checkpoint: Checkpoint, prefix: str) -> Chart:
    probabilities = next_logits(checkpoint, prefix).double().exp()
    frame = pairs.distribution(probabilities, checkpoint.vocabulary)
    return letter_bars(frame, given=say_prefix(prefix))
