"""Which letter of the name is to be guessed: one place back, one on. Knows no net."""

import streamlit as st

from makemore.ui.kit import links
from makemore.ui.kit.safe_text import plain
from makemore.ui.sources import fusion_trees


def choose_position(name: str, key: str = "tree_at") -> int:
    """Which letter of the name is to be guessed; at first the last one before its end."""
    targets, key = fusion_trees.targets_of(name), f"{key}_{name}"
    last = len(targets) - 1
    at = links.bound("at", key=key, options=range(last + 1), first=last - 1, keep=True)
    st.markdown(f"After **{plain(name[:at]) or 'nothing'}** comes **{plain(targets[at])}**")
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
    return at


def _move(key: str, way: int) -> None:
    st.session_state[key] += way
