"""The box for the seed of what is drawn, and a button to the next one. Knows no model and no page."""

import streamlit as st

MOST_SEED = 9999


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
    makes the seed part of the link, under `key`.
    """
    seed = st.number_input(
        "Seed",
        0,
        MOST_SEED,
        first,
        key=key,
        bind="query-params" if in_link else None,
        width=150,
        help="The same seed gives the same random numbers."
        + (" It is part of the link." if in_link else ""),
    )
    if next_key:
        st.button(next_label, key=next_key, icon=":material/casino:", on_click=_go_on, args=(key,))
    return int(seed)


def _go_on(key: str) -> None:
    st.session_state[key] = (int(st.session_state[key]) + 1) % (MOST_SEED + 1)
