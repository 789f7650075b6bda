"""Lets the browser keep any chart as PNG and SVG, and its data as CSV. Knows no chart.

The script adds itself to the bar that Streamlit draws over a chart, for pointer, finger and keyboard.
"""

from pathlib import Path

import streamlit as st

SCRIPT = Path(__file__).with_name("chart_files.js").read_text()


def offer_chart_files() -> None:
    """For app.py, on every page."""
    with st.container(key="carried_files"):
        st.html(f"<script>{SCRIPT}</script>", unsafe_allow_javascript=True)
