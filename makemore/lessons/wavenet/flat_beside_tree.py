"""The flat net beside the tree, over the same letters. Knows both nets, not the page."""

import streamlit as st

from makemore.checkpoints.store import Checkpoint
from makemore.lessons.wavenet import letter_position, name_tree
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.safe_text import plain
from makemore.ui.sources import fusion_trees
from makemore.ui.sources.fusion_trees import Look

NETS = {"flat": "mlp_bn_8", "tree": "wavenet_22k"}
TITLES = {"flat": "Flat: all letters at once", "tree": "Tree: two neighbours at a time"}


def show_flat_and_tree(about: ChosenList, name: str, stage: Stage) -> None:
    """One hidden layer that sees all letters at once, and levels that join two at a time."""
    nets = dict(zip(NETS, about.checkpoints(tuple(NETS.values())), strict=True))
    with stage.controls:
        at = letter_position.choose_position(name)
        looks = {
            label: fusion_trees.look_at_net(net, about.dataset, name, at)
            for label, net in nets.items()
        }
        _compare(nets, looks)
        st.caption(
            "Each is the training of one seed, with the recipe (training configuration) of its own "
            "model. Edges and strips as in step 1."
        )
    with stage.picture:
        for label, look in looks.items():
            name_tree.draw_titled(
                look,
                key=f"beside_{NETS[label]}",
                title=TITLES[label],
                legend=label == "flat",
                fill="half",
            )
    with stage.below:
        st.caption(
            "Both look letters up in one embedding, which all positions share. From there on the flat "
            "net has a weight of its own for every place: what “el” means in its hidden layer is "
            "learned anew at each of the eight places. In the tree all pairs pass through the same "
            "weights."
        )


def _compare(nets: dict[str, Checkpoint], looks: dict[str, Look]) -> None:
    """Sizes, losses, and what each expects here."""
    about = {label: net.metadata for label, net in nets.items()}
    rows = {
        "parameters": {label: f"{each.parameters:,}" for label, each in about.items()},
        "dev loss": {label: f"{each.losses['dev']:.4f}" for label, each in about.items()},
        "expects": {label: _expected(nets[label], look) for label, look in looks.items()},
    }
    table = [{"": what, **cells} for what, cells in rows.items()]
    place_table(table)


def _expected(net: Checkpoint, look: Look) -> str:
    best = net.vocabulary.letters[int(look.probabilities.argmax())]
    return f"{plain(best)}, {float(look.probabilities.max()):.1%}"
