"""How a page turns from step to step: by a row of all of them, by keys, by buttons below, to the page after it.

Left and Right, and PageUp and PageDown, which the remote control of a presenter sends, turn a step. A
slider, a radio button or a text that has the focus keeps its keys: Streamlit sees to that. Knows no step.
"""

import time
from collections.abc import Sequence

import streamlit as st

from makemore.ui.kit import links
from makemore.ui.kit.page_table import Page

BACK, NEXT = ":material/arrow_back:", ":material/arrow_forward:"


def draw_rail(labels: Sequence[str]) -> int:
    """All steps in one row, which scrolls sideways where it is narrow; the number of the chosen one."""
    number = links.read_step(len(labels))
    key = "rail"
    st.session_state[key] = number
    st.segmented_control(
        "Steps of this page",
        range(1, len(labels) + 1),
        format_func=lambda i: f"{i}  {labels[i - 1]}",
        key=key,
        on_change=lambda: links.go_to(st.session_state[key] or number),
        required=True,
        label_visibility="collapsed",
        width="stretch",
        wrap=False,
    )
    return number


def draw_arrows(number: int, count: int) -> bool:
    """Back and on by the arrow keys, which is all that is seen of them; whether to go on to the next page."""
    _draw_key("Back", "arrow_back", "Left", number - 1, there=number > 1)
    if number < count:
        _draw_key("Next", "arrow_next", "Right", number + 1)
        return False
    # A key of its own: under that of another step, the press would count once more on the next page.
    return st.button("Next page", key="arrow_on", shortcut="Right")


def _draw_key(label: str, key: str, stroke: str, to: int, *, there: bool = True) -> None:
    st.button(label, key=key, shortcut=stroke, disabled=not there, on_click=links.go_to, args=(to,))


def draw_turn(titles: Sequence[str], number: int, after: Page, *, follow: bool) -> None:
    """Back on the left, Next on the right; after the last step the next page, which a key may `follow`."""
    with st.container(
        key="turn", horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        if number > 1:
            _draw_turn("Back", titles[number - 2], number - 1)
        else:
            st.space("small")
        if number < len(titles):
            _draw_turn("Next", titles[number], number + 1)
        else:
            st.page_link(
                after.path, label=f"Next page: {after.title}", icon=NEXT, icon_position="right"
            )
            with st.container(key="unseen", width="content"):
                follow |= st.button("Next page", key="page_down", shortcut="PageDown")
    if follow:
        _follow_link()


def _draw_turn(way: str, title: str, number: int) -> None:
    back = way == "Back"
    st.button(
        f"{way}: {title}",
        key=way.lower(),
        icon=BACK if back else NEXT,
        icon_position="left" if back else "right",
        shortcut="PageUp" if back else "PageDown",
        # Never primary: its white text is too faint on the accent of the dark theme.
        type="tertiary" if back else "secondary",
        on_click=links.go_to,
        args=(number,),
    )


def _follow_link() -> None:
    # Not by st.switch_page, which clears the link and adds entries to the history of the browser.
    _run_script(f"/* {time.time_ns()} */ document.querySelector('.st-key-turn a').click()")


def scroll_to_top(page: Page, number: int) -> None:
    """Another step begins at its top."""
    # The text changes with the step, or the browser would not run it again.
    _run_script(
        f"/* {page.file} {number} */ document.querySelector('[data-testid=stMain]').scrollTo(0, 0)"
    )


def _run_script(script: str) -> None:
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)
