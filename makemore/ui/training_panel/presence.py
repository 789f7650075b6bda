"""Names the session of a visitor, and tells whether one is still connected. Knows no job and no page."""

import uuid

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx


def session_token() -> str:
    """A name for this session that says nothing of the learner."""
    context = get_script_run_ctx()
    server_id = context.session_id if context else ""
    return str(st.session_state.setdefault("training_session", f"{server_id}/{uuid.uuid4().hex}"))


def is_here(session: str) -> bool:
    """The same where there is a server; without one, as in a test, everybody is there."""
    return not runtime.exists() or is_connected(session)


def is_connected(session: str) -> bool:
    """Whether the browser of the session with this token is there: a closed or reloaded tab is gone."""
    server_id = session.rpartition("/")[0]
    return runtime.exists() and runtime.get_instance().is_active_session(server_id)
