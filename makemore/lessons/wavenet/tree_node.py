"""One node of a tree: what is lost without it, which substrings are alike to it, its numbers. Knows no page."""

from functools import lru_cache
from math import exp, log

import pandas as pd
import streamlit as st

from makemore.charts.base.chart import Chart
from makemore.charts.trees.fusion_tree import node_bars
from makemore.checkpoints.store import Checkpoint
from makemore.data.examples import Dataset
from makemore.diagnostics.trees import alike_substrings
from makemore.diagnostics.trees.fusion_tree import Tree
from makemore.inference import substrings
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.safe_text import plain
from makemore.ui.sources import fusion_trees
from makemore.ui.sources.fusion_trees import Look
from makemore.ui.sources.kept import kept_per_checkpoint

NEAREST = 8


def show_node(look: Look, name: str, checkpoint: Checkpoint, dataset: Dataset) -> None:
    """All about the node of this name (level.position)."""
    level, place_ = map(int, name.split("."))
    letters = look.letters[name]
    st.markdown(f"**The node over {plain(letters)}**")
    left, right = st.columns(2, gap="large")
    with left:
        _show_loss(look, letters, look.worth[level, place_], checkpoint)
        _show_numbers(look, name, letters)
    with right:
        _show_nearest(look, name, letters, level, checkpoint, dataset)


def prepare_node(look: Look, name: str, checkpoint: Checkpoint, dataset: Dataset) -> None:
    """Work out what `shown` is to show, and keep it."""
    letters = look.letters[name]
    _draw_bars(look, name, letters)
    _find_alike(checkpoint, dataset, look, name, letters, int(name.split(".")[0]))


def colour_limit(tree: Tree) -> float:
    """Where the colours of all strips are full: 1 for a tanh, more where levels are added up."""
    most = max(float(strip.abs().max()) for strip in tree.activations.values())
    return 1.0 if most <= 1 else float(round(most + 0.5))


def _show_loss(look: Look, letters: str, lost: float, checkpoint: Checkpoint) -> None:
    """The ablation in numbers that can be recomputed from each other."""
    before = float(look.probabilities[checkpoint.vocabulary.letters.index(look.target)])
    after = exp(log(before) - lost)
    with st.container(horizontal=True, gap="medium"):
        st.metric(f"Probability of {plain(look.target)}", f"{before:.1%}")
        st.metric("Node at its mean", f"{after:.1%}")
        st.metric(
            "Lost" if lost >= 0 else "Gained",
            f"{abs(lost):.3f} nats",
            help="ln of the first probability less ln of the second.",
        )
    if lost < 0:
        st.caption(
            "Here the prediction would be better without the node: it bet on another letter."
        )


def _show_numbers(look: Look, name: str, letters: str) -> None:
    place_chart(_draw_bars(look, name, letters), key="tree_node_bars")


@lru_cache(maxsize=fusion_trees.LOOKS)
def _draw_bars(look: Look, name: str, letters: str) -> Chart:
    values = look.tree.activations[name].tolist()
    channels = pd.DataFrame({"channel": range(len(values)), "value": values})
    return node_bars(channels, node=f"the node over {letters}", limit=colour_limit(look.tree))


def _show_nearest(
    look: Look, name: str, letters: str, level: int, checkpoint: Checkpoint, dataset: Dataset
) -> None:
    """The substrings of the data whose node lies nearest, and what they share where it is plain."""
    title, rows, text = _find_alike(checkpoint, dataset, look, name, letters, level)
    st.markdown(title)
    place_table(rows)
    st.caption(text)


@kept_per_checkpoint(most=fusion_trees.LOOKS)
def _find_alike(
    checkpoint: Checkpoint, dataset: Dataset, look: Look, name: str, letters: str, level: int
) -> tuple[str, list[dict[str, str]], str]:
    """How many there are, the nearest as a table, and what can be said of them."""
    found = fusion_trees.substrings_of(checkpoint, dataset)[level - 1]
    near = substrings.nearest(found, look.tree.activations[name], NEAREST + 1)
    others = [each for each in near if each[0] != letters][:NEAREST]
    seen = int(found.counts[found.letters.index(letters)]) if letters in found.letters else 0
    title = (
        f"Of {len(found.letters):,} different substrings these {len(others)} light it up most alike"
    )
    rows = [
        {"substring": plain(each), "times in the train names": f"{n:,}", "distance": f"{d:.2f}"}
        for each, n, d in others
    ]
    words, count, share = alike_substrings.shared(
        letters, [each for each, _, _ in others], found.letters
    )
    text = f"{plain(letters)} itself occurs {seen:,} times. "
    if words:
        text += f"{count} of the {len(others)} {plain(words)}; of all substrings {share:.1%} do."
    else:
        text += "What these share beyond chance cannot be told from their letters."
    return title, rows, text
