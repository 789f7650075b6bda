"""The training panel's logic, without a browser: which button does what, and in which state."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from makemore import checkpoints, jobs
from makemore.ui.moments import Moments
from makemore.ui.training.offer import Run
from tests.pages.test_pages import charts, opened

PAGE, STEP, KEY = "mlp.py", "4", "train_mlp"
PATIENCE = 60.0


@pytest.fixture(autouse=True)
def fresh_jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Jobs and saved files of this test alone."""
    jobs.shared().close()
    monkeypatch.setenv("MAKEMORE_AUTOSAVE", str(tmp_path / "autosave"))
    monkeypatch.setattr(checkpoints, "OWN", tmp_path / "own")
    yield
    jobs.shared().close()


def panel() -> AppTest:
    """The panel on a recipe with small, quick steps."""
    app = opened(PAGE, step=STEP)
    app.segmented_control(key=f"{KEY}_recipe").set_value("lecture").run()
    app.number_input(key=f"{KEY}_lecture_steps").set_value(150_000).run()
    return app


def press(app: AppTest, name: str) -> AppTest:
    app.button(key=f"{KEY}_{name}").click().run()
    assert not app.exception
    return app


def label(app: AppTest, name: str) -> str:
    return app.button(key=f"{KEY}_{name}").label


def enabled(app: AppTest) -> set[str]:
    """The words on the buttons that can be pressed."""
    names = ("play", "step", "stop", "reset", "save")
    buttons = [app.button(key=f"{KEY}_{name}") for name in names]
    return {button.label for button in buttons if not button.disabled}


def progress(app: AppTest) -> str:
    text: str = app.get("progress")[0].proto.text
    return text


def figure(app: AppTest, label: str) -> str:
    (found,) = [metric.value for metric in app.metric if metric.label == label]
    return found


def run_of(app: AppTest) -> Run:
    run: Run = app.session_state[f"{KEY}_run"]
    return run


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


def test_shows_the_shipped_training_before_any_click() -> None:
    app = opened(PAGE, step=STEP)
    assert "Not started" in progress(app)
    assert any("Loss over" in alt for alt in charts(app))
    assert enabled(app) == {"Start"}


def test_buttons_follow_the_state() -> None:
    app = press(panel(), "play")
    assert enabled(app) == {"Pause", "Stop", "Reset"}
    press(app, "play")
    assert "Paused" in progress(app)
    assert enabled(app) >= {"Resume", "Step", "Stop", "Reset"}
    press(app, "play")
    assert enabled(app) == {"Pause", "Stop", "Reset"}
    press(app, "stop")
    assert "Stopped" in progress(app)
    assert enabled(app) >= {"Start", "Reset"}


def test_a_step_is_one_step() -> None:
    app = press(press(panel(), "play"), "play")
    before = run_of(app).handle.snapshot().step
    press(app, "step")
    assert run_of(app).handle.snapshot().step == before + 1
    assert "Paused" in progress(app)


def test_reset_goes_back_to_the_identical_start() -> None:
    app = press(panel(), "play")
    until(app, lambda a: reached(a, 2000))
    press(app, "play")
    before = run_of(app).handle.snapshot().raw
    press(app, "reset")
    assert run_of(app).handle.snapshot().step == 0
    press(app, "play")
    until(app, lambda a: reached(a, 2000))
    after = press(app, "stop").session_state[f"{KEY}_run"].handle.snapshot().raw
    assert after[:3] == before[:3]


def test_settings_decide_what_is_trained() -> None:
    app = panel()
    wanted = {"lecture_learning_rate": 0.05, "lecture_batch_size": 16, "seed": 0, "hidden": 50}
    for name, value in wanted.items():
        app.number_input(key=f"{KEY}_{name}").set_value(value)
    press(app, "play")
    spec = run_of(app).spec
    assert (spec.recipe.learning_rate, spec.recipe.batch_size, spec.seed) == (0.05, 16, 0)
    assert dict(spec.settings)["hidden"] == 50


def test_defaults_follow_the_recipe() -> None:
    app = opened(PAGE, step=STEP)
    large = app.number_input(key=f"{KEY}_fast_batch_size").value
    app.segmented_control(key=f"{KEY}_recipe").set_value("lecture").run()
    assert app.number_input(key=f"{KEY}_lecture_batch_size").value == 32 != large


