"""The frame of every page: title, name, steps with their links, code. Knows no model and no chart."""

import inspect
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from makemore.ui.kit import chart_files, links, turn_steps, unfinished
from makemore.ui.kit.draw_step import Step, draw_step, or_told
from makemore.ui.kit.list_box import ask_list
from makemore.ui.kit.name_box import ask_name
from makemore.ui.kit.offer_notebook import offer_notebook
from makemore.ui.kit.page_table import Page, find_next_page, find_page
from makemore.ui.kit.safe_text import plain
from makemore.ui.kit.stage import Stage

__all__ = ["Stage", "Step", "around_pages", "show_page"]

STYLE = f"<style>{Path(__file__).with_name('stage.css').read_text()}</style>"
# One element: each costs every run of every page a third of a millisecond.
SCRIPTS = "\n".join(["<script>", links.SCRIPT, unfinished.SCRIPT, chart_files.SCRIPT, "</script>"])
CODE = "code_box"
WARNED = "list_warned"  # in the session of a visitor who has been told that the list is another


_around: ContextVar[bool] = ContextVar("around", default=False)


@contextmanager
def around_pages() -> Iterator[None]:
    """Draw what all pages share; for app.py, around the run of a page, where it stays as pages change."""
    st.html(STYLE)
    with st.container(key="carried"):  # nobody sees it
        links.carry()
        st.html(SCRIPTS, unsafe_allow_javascript=True)
    token = _around.set(True)
    try:
        yield
    finally:
        _around.reset(token)


def show_page(file: str, steps: Sequence[Step]) -> None:
    """Draw the step that the link asks for; `file` is the page's own, as the table of pages names it.

    Data or a checkpoint that cannot be used ends in a message that says what to do.
    """
    # A page may run without app.py: by a link to a server that has not yet named its pages, and in tests.
    with nullcontext() if _around.get() else around_pages():
        or_told(lambda: _show_page(find_page(file), steps))


def _show_page(page: Page, steps: Sequence[Step]) -> None:
    with st.container(key="slim", horizontal=True, vertical_alignment="center", gap="small"):
        st.title(page.heading or page.title, anchor=False, width="content")
        number = turn_steps.draw_rail([step.short or step.title for step in steps])
        follow = turn_steps.draw_arrows(number, len(steps))
        about = ask_list()
        name = ask_name(about.vocabulary, about.names)
    told = _draw_notices()
    if warned := bool(about.name_list.warning) and WARNED not in st.session_state:
        st.warning(about.name_list.warning, icon=":material/warning:")
    step = steps[number - 1]
    place = f"{page.file} {number}"
    draw_step(step, about, name, place)
    with st.container(key="behind", horizontal=True, gap="small"):
        _show_code(step.code)
        if step.notebook:
            offer_notebook(step, about, name, place)
    titles = [step.title for step in steps]
    turn_steps.draw_turn(titles, number, find_next_page(page), follow=follow)
    turn_steps.scroll_to_top(page, number)
    if warned:  # noted only now: a run that was broken off has shown nobody anything
        st.session_state[WARNED] = True
    if told:
        links.forget_notices()


def _draw_notices() -> bool:
    """What the link or the name box asked for in vain, and a name that would do."""
    notices = links.read_notices()
    for key, notice in notices.items():
        with st.container(key=f"{key}_notice", horizontal=True, vertical_alignment="center"):
            st.warning(notice.text, icon=":material/info:")
            if notice.offer:
                label, taken = f"Use {plain(notice.offer)}", (notice.offer,)
                st.button(label, key="use_offer", on_click=links.put_name, args=taken)
    return bool(notices)


def _show_code(functions: Sequence[Callable[..., Any]]) -> None:
    """The very source that ran for this step."""
    if not functions:
        return
    label = "Show the code that did this"
    box = st.expander(label, icon=":material/code:", key=CODE, on_change="rerun")
    if box.open:  # closed, as it mostly is, it costs the runs of a page nothing
        with box:
            for function in functions:
                st.code(_source(function), language="python")


@lru_cache(maxsize=256)
def _source(function: Callable[..., Any]) -> str:
    """Its text, read and cut out once: that takes milliseconds."""
    return textwrap.dedent(inspect.getsource(function))
