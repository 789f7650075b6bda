"""What the panel refuses, in words: settings that are too large, and more saves than a visitor has."""

import pytest
from streamlit.testing.v1 import AppTest

from makemore.checkpoints import store
from makemore.ui.kit import own_checkpoints
from tests.ui.training_panel.handling import KEY, panel, press, progress, reached, until

pytestmark = pytest.mark.usefixtures("fresh_jobs")


def warnings(app: AppTest) -> str:
    return " ".join(warning.value for warning in app.warning).replace("\\", "")


def put(app: AppTest, name: str, value: int) -> AppTest:
    app.number_input(key=f"{KEY}_{name}").set_value(value).run()
    return app


def test_too_large_a_step_is_refused_with_what_fits() -> None:
    app = put(put(put(panel(), "hidden", 1024), "embedding", 64), "lecture_batch_size", 0)
    press(app, "play")
    assert "seconds is over the limit" in warnings(app)
    assert "a mini-batch of 8,192 fits" in warnings(app)
    assert "Not started" in progress(app)
    press(put(app, "lecture_batch_size", 32), "play")
    assert not warnings(app)
    until(app, lambda a: reached(a, 1))


def test_saves_have_an_end_that_is_told() -> None:
    app = press(panel(), "play")
    until(app, lambda a: reached(a, 10))
    press(app, "play")
    for _ in range(6):
        press(app, "save")
    press(app, "save")
    assert "you have made 6 saves in the last minute" in " ".join(
        error.value for error in app.error
    )
    assert len(app.session_state[own_checkpoints.SHELF].kept) == 6
    assert not store.OWN.exists()  # on a server nothing of it is written
