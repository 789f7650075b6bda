"""The frame of every page: title, name, steps with their links, code. Knows no model and no chart."""

import inspect
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from makemore.checkpoints.metadata import CheckpointError
from makemore.data.name_lists import NameListError
from makemore.experiments.studies import StudyError
from makemore.ui.kit import chart_files, links, turn_steps, unfinished
from makemore.ui.kit.chosen_list import ChosenList, shipped_list
from makemore.ui.kit.list_box import ask_list
from makemore.ui.kit.name_box import ask_name
from makemore.ui.kit.page_table import Page, find_next_page, find_page
from makemore.ui.kit.safe_text import plain
from makemore.ui.kit.stage import Stage

__all__ = ["Stage", "Step", "around_pages", "show_page"]

STYLE = Path(__file__).with_name("stage.css")
FOLLOWS = ("bigram", "bigram_nn")  # the pages that follow a list of the visitor's own
WARNED = "list_warned"  # in the session of a visitor who has been told that the list is another


@dataclass(frozen=True)
class Step:
    """One thing to see. `takeaway` is a sentence that tells it to those who do not act.

    `body` draws it and gets the list that the visitor looks at and the learner's name; `code` are the
    functions that did the work. `short`
    is its name among the others, where a phone has room for few words. A control of the step runs its
    body alone, unless it `polls`: then the body makes fragments of its own, and to begin or end them
    takes a run of the whole page. `pace` tells how often the body runs by itself, in seconds, if it does.
    """

    title: str
    takeaway: str
    body: Callable[[ChosenList, str, Stage], None]
    code: tuple[Callable[..., Any], ...] = ()
    short: str = ""
    polls: bool = False
    pace: Callable[[], float | None] = lambda: None


_around: ContextVar[bool] = ContextVar("around", default=False)


@contextmanager
def around_pages() -> Iterator[None]:
    """Draw what all pages share; for app.py, around the run of a page, where it stays as pages change."""
    st.html(STYLE)
    links.carry()
    unfinished.remember_runs()
    chart_files.offer_chart_files()
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
        _or_told(lambda: _show_page(find_page(file), steps))


def _or_told(draw: Callable[[], None]) -> None:
    """Draw, or say which file or list is at fault."""
    try:
        draw()
    except (NameListError, CheckpointError, StudyError) as error:
        st.error(plain(str(error)), icon=":material/error:")


def _show_page(page: Page, steps: Sequence[Step]) -> None:
    with st.container(key="slim", horizontal=True, vertical_alignment="center", gap="small"):
        st.title(page.heading or page.title, anchor=False, width="content")
        number = turn_steps.draw_rail([step.short or step.title for step in steps])
        follow = turn_steps.draw_arrows(number, len(steps))
        about = ask_list() if page.file in FOLLOWS else shipped_list()
        name = ask_name(about.vocabulary, about.names)
    told = _draw_notices()
    if warned := bool(about.name_list.warning) and WARNED not in st.session_state:
        st.warning(about.name_list.warning, icon=":material/warning:")
    step = steps[number - 1]
    _show_body(step, about, name, f"{page.file} {number}")
    _show_code(step.code)
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


def _show_body(step: Step, about: ChosenList, name: str, place: str) -> None:
    # Inside a fragment an error is at home: from there none would reach the one around the page.
    (_draw_body if step.polls else st.fragment(_draw_body, run_every=step.pace()))(
        step, about, name, place
    )


def _draw_body(step: Step, about: ChosenList, name: str, place: str) -> None:
    with st.container(key="stage"):
        with st.container(key="stage_head", gap="xsmall"):
            st.header(step.title, anchor=False)
            st.markdown(step.takeaway)
        picture = st.container(key="stage_picture")
        controls = st.container(key="stage_controls")
    below = st.container(
        key="stage_below"
    )  # outside: the picture stays in view only beside controls
    with links.drawing(place):
        _or_told(lambda: step.body(about, name, Stage(picture, controls, below)))


def _show_code(functions: Sequence[Callable[..., Any]]) -> None:
    """The very source that ran for this step."""
    if not functions:
        return
    with st.expander("Show the code that did this", icon=":material/code:"):
        for function in functions:
            st.code(_source(function), language="python")


@lru_cache(maxsize=256)
def _source(function: Callable[..., Any]) -> str:
    """Its text, read and cut out once: that takes milliseconds."""
    return textwrap.dedent(inspect.getsource(function))
