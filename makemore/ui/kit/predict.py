"""Predict, then reveal: a question whose answer is not in the page until the learner commits."""

from collections.abc import Mapping

import streamlit as st


def ask_to_predict(question: str, choices: Mapping[str, str], *, answer: str, key: str) -> bool:
    """Ask; after the learner commits, say why the choice was right or wrong. True once committed.

    choices: each answer on offer with the feedback for whoever chose it. Draw what gives the answer
    away only when this has returned True.
    """
    with st.container(border=True):
        st.markdown(f"**Before you look:** {question}")
        done = f"{key}_committed"
        committed: str | None = st.session_state.get(done)
        if committed is None:
            _ask(list(choices), key, done)
            return False
        right = committed == answer
        icon = ":material/check_circle:" if right else ":material/lightbulb:"
        said = f"You said **{committed}**. "
        verdict = "That is right. " if right else f"It is **{answer}**. "
        (st.success if right else st.info)(said + verdict + choices[committed], icon=icon)
    return True


def _ask(choices: list[str], key: str, done: str) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.radio("Your guess", choices, index=None, horizontal=True, key=key)
        st.button(
            "Commit",
            key=f"{key}_commit",
            disabled=chosen is None,
            on_click=lambda: st.session_state.update({done: chosen}),
        )
