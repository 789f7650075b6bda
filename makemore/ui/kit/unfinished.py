"""What a browser left unfinished: it remembers the links of its trainings itself. Knows no job.

The server knows nobody, and a link is all that leads to a training. So a script notes the token in the
address while a training is not over, and fills the list where a page has a place for it.
"""

from pathlib import Path

import streamlit as st

SCRIPT = Path(__file__).with_name("unfinished.js").read_text()
PLACE = '<nav class="unfinished-runs" aria-label="Trainings left unfinished in this browser"></nav>'


def show_unfinished() -> None:
    """The place that the browser fills; it is empty where nothing was left."""
    st.html(PLACE)
