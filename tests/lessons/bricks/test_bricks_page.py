"""The page of the bricks: presets, changes, and stacks that do not fit."""

import pytest
from streamlit.testing.v1 import AppTest

from makemore.lessons.bricks import brick_builder
from makemore.models.brick_stack import write
from tests.pages.opening import opened, said


@pytest.mark.parametrize(
    ("start", "told"),
    [
        ("tree", ""),
        ("flat", ""),
        ("deep", "Brick 14: no positions are left"),
        ("order", "positions"),
    ],
)
def test_presets_fit_or_say_why_not(start: str, told: str) -> None:
    app = opened("bricks.py")
    app.segmented_control(key="bricks_from").set_value(start).run()
    assert not app.exception
    assert (told in said(app)) if told else not said(app)
    assert bool(app.code) or bool(told)


def test_bricks_are_taken_out_put_in_and_changed() -> None:
    app = opened("bricks.py")
    app.selectbox(key="bricks_chosen").set_value(3).run()
    app.number_input[0].set_value(40).run()
    assert "Linear(20, 40, bias=False)" in app.code[0].value
    app.button(key="bricks_arrow_downward").click().run()
    assert app.selectbox(key="bricks_chosen").value == 4  # the brick stays in hand
    app.button(key="bricks_delete").click().run()
    assert write(app.session_state[brick_builder.STACK]).count("Linear 40") == 0
    app.button(key="bricks_add").click().run()
    assert not app.exception
    assert len(app.session_state[brick_builder.STACK]) == len(
        brick_builder.preset_bricks("tree", 27)
    )


def test_every_brick_can_be_taken_out() -> None:
    app = opened("bricks.py")
    for _ in range(14):
        app.button(key="bricks_delete").click().run()
        assert not app.exception
    assert app.button(key="bricks_delete").disabled
    assert "there is no brick" in said(app)
    assert "cannot be trained" in said(in_step(app, "2"))


def in_step(app: AppTest, step: str) -> AppTest:
    app.query_params["step"] = step
    return app.run()
