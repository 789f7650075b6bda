"""The training panel's logic, without a browser: which button does what, and in which state."""

from dataclasses import replace
from itertools import islice, product
from pathlib import Path

import pytest

from makemore.checkpoints import store
from makemore.data.examples import Dataset
from makemore.data.name_lists import parse_names
from makemore.training.recipes import recipe_for
from makemore.ui.kit import own_checkpoints
from makemore.ui.sources import loaded
from makemore.ui.training_panel.status import write_loss
from tests.pages.opening import charts, opened
from tests.ui.training_panel.handling import (
    KEY,
    PAGE,
    STEP,
    enabled,
    label,
    panel,
    press,
    progress,
    reached,
    run_of,
    saved,
    until,
)

pytestmark = pytest.mark.usefixtures("fresh_jobs")


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
    until(app, lambda a: label(a, "repair").startswith("Start again with learning rate "))
    offered = float(label(app, "repair").rsplit(" ", 1)[1])
    assert offered < 1000
    press(app, "repair")
    assert run_of(app).spec.recipe.learning_rate == offered
    assert app.number_input(key=f"{KEY}_lecture_learning_rate").value == offered
    until(app, lambda a: reached(a, 500))  # what is offered works: the loss falls below its start
    state = run_of(app).handle.snapshot()
    assert state.sick_loss is None
    assert sum(loss for _, loss in state.losses[-3:]) / 3 < state.raw[0][1]


def test_the_repair_starts_the_same_run_again_whatever_the_settings_say_now() -> None:
    app = panel()
    app.number_input(key=f"{KEY}_lecture_learning_rate").set_value(1000.0)
    press(app, "play")
    until(app, lambda a: "Diverged" in progress(a))
    until(app, lambda a: label(a, "repair").startswith("Start again with learning rate "))
    former = run_of(app).spec
    app.number_input(key=f"{KEY}_seed").set_value(5)
    app.segmented_control(key=f"{KEY}_recipe").set_value("fast").run()
    offered = float(label(app, "repair").rsplit(" ", 1)[1])
    press(app, "repair")
    assert run_of(app).spec == replace(former, recipe=former.recipe.at_rate(offered))


def test_the_rate_of_adam_follows_the_learning_rate_that_is_set() -> None:
    """So that what is started is what was tried when a rate is offered."""
    app = opened(PAGE, step=STEP)
    app.number_input(key=f"{KEY}_fast_learning_rate").set_value(0.04)
    press(app, "play")
    recipe, usual = run_of(app).spec.recipe, recipe_for("fast", "mlp")
    assert recipe.learning_rate == 0.04 == pytest.approx(usual.learning_rate / 10)
    assert recipe.adam_learning_rate == pytest.approx(usual.adam_learning_rate / 10)


def test_a_long_list_is_offered_larger_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """240,000 names of four letters, 960,000 examples to train on: more than the box has otherwise."""
    four = map("".join, product("abcdefghijklmnopqrstuvwxyz", repeat=4))
    long = Dataset(parse_names("\n".join(islice(four, 240_000)), "long"), loaded.vocabulary())
    monkeypatch.setattr(loaded, "dataset", lambda: long)
    app = opened(PAGE, step=STEP)
    for recipe, batch in (("fast", 960_000 // 65 + 1), ("lecture", 32)):
        app.segmented_control(key=f"{KEY}_recipe").set_value(recipe).run()
        assert app.number_input(key=f"{KEY}_{recipe}_batch_size").value == batch


def test_a_finished_run_can_be_saved_and_opened_again() -> None:
    app = panel()
    app.number_input(key=f"{KEY}_lecture_steps").set_value(200)
    press(app, "play")
    until(app, lambda a: "Finished" in progress(a))
    press(app, "save")
    assert "Saved as" in app.success[0].value
    own = saved(app)
    assert own.checkpoint.metadata.step == 200
    assert set(own.files) == {"safetensors", "trajectory.safetensors", "json"}
    labels = [button.proto.label for button in app.get("download_button")]
    assert any(label.startswith("Download, ") for label in labels)


def test_on_a_machine_of_ones_own_it_is_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAKEMORE_KEEP", "1")
    app = press(press(panel(), "play"), "play")
    press(app, "step")
    press(app, "save")
    path = store.OWN / app.session_state[f"{KEY}_saved"]
    assert store.load(path).metadata.step == run_of(app).handle.snapshot().step
    assert own_checkpoints.SHELF not in app.session_state


def test_a_checkpoint_that_cannot_be_written_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAKEMORE_KEEP", "1")
    (tmp_path / "own").write_text("a file where the folder should be")
    app = press(press(panel(), "play"), "play")
    press(app, "step")
    press(app, "save")
    assert "could not be saved" in app.error[0].value.replace("\\", "")


@pytest.mark.parametrize(
    ("loss", "written"),
    [
        (None, "–"),
        (2.15239, "2.152"),
        (99.9, "99.900"),
        (1420.06, "1,420.1"),
        (98765.4, "98,765"),
        (123456789.0, "1.2e+08"),
    ],
)
def test_a_loss_has_as_many_digits_as_mean_anything(loss: float | None, written: str) -> None:
    assert write_loss(loss) == written