def test_the_learning_rate_can_change_under_way() -> None:
    app = press(panel(), "play")
    app.number_input(key=f"{KEY}_lecture_learning_rate").set_value(0.03)
    press(app, "rate_now")
    assert run_of(app).handle.snapshot().learning_rate == 0.03


def test_divergence_is_explained_and_repaired() -> None:
    app = panel()
    app.number_input(key=f"{KEY}_lecture_learning_rate").set_value(1000.0)
    press(app, "play")
    until(app, lambda a: "Diverged" in progress(a))
    assert "learning rate 1000" in app.warning[0].value
    assert label(app, "repair") == "Start again with learning rate 100"
    press(app, "repair")
    assert run_of(app).spec.recipe.learning_rate == 100
    assert app.number_input(key=f"{KEY}_lecture_learning_rate").value == 100


def test_a_finished_run_can_be_saved_and_opened_again() -> None:
    app = panel()
    app.number_input(key=f"{KEY}_lecture_steps").set_value(200)
    press(app, "play")
    until(app, lambda a: "Finished" in progress(a))
    press(app, "save")
    assert "Saved as" in app.success[0].value
    path: Path = app.session_state[f"{KEY}_saved"]
    assert checkpoints.load(path).metadata.step == 200
    assert len(app.get("download_button")) == 2


def test_a_checkpoint_that_cannot_be_written_is_explained(tmp_path: Path) -> None:
    (tmp_path / "own").write_text("a file where the folder should be")
    app = press(press(panel(), "play"), "play")
    press(app, "step")
    press(app, "save")
    assert "could not be saved" in app.error[0].value.replace("\\", "")


def test_the_slider_goes_back() -> None:
    app = opened(PAGE, step=STEP)
    last = figure(app, "Dev loss")
    app.select_slider(key=f"{KEY}_moment_").set_value(0).run()
    assert figure(app, "Step") == "0"
    assert float(figure(app, "Dev loss")) > float(last)


def test_the_slider_goes_back_in_a_live_run() -> None:
    app = press(panel(), "play")
    until(app, lambda a: reached(a, 3000))
    press(app, "play")
    newest = int(figure(app, "Step").replace(",", ""))
    app.select_slider(key=f"{KEY}_moment_newest").set_value(10).run()
    assert 0 < int(figure(app, "Step").replace(",", "")) < newest


@pytest.mark.parametrize("which", ["shipped", "0"])
def test_another_run_can_be_laid_over(which: str) -> None:
    app = press(panel(), "play")
    until(app, lambda a: reached(a, 1000))
    press(app, "stop")
    press(app, "play")
    app.selectbox(key=f"{KEY}_other").set_value(which).run()
    assert any("Two runs" in alt for alt in charts(app))


def test_another_page_lets_go_of_the_run() -> None:
    app = press(panel(), "play")
    first = run_of(app)
    app.query_params["step"] = "5"
    app.switch_page("pages/mlp_bn.py").run()
    app.button(key="train_mlp_bn_play").click().run()
    assert first.handle.wait(lambda state: state.status == "stopped", PATIENCE)


def test_who_stops_stops_alone() -> None:
    """Equal settings are one training, and yet each has buttons of their own."""
    one, two = press(panel(), "play"), press(panel(), "play")
    assert run_of(one).handle.id == run_of(two).handle.id
    press(one, "stop")
    assert "Stopped" in progress(one)
    assert run_of(two).handle.snapshot().active


def test_thirty_sessions_know_nothing_of_each_other() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    names = [f"{letters[i % 26]}q{letters[i // 26]}z" for i in range(30)]
    apps = [opened(PAGE, step=STEP, name=name) for name in names]
    press(apps[0], "play")
    for app, name in zip(apps, names, strict=True):
        app.run()
        assert app.text_input(key="name").value == name
        shown = " ".join(str(each.value) for each in [*app.markdown, *app.caption, *app.table])
        assert not [other for other in names if other != name and other in shown]
    assert all("Not started" in progress(app) for app in apps[1:])


def test_moments_are_seen_from_the_last_one_that_is_not_later() -> None:
    moments = Moments((0, 1, 5, 20))
    assert [moments.back_to(step).step for step in (0, 4, 5, 19, 99)] == [0, 1, 5, 5, 20]
    assert moments.step == 20
    assert Moments().step == 0
