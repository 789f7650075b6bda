"""Every question: nothing that gives the answer away is in the page before the learner commits."""

import pytest

from tests.pages.opening import charts, committed, opened

# Page, step and key of the questions that stand alone on their step.
ALONE = [
    ("wavenet.py", "4", "bug_gain"),
    ("wavenet.py", "5", "slid_new"),
    ("bricks.py", "4", "gate_share"),
]


@pytest.mark.parametrize(("page", "step", "key"), ALONE)
def test_prediction_hides_its_answer_until_committed(page: str, step: str, key: str) -> None:
    app = opened(page, step=step)
    assert not charts(app)
    assert not app.metric
    app = committed(app, key)
    assert charts(app)
    assert "You said" in " ".join(box.value for box in [*app.info, *app.success])
    assert not app.exception


def test_a_wrong_answer_is_told_the_right_one() -> None:
    app = opened("bigram.py", step="5")
    before = len(charts(app))
    assert not any("4,410" in box.value for box in app.info)
    app.radio(key="bigram_first").set_value("k").run()
    app.button(key="bigram_first_commit").click().run()
    assert "It is **a**" in app.info[0].value
    assert len(charts(app)) > before
