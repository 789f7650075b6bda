"""Every question: a picture above it, nothing given away, feedback by choice, answers that are kept."""

from time import sleep

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.opening import charts, opened

QUESTIONS = [
    ("bigram.py", "3"),
    ("bigram.py", "4"),
    ("bigram.py", "5"),
    ("bigram_nn.py", "4"),
    ("mlp.py", "2"),
    ("mlp.py", "4"),
    ("mlp_training.py", "4"),
    ("initialisation.py", "1"),
    ("initialisation.py", "5"),
    ("initialisation.py", "6"),
    ("batch_norm.py", "2"),
    ("batch_norm.py", "4"),
    ("batch_norm.py", "6"),
    ("diagnostics.py", "5"),
    ("backprop.py", "7"),
    ("backprop.py", "6"),
    ("backprop.py", "1"),
    ("backprop.py", "3"),
    ("wavenet.py", "4"),
    ("wavenet.py", "5"),
    ("bricks.py", "4"),
    ("name_lab.py", "6"),
    ("scoreboard.py", "2"),
    ("checkpoints.py", "7"),
    ("experiments.py", "3"),
]

# What the link says besides the step: where the question is asked with one setting of a switch alone, and
# where what it hides would else take seconds.
SWITCHED = {
    ("backprop.py", "1"): {"form": "shared"},
    ("backprop.py", "7"): {"steps": "10"},
}


def at_first(page: str, step: str) -> AppTest:
    """The step as a visitor finds it."""
    return opened(page, step=step, **SWITCHED.get((page, step), {}))


def key_of(app: AppTest) -> str:
    """The key of the one question of a step."""
    [radio] = app.radio
    return str(radio.key)


def feedback(app: AppTest) -> list[str]:
    """What is told of an answer; other notes of the page do not begin so."""
    boxes = [box.value for box in [*app.info, *app.success]]
    return [text for text in boxes if text.startswith(("You said", "It is")) or "is right." in text]


def ready(page: str, step: str) -> AppTest:
    """The step once what it works out beside itself is there."""
    return settled(at_first(page, step))


def settled(app: AppTest) -> AppTest:
    """The same once nothing is worked out any more."""
    for _ in range(600):
        if not any("are being " in each.value for each in app.caption):
            break
        sleep(0.1)
        app.run()
    return app


def answered(page: str, step: str, choice: str) -> AppTest:
    app = ready(page, step)
    key = key_of(app)
    app.radio(key=key).set_value(choice).run()
    return app.button(key=f"{key}_commit").click().run()


@pytest.mark.parametrize(("page", "step"), QUESTIONS)
def test_a_question_has_a_picture_and_each_choice_its_own_feedback(page: str, step: str) -> None:
    assert key_of(at_first(page, step)), "asked before the answer is known"
    app = ready(page, step)
    assert charts(app)
    assert not feedback(app)
    key = key_of(app)
    assert app.button(key=f"{key}_commit").disabled
    told = {choice: feedback(answered(page, step, choice)) for choice in app.radio[0].options}
    assert all(len(texts) == 1 for texts in told.values())
    right = [choice for choice, [text] in told.items() if "is right." in text]
    assert len(right) == 1
    # Without what the three forms have in common, no two choices are told the same.
    bare = {
        text.replace(f"You said **{choice}**: ", "").replace(f" It is **{right[0]}**.", "")
        for choice, [text] in told.items()
    }
    assert len(bare) == len(told)
    shown = app.button(key=f"{key}_show").click().run()
    [text] = feedback(shown)
    assert text.startswith(f"It is **{right[0]}**.")


@pytest.mark.parametrize(("page", "step"), QUESTIONS)
def test_what_a_question_hides_is_not_in_the_page_before(page: str, step: str) -> None:
    app = ready(page, step)
    before = charts(app)
    key = key_of(app)
    after = charts(settled(app.button(key=f"{key}_show").click().run()))
    assert after != before
    assert not app.exception


def test_an_answer_is_kept_for_the_visit() -> None:
    app = answered("bigram.py", "5", "k")
    [told] = feedback(app)
    assert "It is **a**" in told
    app.query_params["step"] = "1"
    app.run()
    app.switch_page("pages/mlp.py").run()
    app.query_params["step"] = "5"
    app.switch_page("pages/bigram.py").run()
    assert feedback(app) == [told]
