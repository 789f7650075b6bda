"""The box for the seed of what is drawn, and a button to the next one. Knows no model and no page."""

import streamlit as st

from makemore.ui.kit import links
from makemore.ui.kit.links import MOST_SEED


def seed_box(
    key: str,
    first: int,
    *,
    next_label: str = "Next seed",
    next_key: str = "",
    in_link: bool = False,
) -> int:
    """The seed that the learner has chosen, `first` at first.

    With a `next_key` a button of that key stands beside it, which goes on to the next seed. `in_link`
    makes it the seed of the link, which all such boxes share.
    """
    box = f"{key}_box" if key == links.SEED else key  # that key is of what the link is bound to
    chosen = links.read_seed(first) if in_link else int(st.session_state.get(box, first))
    if st.session_state.get(box) != chosen:
        st.session_state[box] = chosen
    seed = st.number_input(
        "Seed",
        0,
        MOST_SEED,
        key=box,
        on_change=_put_into_link if in_link else None,
        args=(box, first),
        width=150,
        help="The same seed gives the same random numbers."
        + (" It is part of the link." if in_link else ""),
    )
    if next_key:
        st.button(
            next_label,
            key=next_key,
            icon=":material/casino:",
            on_click=_go_on,
            args=(box, int(seed), first if in_link else None),
        )
    return int(seed)


def _put_into_link(box: str, usual: int) -> None:
    links.put_seed(int(st.session_state[box]), usual)


def _go_on(box: str, seed: int, usual: int | None) -> None:
    """To the next seed; that of the link, where it has a `usual` one."""
    following = (seed + 1) % (MOST_SEED + 1)
    if usual is not None:
        links.put_seed(following, usual)
    st.session_state[box] = following
