"""Says that a value sent for a control was refused, beside that control. Knows no control and no page."""

import streamlit as st

from makemore.ui.kit import links

KEY = "refused_values"  # of the session: the controls whose newest value was refused
TEXT = "A control here was sent a value that it does not offer; it is not used."


def refuse_value(control: str) -> None:
    """Note that what was sent for this control is not used; for callbacks and checks before a run."""
    st.session_state[KEY] = waiting() | {control}


def waiting() -> frozenset[str]:
    """The controls whose refused value the visitor has not been told of."""
    found: frozenset[str] = st.session_state.get(KEY, frozenset())
    return found


def tell_refused(control: str) -> None:
    """Say it where the control is about to be drawn, once."""
    if control not in waiting():
        return
    key = control.split("-")[-1]
    if key in links.CARRIED:  # nobody sees these boxes: the frame of the page says it
        links.notify(key, links.Notice(TEXT))
    else:
        st.warning(TEXT, icon=":material/info:")
    st.session_state[KEY] = waiting() - {control}
