"""One step of a page: its head, its body on the stage, or what stands in the way of it. Knows no page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from makemore.checkpoints.metadata import CheckpointError
from makemore.data.name_lists import NameListError
from makemore.experiments.study_variants import StudyError
from makemore.ui.kit import links
from makemore.ui.kit.chosen_list import ChosenList, NotTrainedError, shipped_list
from makemore.ui.kit.name_box import DEFAULT, check_name
from makemore.ui.kit.notebooks import Notebook
from makemore.ui.kit.safe_text import plain
from makemore.ui.kit.stage import Stage
from makemore.ui.training_panel.own_nets import train_missing

NEEDS = "needed_nets"  # in the session: place -> key of a list, and nets that a step needed of it
OF_COURSE = (
    "This step is about the course's names and the nets that were trained on them, whichever list the "
    "other steps are about."
)


@dataclass(frozen=True)
class Step:
    """One thing to see. `takeaway` is a sentence that tells it to those who do not act.

    `body` draws it and gets the list that the visitor looks at and the learner's name; `code` are the
    functions that did the work, `notebook` is one whose body works out its main numbers, and `settings`
    are those of its arguments that nobody changes. `short` is its name among the others, where a phone
    has room for few words. `elsewhere` is the takeaway for a list of one's own, where the usual one holds for the
    course's names alone; a step `of_course` is about those whichever list is looked at. A control of
    the step runs its body alone, unless it `polls`: then the body makes fragments of its own, and to
    begin or end them takes a run of the whole page. `pace` tells how often the body runs by itself, in
    seconds, if it does.
    """

    title: str
    takeaway: str
    body: Callable[[ChosenList, str, Stage], None]
    code: tuple[Callable[..., Any], ...] = ()
    notebook: Notebook | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    short: str = ""
    elsewhere: str = ""
    of_course: bool = False
    polls: bool = False
    pace: Callable[[], float | None] = lambda: None


def draw_step(step: Step, about: ChosenList, name: str, place: str) -> None:
    """Draw it; where a net has yet to be trained on the visitor's list, the way to that in its place.

    `place` tells the step from all others.
    """
    if missing := _missing_nets(about, place):
        stage = _lay_stage(step, about)
        train_missing(about, missing, stage)
        if _is_switched():
            label = "Back to what this step begins with"
            stage.controls.button(label, key="own_nets_not", on_click=_switch_back, args=(place,))
        return
    # Inside a fragment an error is at home: from there none would reach the one around the page.
    (_draw_body if step.polls else st.fragment(_draw_body, run_every=step.pace()))(
        step, about, name, place
    )


def list_of(step: Step, about: ChosenList, name: str) -> tuple[ChosenList, str]:
    """The list and the name that the step is about."""
    if not (step.of_course and about.own):
        return about, name
    of_course = shipped_list()
    return of_course, DEFAULT if check_name(name, of_course.vocabulary)[1] else name


def or_told(draw: Callable[[], None]) -> None:
    """Draw, or say which file or list is at fault."""
    try:
        draw()
    except (NameListError, CheckpointError, StudyError) as error:
        st.error(plain(str(error)), icon=":material/error:")


def _missing_nets(about: ChosenList, place: str) -> Sequence[str]:
    """The nets that the step asked for in vain when it was drawn last, if they are still missing."""
    key, names = st.session_state.get(NEEDS, {}).get(place, ("", ()))
    return about.missing(names) if key == about.key else ()


def _is_switched() -> bool:
    """Whether a switch of the step stands elsewhere than at first: then that asked for the net."""
    return any(name in st.query_params for name in links.current_view().values)


def _switch_back(place: str) -> None:
    """Let all switches of the step begin anew."""
    asked = [name for name in links.current_view().values if name in st.query_params]
    for switch in links.current_view().switches.values():
        st.session_state.pop(switch.key, None)
    links.current_view().switches.clear()
    for name in asked:
        del st.query_params[name]
    st.session_state.get(NEEDS, {}).pop(place, None)


def _draw_body(step: Step, about: ChosenList, name: str, place: str) -> None:
    stage = _lay_stage(step, about)
    if step.of_course and about.own:
        stage.controls.info(OF_COURSE, icon=":material/info:")
    about, name = list_of(step, about, name)
    try:
        with links.drawing(place):
            or_told(lambda: step.body(about, name, stage))
    except NotTrainedError as lacking:
        # What is drawn already cannot be taken back, so the page runs again and knows it beforehand.
        needs = st.session_state.setdefault(NEEDS, {})
        needs[place] = (about.key, lacking.names)
        st.rerun()


def _lay_stage(step: Step, about: ChosenList) -> Stage:
    with st.container(key="stage"):
        with st.container(key="stage_head", gap="xsmall"):
            st.header(step.title, anchor=False)
            st.markdown(step.elsewhere if about.own and step.elsewhere else step.takeaway)
        picture = st.container(key="stage_picture")
        controls = st.container(key="stage_controls")
    # Outside: the picture stays in view only beside controls.
    return Stage(picture, controls, st.container(key="stage_below"))
