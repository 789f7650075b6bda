"""The pages as Streamlit's navigation takes them. Knows no page."""

from copy import copy
from functools import cache

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from makemore.ui.kit.page_table import HOME, group_by_section


def pages_by_section() -> dict[str, list[StreamlitPage]]:
    """The pages of each section for `st.navigation`, which sets marks on them: each run gets its own."""
    return {section: [copy(page) for page in pages] for section, pages in _made().items()}


@cache
def _made() -> dict[str, list[StreamlitPage]]:
    # Made once: each looks for its file and resolves its path, a tenth of a millisecond in every run.
    return {
        section: [
            st.Page(
                page.path, title=page.title, icon=f":material/{page.icon}:", default=page is HOME
            )
            for page in pages
        ]
        for section, pages in group_by_section().items()
    }
