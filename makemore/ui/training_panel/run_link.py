"""The token of a run in the address of the page, and the link to hand on. Knows no job."""

from urllib.parse import urlencode

import streamlit as st

PARAMETER = "run"


def shown_token() -> str:
    """The token in the address, "" if there is none."""
    return str(st.query_params.get(PARAMETER, ""))


def show_token(token: str) -> None:
    """Put this token into the address, or take away the one that is there."""
    if token == shown_token():
        return
    if token:
        st.query_params[PARAMETER] = token
    else:
        del st.query_params[PARAMETER]


def link_to(token: str) -> str:
    """The address of this step with another token, and without the learner's name."""
    step = st.query_params.get("step")
    query = {**({"step": step} if step else {}), PARAMETER: token}
    return f"{st.context.url or ''}?{urlencode(query)}"
