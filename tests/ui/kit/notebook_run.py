"""Takes the notebook of a page, runs it and compares what both say, for the tests of notebooks. No tests here."""

import ast
import contextlib
import io
from typing import Any

import nbformat
import pytest
from streamlit.testing.v1 import AppTest

from makemore.ui.kit.ask_beside import WAITS
from makemore.ui.sources import beside
from tests.pages.opening import charts

BUTTON = "Open as notebook"


def run(text: str) -> list[str]:
    """The lines that the cells of a notebook print, run one after the other."""
    world: dict[str, Any] = {"__name__": "__main__"}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        for code in cells(text):
            exec(compile(code, "cell", "exec"), world)
    return printed.getvalue().splitlines()


def cells(text: str) -> list[str]:
    """The code of a notebook, cell by cell."""
    return [c.source for c in nbformat.reads(text, as_version=4).cells if c.cell_type == "code"]


def handed_over(app: AppTest) -> str:
    """The notebook of the step that is shown, as a press of its button would give it."""
    taken: list[Any] = []

    def take(label: str, data: Any, **_: Any) -> bool:
        taken.extend([data] * (label == BUTTON))
        return False

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("streamlit.download_button", take)
        app.run()
    assert not app.exception
    (write,) = taken
    text = str(write().decode())
    nbformat.validate(nbformat.reads(text, as_version=4))
    return text


def can_be_pressed(app: AppTest) -> bool:
    """Whether the step can be had as a notebook now."""
    (button,) = [each.proto for each in app.get("download_button") if each.proto.label == BUTTON]
    return not button.disabled


def settings_in(text: str) -> dict[str, Any]:
    """What the first cell sets, but the list."""
    found = {}
    for line in ast.parse(cells(text)[0]).body:
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
            with contextlib.suppress(ValueError):
                found[line.targets[0].id] = ast.literal_eval(line.value)
    return found


def shown(app: AppTest) -> str:
    """All that the page says, questions answered, without the marks of markdown."""
    for button in app.button:
        if str(button.key).endswith("_show"):
            button.click().run()
    while app.session_state.get(WAITS):
        beside.begin(lambda: None).result(timeout=60)  # after all that is worked out beside
        app.run()
    parts = [str(each.value) for each in [*app.markdown, *app.caption, *app.metric, *app.info]]
    parts += charts(app)
    parts += [table.value.to_csv() for table in app.table]
    return plainly(" ".join(parts))


def plainly(text: str) -> str:
    return text.replace("\\", "").replace("−", "-").replace("*", "").replace("\u00a0", " ")


def missing(app: AppTest, printed: list[str]) -> list[tuple[str, str]]:
    """Of what a notebook prints after a colon what the page does not show."""
    lines, page = [line for line in printed if ": " in line], shown(app)
    lacking = [
        (line, part)
        for line in lines
        for part in plainly(line.rsplit(": ", 1)[1]).split(", ")
        if part not in page
    ]
    if lacking and WAITS in app.session_state and app.session_state[WAITS]:
        beside.begin(lambda: None).result(timeout=60)  # after what was asked for before
        return missing(app.run(), printed)
    return lacking
