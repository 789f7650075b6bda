"""The flat net beside the tree, over the same letters. Knows both nets, not the page."""

import streamlit as st

from makemore.lessons.wavenet import letter_position, name_tree
from makemore.ui.kit.safe_text import plain
from makemore.ui.sources import fusion_trees, loaded

FLAT, TREE = "mlp_bn_8", "wavenet_22k"


def show_flat_and_tree(name: str) -> None:
    """One hidden layer that sees all letters at once, and levels that join two at a time."""
    at = letter_position.choose_position(name)
    flat = fusion_trees.look_at_flat_net(loaded.checkpoint(FLAT), name, at)
    fused = fusion_trees.look_at_tree(loaded.checkpoint(TREE), name, at)
    for label, key, look in (("Flat", FLAT, flat), ("Tree", TREE, fused)):
        about = loaded.checkpoint(key).metadata
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            st.markdown(f"**{label}**")
            st.metric("Weights", f"{about.parameters:,}")
            st.metric("Dev loss", f"{about.losses['dev']:.4f}")
            chance = float(look.probabilities.max())
            best = loaded.vocabulary().letters[int(look.probabilities.argmax())]
            st.metric("It expects", f"{plain(best)}, {chance:.1%}")
        name_tree.draw_tree(look, key=f"beside_{key}")
    st.caption(
        "Same letters, data, seed and about as many weights; the recipe is each model's own. In the "
        "flat net every hidden number has a weight of its own for every letter at every place, so "
        "what it learns of “el” at one place helps it at no other. In the tree all pairs pass "
        "through the same weights."
    )
