"""The fusion tree of a name, letter by letter, and the numbers of a node. Knows wavenets, not the page."""

import pandas as pd
import streamlit as st

from makemore.capture import Snapshot, snapshot
from makemore.charts.fusion import fusion_tree, node_bars
from makemore.charts.letters import letter_bars
from makemore.checkpoints import Checkpoint
from makemore.data import windows
from makemore.diagnostics import fusion, pairs
from makemore.diagnostics.fusion import Tree
from makemore.shipped import SHIPPED
from makemore.ui import load
from makemore.ui.choose import choose
from makemore.ui.place import place
from makemore.ui.text import plain
from makemore.vocabulary import DOT

TREES = ("wavenet", "wavenet_22k", "wavenet_22k_bug")
NODE = "tree_node"


def of_name(name: str) -> None:
    """What the model expects next on top, the tree that it comes from, and one node in numbers."""
    names = {key: SHIPPED[key].label for key in load.present(TREES)}
    checkpoint = load.checkpoint(choose("Checkpoint", names, key="tree_checkpoint"))
    at = _position(name, checkpoint)
    look = _look(name, at, checkpoint)
    _expected(look, checkpoint)
    tree = fusion.tree(look, checkpoint.vocabulary)
    nodes = dict(zip(tree.nodes["node"], tree.nodes["letters"], strict=True))
    if st.session_state.get(NODE) not in nodes:
        st.session_state[NODE] = list(nodes)[-1]
    _drawn(tree, st.session_state[NODE])
    _one_node(tree, nodes)


def _position(name: str, checkpoint: Checkpoint) -> int:
    """Which letter of the name is to be guessed; at first the last one before its end."""
    targets, key = name + DOT, f"tree_at_{name}"
    last = len(targets) - 1
    st.session_state.setdefault(key, last - 1)
    at = min(int(st.session_state[key]), last)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for label, way, edge in (("Letter before", -1, 0), ("Letter after", 1, last)):
            st.button(
                label,
                key=f"tree_move_{way}",
                icon=":material/chevron_left:" if way < 0 else ":material/chevron_right:",
                disabled=at == edge,
                on_click=_move,
                args=(key, way),
            )
        st.markdown(f"After **{plain(name[:at]) or 'nothing'}** comes **{plain(targets[at])}**")
    return at


def _move(key: str, way: int) -> None:
    st.session_state[key] += way


def _look(name: str, at: int, checkpoint: Checkpoint) -> Snapshot:
    """Inside the model at one letter of the name."""
    model = checkpoint.model
    examples = windows((name,), checkpoint.vocabulary, model.block_size)
    return snapshot(model, examples.contexts[at : at + 1], examples.targets[at : at + 1])


def _expected(look: Snapshot, checkpoint: Checkpoint) -> None:
    probabilities = look.activations["logits"][0].softmax(dim=0)
    after = pairs.distribution(probabilities, checkpoint.vocabulary)
    context = checkpoint.vocabulary.decode(look.contexts[0].tolist())
    target = checkpoint.vocabulary.letters[int(look.targets[0])]
    place(letter_bars(after, given=f"after {context}", chosen=target), key="tree_expected")


def _drawn(tree: Tree, chosen: str) -> None:
    """The tree itself; a click on a node chooses it."""
    strips = {node: strip.numpy() for node, strip in tree.activations.items()}
    chart = fusion_tree(tree.nodes, tree.edges, tree.letters, strips, chosen=chosen)

    def take() -> None:
        marks = st.session_state["tree"].selection.get("node", [])
        if marks:
            st.session_state[NODE] = marks[0]["node"]

    place(chart, key="tree", on_select=take)


def _one_node(tree: Tree, nodes: dict[str, str]) -> None:
    """The numbers behind one strip."""
    st.segmented_control(
        "Node",
        list(nodes),
        format_func=lambda node: f"{node} {plain(nodes[node])}",
        required=True,
        key=NODE,
        help="Level, position, and the letters that the node sees. Or choose one in the tree.",
    )
    chosen: str = st.session_state[NODE]
    values = tree.activations[chosen].tolist()
    channels = pd.DataFrame({"channel": range(len(values)), "value": values})
    place(node_bars(channels, node=f"the node over {nodes[chosen]}"), key="tree_node_bars")
    st.caption(
        f"A node is {len(values)} numbers between −1 and 1, drawn in the tree as a strip folded into "
        "four rows: blue below zero, orange above, fainter towards zero. Faint dots fill the window."
    )
