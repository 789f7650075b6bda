"""The step of the training: nothing is trained before the answer; then its numbers are those of the engine."""

import pytest
from streamlit.testing.v1 import AppTest

from makemore.lessons.backprop import train_by_hand
from makemore.lessons.backprop.one_batch import pass_of
from makemore.lessons.backprop.train_by_hand import differences_of, trained
from makemore.ui.kit.ask_beside import WAITS
from makemore.ui.kit.chosen_list import shipped_list
from makemore.ui.sources import beside
from tests.pages.opening import charts, opened

PAGE, STEP = "backprop.py", "7"


def finished(**link: str) -> AppTest:
    """The step after its question, once the trainings are there."""
    app = opened(PAGE, step=STEP, **link).button(key="losses_part_show").click().run()
    while app.session_state.get(WAITS):
        beside.begin(lambda: None).result(timeout=60)
        app.run()
    return app


def test_before_the_answer_there_are_the_gradients_of_one_batch_and_no_training(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AssertionError("trained before a click")

    monkeypatch.setattr(train_by_hand, "train_each_way", fail)
    app = opened(PAGE, step=STEP)
    [told] = charts(app)
    for name, verdict, largest in differences_of(pass_of(shipped_list(), "emma")).itertuples(
        index=False, name=None
    ):
        assert verdict in ("exact", "approximate")
        assert f"{name} {verdict if verdict == 'exact' else f'{largest:.1e}'}" in told
    assert not app.exception


@pytest.mark.parametrize("numbers", ["float32", "float64"])
def test_the_page_says_how_far_the_trainings_part(numbers: train_by_hand.Numbers) -> None:
    app = finished(numbers=numbers, steps="30", order="3")
    assert not app.exception
    again = trained(shipped_list(), numbers, 30, 3)
    told = " ".join(each.value for each in app.markdown)
    assert f"Largest difference of a loss **{again.largest:.1e}**" in told
    table = app.table[0].value
    assert table["digits"].tolist() == ["4", "5", "6", "7"]
    assert table["print alike up to step"].tolist() == [f"{n}" for n in again.alike.values()]
    if numbers == "float64":
        assert again.largest < 1e-12
    curves, apart = charts(app)
    for way, loss in again.curves.groupby("way", sort=False)["loss"].last().items():
        assert f"{way} {loss:.4f}" in curves
    assert f"{again.largest:.1e} at most" in apart
    assert app.query_params["steps"] == "30"


def test_each_choice_is_told_why() -> None:
    for choice in opened(PAGE, step=STEP).radio[0].options:
        app = opened(PAGE, step=STEP, steps="10")
        app.radio(key="losses_part").set_value(choice).run()
        app.button(key="losses_part_commit").click().run()
        right = [box.value for box in app.success]
        assert bool(right) == (choice == "they stay as close")
