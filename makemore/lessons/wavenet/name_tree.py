"""The fusion tree of a name, letter by letter. Knows wavenets and the chosen node, not the page."""

import contextlib
from functools import lru_cache, partial

import streamlit as st

from makemore.charts.base.chart import Chart
from makemore.charts.trees.expected_letters import expected_letters
from makemore.charts.trees.fusion_tree import fusion_tree
from makemore.checkpoints.store import Checkpoint
from makemore.data.vocabulary import Vocabulary
from makemore.diagnostics.letters import pairs
from makemore.lessons.wavenet import tree_node
from makemore.lessons.wavenet.letter_position import choose_position
from makemore.ui.kit import links
from makemore.ui.kit.choose import choose
from makemore.ui.kit.choose_checkpoint import all_of, choose_checkpoint, is_tree
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.name_box import DEFAULT
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import Fill, Mark, place_chart
from makemore.ui.kit.reachable import within_reach
from makemore.ui.kit.safe_text import plain
from makemore.ui.sources import fusion_trees, loaded
from makemore.ui.sources.fusion_trees import Look

NODE, SIZE, TREE = "tree_node", "tree_size", "tree_checkpoint"
NODE_OF = "tree_node_of"  # the size of the tree that the node was chosen in
USUAL = "8"  # letters: those of the course's trees


def show_tree(about: ChosenList, name: str, stage: Stage) -> None:
    """The tree of the name; beside it what the model expects next; below one node of it."""
    with stage.controls:
        at = choose_position(name)
        expected = st.container()
        checkpoint = choose_tree(about)
        look = fusion_trees.look_at_net(checkpoint, about.dataset, name, at)
        with expected:
            place_chart(_draw_expected(look, checkpoint.vocabulary), key="tree_expected")
    nodes = look.letters
    size = st.session_state[SIZE]
    if st.session_state.get(NODE_OF, size) != size:
        st.session_state.pop(NODE, None)
    st.session_state[NODE_OF] = size
    node = links.bound("node", key=NODE, options=nodes, first=list(nodes)[-1], keep=True)
    with stage.picture:
        draw_tree(look, key="tree", chosen=node)
    with stage.below:
        st.caption(
            "Each strip is a node: its activations folded into four rows, blue below zero, orange above, "
            "fainter towards zero. Edges are **mean ablation**: as wide as what the log probability of "
            "the letter that comes would lose if the node or letter below were held at the mean of its "
            "own position over the train names. Faint dots are padding."
        )
        _choose_node(nodes)
        tree_node.show_node(look, node, checkpoint, about.dataset)


def prepare_trees() -> None:
    """Draw the first picture of every shipped tree, which takes a moment, before anybody waits for it."""
    for name in fusion_trees.shipped_trees():
        with contextlib.suppress(ValueError):  # a damaged one is explained where it is asked for
            checkpoint, dataset = loaded.checkpoint(name), loaded.dataset()
            look = fusion_trees.look_at_net(checkpoint, dataset, DEFAULT, len(DEFAULT) - 1)
            _draw_expected(look, checkpoint.vocabulary)
            _draw_chart(look, last := list(look.letters)[-1])
            tree_node.prepare_node(look, last, checkpoint, dataset)


def choose_tree(about: ChosenList) -> Checkpoint:
    """The checkpoint that the learner looks at: how many letters it sees, and which one of these."""
    trees = [net for net in within_reach().values() if not is_tree(net)]
    sizes = sorted({net.model.block_size for net in trees})
    words = {str(letters): str(letters) for letters in sizes}
    help_ = "How many letters the net sees at once: the receptive field of its last node."
    chosen = choose(
        "Context length, letters", words, key=SIZE, first=USUAL, help=help_, in_link="context"
    )
    sees = partial(_of_size, size=int(chosen))
    fits = all_of(is_tree, sees)
    return choose_checkpoint(
        fits, key=TREE, first=fusion_trees.LARGEST, about=about, in_link="checkpoint"
    )


def _of_size(checkpoint: Checkpoint, size: int) -> str:
    letters = checkpoint.model.block_size
    return "" if letters == size else f"its context length is {letters}"


@lru_cache(maxsize=fusion_trees.LOOKS)
def _draw_expected(look: Look, vocabulary: Vocabulary) -> Chart:
    after = pairs.distribution(look.probabilities, vocabulary)
    return expected_letters(after, given=f"after {look.context}", target=look.target)


def draw_tree(look: Look, *, key: str, chosen: str) -> None:
    """The tree itself; a click on a node chooses it."""

    def take(node: Mark) -> None:
        st.session_state[NODE] = node["node"]

    place_chart(_draw_chart(look, chosen), key=key, fill="whole", on_select=take)


def draw_titled(look: Look, *, key: str, title: str, legend: bool, fill: Fill) -> None:
    """A tree under a title of its own, without nodes to choose."""
    place_chart(_draw_chart(look, None, title, legend), key=key, fill=fill)


@lru_cache(maxsize=fusion_trees.LOOKS)
def _draw_chart(look: Look, chosen: str | None, title: str = "", legend: bool = True) -> Chart:
    tree = look.tree
    return fusion_tree(
        tree.nodes,
        tree.edges,
        tree.letters,
        {name: strip.numpy() for name, strip in tree.activations.items()},
        limit=tree_node.colour_limit(tree),
        chosen=chosen,
        pickable=chosen is not None,
        title=title,
        legend=legend,
    )


def _choose_node(nodes: dict[str, str]) -> None:
    """The same choice for the keyboard."""
    st.segmented_control(
        "Node",
        list(nodes),
        format_func=lambda name: f"{name} {plain(nodes[name])}",
        required=True,
        key=NODE,
        help="Level, position, and the letters that the node sees. Or choose one in the tree.",
    )
