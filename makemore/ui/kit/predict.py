"""Predict, then reveal: a question whose answer is not in the page until the learner commits."""

from collections.abc import Mapping

import streamlit as st

SHOWN = ""  # in the place of an answer: the learner asked to be shown


def ask_to_predict(
    question: str, choices: Mapping[str, str], *, answer: str | None, key: str
) -> bool:
    """Ask; after the learner commits, say why the choice was right or wrong. True once it may be seen.

    choices: each answer on offer with the feedback for whoever chose it; that of the answer is also
    what is told to those who ask to be shown. answer: None while it is still being worked out: then whoever
    commits is told that, and not the feedback. Draw what gives the answer away only when this has
    returned True; a picture of what is asked about belongs above the question.
    """
    with st.container(border=True, key=f"{key}_question", gap="small"):
        st.markdown(f"**Before you look:** {question}")
        done = f"{key}_committed"
        committed: str | None = st.session_state.get(done)
        if committed is None:
            _ask(list(choices), key, done)
            return False
        if answer is None:
            said = f"You said **{committed}**. " if committed else ""
            st.markdown(f"{said}The answer is still being counted, and comes by itself.")
            return False
        if committed == SHOWN:
            st.info(f"It is **{answer}**. {choices[answer]}", icon=":material/visibility:")
        elif committed == answer:
            st.success(f"**{answer}** is right. {choices[answer]}", icon=":material/check_circle:")
        else:
            why = f"You said **{committed}**: {choices[committed]} It is **{answer}**."
            st.info(why, icon=":material/lightbulb:")
    return True


def _ask(choices: list[str], key: str, done: str) -> None:
    chosen = st.radio("Your guess", choices, index=None, key=key)
    with st.container(horizontal=True):
        st.button(
            "Commit",
            key=f"{key}_commit",
            disabled=chosen is None,
            on_click=lambda: st.session_state.update({done: chosen}),
        )
        st.button(
            "Show me",
            key=f"{key}_show",
            type="tertiary",
            on_click=lambda: st.session_state.update({done: SHOWN}),
        )
