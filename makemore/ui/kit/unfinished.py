"""What a browser left unfinished: it remembers the links of its trainings itself. Knows no job.

The server knows nobody, and a link is all that leads to a training. So a script notes the token in the
address while a training is not over, and fills the list where a page has a place for it.
"""

from pathlib import Path

import streamlit as st

REMEMBER = Path(__file__).with_name("unfinished.js").read_text()
PLACE = '<nav class="unfinished-runs" aria-label="Trainings left unfinished in this browser"></nav>'


def remember_runs() -> None:
    """Let the browser note what it trains; for app.py, on every page."""
    with st.container(key="carried_runs"):
        st.html(f"<script>{REMEMBER}</script>", unsafe_allow_javascript=True)


def show_unfinished() -> None:
    """The place that the browser fills; it is empty where nothing was left."""
    st.html(PLACE)
