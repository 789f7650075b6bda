"""Handles the training panel of a page as a learner does, for the tests of this folder."""

import time
from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from makemore.ui.kit.own_checkpoints import SHELF, Own
from makemore.ui.training_panel.offer import Run
from tests.pages.opening import opened

PAGE, STEP, KEY = "mlp_training.py", "3", "train_mlp"
PATIENCE = 60.0


def panel() -> AppTest:
    """The panel on a recipe with small, quick steps."""
    app = opened(PAGE, step=STEP)
    app.segmented_control(key=f"{KEY}_recipe").set_value("lecture").run()
    app.number_input(key=f"{KEY}_lecture_steps").set_value(150_000).run()
    return app


def press(app: AppTest, name: str, *, key: str = KEY) -> AppTest:
    app.button(key=f"{key}_{name}").click().run()
    assert not app.exception
    return app


def label(app: AppTest, name: str, *, key: str = KEY) -> str:
    return app.button(key=f"{key}_{name}").label


def enabled(app: AppTest, *, key: str = KEY) -> set[str]:
    """The words on the buttons that can be pressed."""
    names = ("play", "step", "stop", "reset", "save")
    buttons = [app.button(key=f"{key}_{name}") for name in names]
    return {button.label for button in buttons if not button.disabled}


def progress(app: AppTest) -> str:
    text: str = app.get("progress")[0].proto.text
    return text


def figure(app: AppTest, label: str) -> str:
    (found,) = [metric.value for metric in app.metric if metric.label == label]
    return found


def run_of(app: AppTest, *, key: str = KEY) -> Run:
    run: Run = app.session_state[f"{key}_run"]
    return run


def saved(app: AppTest, *, key: str = KEY) -> Own:
    """What was saved last at the panel, with its files."""
    own: Own = app.session_state[SHELF].kept[app.session_state[f"{key}_saved"]]
    return own


def until(app: AppTest, holds: Callable[[AppTest], bool]) -> AppTest:
    """What the polling does in a browser: look again until it is so."""
    deadline = time.monotonic() + PATIENCE
    while not holds(app):
        assert time.monotonic() < deadline, progress(app)
        time.sleep(0.05)
        app.run()
    return app


def reached(app: AppTest, step: int) -> bool:
    return run_of(app).handle.snapshot().step >= step
