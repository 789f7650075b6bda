"""The step of a page in its link, `?step=3`. Knows no page."""

import streamlit as st

from makemore.ui.kit.links import switches
from makemore.ui.kit.links.notices import Notice, notify, parse_number, shorten

STEP = "step"


def read_step(count: int) -> int:
    """The step of the link; anything that the page does not have leaves it and is the first, and said so."""
    asked = st.query_params.get(STEP, "1")
    number = parse_number(asked)
    if 1 <= number <= count:
        return number
    del st.query_params[STEP]
    text = f"This page has the steps 1 to {count}, not {shorten(asked)}; here is the first."
    notify(STEP, Notice(text))
    return 1


def go_to(number: int) -> None:
    """Turn to a step of the page that is open; for callbacks. The switches of the former one stay behind."""
    # The step first: the address that is left behind, to which the browser goes back, keeps its switches.
    if number > 1:
        st.query_params[STEP] = str(number)
    else:
        st.query_params.pop(STEP, None)
    switches.leave_view()
