"""The button that hands a step over as a notebook, with the settings that it has just now. Knows no page."""

from typing import Any

import streamlit as st

from makemore.experiments.nets_of_lists import OWN
from makemore.ui.kit import links
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.draw_step import Step, list_of
from makemore.ui.kit.links import View
from makemore.ui.kit.notebooks import lacks, settings_of, write_notebook
from makemore.ui.kit.safe_text import plain

MIME = "application/x-ipynb+json"


def offer_notebook(step: Step, about: ChosenList, name: str, place: str) -> None:
    """Draw it. Nothing is written before it is pressed, and then what the step shows at that time.

    `place` tells the step from all others. It cannot be pressed while the step does not know what it
    would train.
    """
    assert step.notebook is not None
    about, name = list_of(step, about, name)
    view, seed = links.current_view(), links.said_seed()

    def settings() -> dict[str, Any]:
        # Of a step that waits for its nets there is no view: then it begins as the step will.
        return _known(step, name, seed, view if view.place == place else View())

    def write() -> bytes:
        return _write(step, about, name, settings()).encode()

    st.download_button(
        "Open as notebook",
        write,
        file_name=f"{place.replace(' ', '-')}.ipynb",
        mime=MIME,
        key="notebook",
        icon=":material/download:",
        on_click="ignore",
        type="tertiary",
        disabled=lacks(step.notebook, settings(), _at_first(name)),
        help="A Jupyter notebook that works out the numbers of this step, with its present settings. It "
        "runs in the folder of the project.",
    )


def _known(step: Step, name: str, seed: str, view: View) -> dict[str, Any]:
    # Where a training has a seed of its own, that of the link is the one of the names.
    said = {"seed": seed, "names_seed": seed} if seed else {}
    return {"name": name, **step.settings, **said, **view.words, **view.settings}


def _write(step: Step, about: ChosenList, name: str, known: dict[str, Any]) -> str:
    assert step.notebook is not None
    settings = settings_of(step.notebook, known, first=_at_first(name))
    text = step.elsewhere if about.own and step.elsewhere else step.takeaway
    return write_notebook(
        step.notebook,
        settings,
        about.name_list,
        title=step.title,
        about=text + _tell_files(settings),
    )


def _at_first(name: str) -> dict[str, Any]:
    """Of what pages ask for, and begin with a part of the name."""
    return {"letter": name[0], "prefix": name[: max(1, len(name) // 2)]}


def _tell_files(settings: dict[str, Any]) -> str:
    """Which checkpoints only the visitor has, and where the notebook looks for them."""
    words = [value for value in settings.values() if isinstance(value, str)]
    own = [plain(word.removeprefix(OWN)) for word in words if word.startswith(OWN)]
    if not own:
        return ""
    return (
        f"\n\nOf your own: {', '.join(own)}. It is looked for in the folder `checkpoints/own` of the "
        "project: download it on the page Checkpoints, and unpack the zip there."
    )
