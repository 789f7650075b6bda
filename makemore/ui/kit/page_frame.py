"""The frame of every page: title, name, steps with their links, code. Knows no model and no chart."""

import inspect
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from makemore.checkpoints.metadata import CheckpointError
from makemore.data.name_lists import NameList, NameListError
from makemore.data.vocabulary import Vocabulary
from makemore.ui.kit.name_box import ask_name
from makemore.ui.kit.page_table import Page, find_next_page, find_page
from makemore.ui.kit.safe_text import plain
from makemore.ui.sources import loaded

STYLE = Path(__file__).with_name("stage.css")
WARNED = "list_warned"  # in the session of a visitor who has been told that the list is another


@dataclass(frozen=True)
class Stage:
    """The places of a step. On a phone they stand one below the other: picture, controls, below.

    picture: what there is to see, at the height of the screen. controls: what changes it, beside it,
    with its numbers and a few words. below: what is looked at second, under both.
    """

    picture: DeltaGenerator
    controls: DeltaGenerator
    below: DeltaGenerator


@dataclass(frozen=True)
class Step:
    """One thing to see. `takeaway` is a sentence that tells it to those who do not act.

    `body` draws it and gets the learner's name; `code` are the functions that did the work. `short`
    is its name among the others, where a phone has room for few words. A control of the step runs its
    body alone, unless it `polls`: then the body makes fragments of its own, and to begin or end them
    takes a run of the whole page. `pace` tells how often the body runs by itself, in seconds, if it does.
    """

    title: str
    takeaway: str
    body: Callable[[str, Stage], None]
    code: tuple[Callable[..., Any], ...] = ()
    short: str = ""
    polls: bool = False
    pace: Callable[[], float | None] = lambda: None


About = tuple[Vocabulary, NameList]  # what a page is about: an alphabet and a list of names


def shared_list() -> About:
    """The alphabet that the shipped checkpoints know, and the names that are here."""
    return loaded.vocabulary(), loaded.name_list()


def show_page(
    file: str, steps: Sequence[Step], *, about: Callable[[], About] = shared_list
) -> None:
    """Draw the step that the link asks for; `file` is the page's own, as the table of pages names it.

    `about` is called beside the name box, may draw there, and says which list the page is about.
    Data or a checkpoint that cannot be used ends in a message that says what to do.
    """
    st.html(STYLE)
    _or_told(lambda: _show_page(find_page(file), steps, about))


def _or_told(draw: Callable[[], None]) -> None:
    """Draw, or say which file or list is at fault."""
    try:
        draw()
    except (NameListError, CheckpointError) as error:
        st.error(plain(str(error)), icon=":material/error:")


def _show_page(page: Page, steps: Sequence[Step], about: Callable[[], About]) -> None:
    with st.container(key="slim", horizontal=True, vertical_alignment="center", gap="small"):
        st.title(page.title, anchor=False, width="content")
        number = _draw_rail(steps)
        _draw_arrows(number, len(steps))
        vocabulary, names = about()
        name, trouble = ask_name(vocabulary, names.names)
    if trouble:
        st.warning(trouble, icon=":material/keyboard:")
    if warned := bool(names.warning) and WARNED not in st.session_state:
        st.warning(names.warning, icon=":material/warning:")
    step = steps[number - 1]
    _show_body(step, name)
    _show_code(step.code)
    _draw_turn(steps, number, find_next_page(page))
    _scroll_to_top(page, number)
    if warned:  # noted only now: a run that was broken off has shown nobody anything
        st.session_state[WARNED] = True


def _show_body(step: Step, name: str) -> None:
    # Inside a fragment an error is at home: from there none would reach the one around the page.
    (_draw_body if step.polls else st.fragment(_draw_body, run_every=step.pace()))(step, name)


def _draw_body(step: Step, name: str) -> None:
    with st.container(key="stage"):
        with st.container(key="stage_head", gap="xsmall"):
            st.header(step.title, anchor=False)
            st.markdown(step.takeaway)
        picture = st.container(key="stage_picture")
        controls = st.container(key="stage_controls")
    below = st.container(
        key="stage_below"
    )  # outside: the picture stays in view only beside controls
    _or_told(lambda: step.body(name, Stage(picture, controls, below)))


def _scroll_to_top(page: Page, number: int) -> None:
    """Another step begins at its top; the text changes with the step, or the browser would not run it."""
    script = (
        f"/* {page.file} {number} */ document.querySelector('[data-testid=stMain]').scrollTo(0, 0)"
    )
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)


def _draw_rail(steps: Sequence[Step]) -> int:
    """All steps in one row; returns the number of the chosen one."""
    number = _asked_step(len(steps))
    key = "rail"
    st.session_state[key] = number
    st.segmented_control(
        "Steps of this page",
        range(1, len(steps) + 1),
        format_func=lambda i: f"{i}  {steps[i - 1].short or steps[i - 1].title}",
        key=key,
        on_change=lambda: go_to(st.session_state[key]),
        required=True,
        label_visibility="collapsed",
        width="stretch",
        wrap=False,
    )
    return number


def _draw_arrows(number: int, count: int) -> None:
    """Back and on in the slim row, by the arrow keys too; the style sheet shows the keys alone."""
    for label, key, stroke, to in (
        ("Back", "arrow_back", "Left", number - 1),
        ("Next", "arrow_next", "Right", number + 1),
    ):
        there = 1 <= to <= count
        st.button(label, key=key, shortcut=stroke, disabled=not there, on_click=go_to, args=(to,))


def _asked_step(count: int) -> int:
    """The step of the link, `?step=3`; anything else is the first, and said so."""
    asked = st.query_params.get("step", "1")
    if asked.isascii() and asked.isdigit() and 1 <= int(asked[:9]) <= count:
        return int(asked)
    st.info(
        f"This page has the steps 1 to {count}, not {plain(asked[:40])}; here is the first.",
        icon=":material/info:",
    )
    return 1


def go_to(number: int) -> None:
    """Turn to a step of the page that is open; for callbacks."""
    st.query_params["step"] = str(number)


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


def _draw_turn(steps: Sequence[Step], number: int, after: Page) -> None:
    """Back on the left, Next on the right; after the last step, the page that follows."""
    with st.container(
        key="turn", horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        if number > 1:
            _draw_turn_button("back", f"Back: {steps[number - 2].title}", number - 1)
        else:
            st.space("small")
        if number < len(steps):
            _draw_turn_button("next", f"Next: {steps[number].title}", number + 1)
        else:
            st.page_link(
                after.path,
                label=f"Next page: {after.title}",
                icon=":material/arrow_forward:",
                icon_position="right",
            )


def _draw_turn_button(way: str, label: str, number: int) -> None:
    back = way == "back"
    st.button(
        label,
        key=way,
        icon=":material/arrow_back:" if back else ":material/arrow_forward:",
        icon_position="left" if back else "right",
        # Never primary: its white text is too faint on the accent of the dark theme.
        type="tertiary" if back else "secondary",
        on_click=go_to,
        args=(number,),
    )
