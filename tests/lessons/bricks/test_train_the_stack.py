"""The training panel around a net of one's own bricks: it has no shipped training, and its stack changes."""

from functools import partial

import pytest
import torch
from streamlit.testing.v1 import AppTest

from makemore.data.name_lists import parse_names
from makemore.lessons.bricks import brick_builder
from makemore.lessons.bricks.train_the_stack import KEY
from makemore.models.brick_stack import parse, write
from makemore.training.recipes import RECIPES
from makemore.ui.kit import chosen_list
from makemore.ui.kit.moment_slider import recorded_moments
from makemore.ui.sources import loaded
from makemore.ui.training_panel import live_moments
from tests.pages.opening import charts, opened, said
from tests.ui.training_panel import handling
from tests.ui.training_panel.handling import figure, progress, saved, until

pytestmark = pytest.mark.usefixtures("fresh_jobs")

TINY = "Embedding 2, FlattenConsecutive 8, Linear 27"
TANH = "Embedding 2, FlattenConsecutive 8, Linear 9, Tanh, Linear 27"
press, run_of = partial(handling.press, key=KEY), partial(handling.run_of, key=KEY)
enabled, label = partial(handling.enabled, key=KEY), partial(handling.label, key=KEY)


def built(text: str) -> AppTest:
    """The panel of this stack."""
    return changed(opened("bricks.py", step="2"), text)


def changed(app: AppTest, text: str) -> AppTest:
    """The same session with this stack on step 1."""
    app.session_state[brick_builder.STACK] = parse(text)
    app.run()
    assert not app.exception
    return app


def slowly(app: AppTest, **settings: float) -> AppTest:
    """On the recipe with small, quick steps, and so many of them that none is missed."""
    app.segmented_control(key=f"{KEY}_recipe").set_value("lecture").run()
    for name, value in {"steps": 150_000, **settings}.items():
        app.number_input(key=f"{KEY}_lecture_{name}").set_value(value)
    return app.run()


def finished(app: AppTest, steps: int = 200) -> AppTest:
    """Trained to the end."""
    press(slowly(app, steps=steps), "play")
    return until(app, lambda a: "Finished" in progress(a))


def captions(app: AppTest) -> str:
    return " ".join(each.value for each in app.caption).replace("\\", "").replace("\u00a0", " ")


def test_the_axes_wait_and_say_so() -> None:
    app = opened("bricks.py", step="2")
    assert enabled(app) == {"Start"}
    steps = RECIPES["fast"]["wavenet"].steps
    assert f"Not started:** {steps:,} steps" in progress(app)
    assert any(f"Loss over {steps:,}" in alt for alt in charts(app))
    assert "not started yet" in captions(app)
    slider = app.select_slider(key=f"{KEY}_moment_")
    assert slider.disabled
    assert slider.value == 0


def test_the_start_is_shown_before_and_is_that_of_the_run() -> None:
    app = built(TANH)
    assert any("Histograms of the activation" in alt for alt in charts(app))
    run = run_of(finished(app, steps=20))
    trained = recorded_moments(run.handle.trajectory()).back_to(0)
    waiting = live_moments.moments_at_start(run.spec, run.handle.job.dataset)
    assert waiting.pictures.keys() == trained.pictures.keys() == {"embedding", "tanh1"}
    assert all(torch.equal(waiting.now(name), trained.now(name)) for name in waiting.pictures)


def test_letters_are_those_of_the_name_list() -> None:
    names = parse_names("аня\nборя\nвера\nглеб\nдаша\nева\nжора\nзоя\nира\nкира", "ru.txt")
    mine = chosen_list.own_list(names)
    app = opened("bricks.py", step="2")
    app.session_state[chosen_list.KEPT] = mine
    press(slowly(app.run(), steps=20), "play")
    until(app, lambda a: "Finished" in progress(a))
    assert f"Linear {len(mine.vocabulary)}" in dict(run_of(app).spec.settings)["bricks"]


def test_the_recipes_are_those_of_the_tree() -> None:
    app = built(TINY)
    assert app.segmented_control(key=f"{KEY}_recipe").options == ["Fast", "Lecture", "Best"]
    press(app, "play")
    assert run_of(app).spec.recipe == RECIPES["fast"]["wavenet"]
    assert dict(run_of(app).spec.settings)["bricks"] == TINY


@pytest.mark.parametrize("recipe", ["fast", "lecture", "best"])
def test_every_recipe_trains_it(recipe: str) -> None:
    app = built(TANH)
    app.segmented_control(key=f"{KEY}_recipe").set_value(recipe).run()
    app.number_input(key=f"{KEY}_{recipe}_steps").set_value(20)
    press(app, "play")
    until(app, lambda a: "Finished" in progress(a))
    assert float(figure(app, "Dev loss")) < 3.4


def test_buttons_follow_the_state() -> None:
    app = press(slowly(built(TINY)), "play")
    assert enabled(app) == {"Pause", "Stop", "Reset"}
    press(app, "play")
    before = run_of(app).handle.snapshot().step
    press(app, "step")
    assert run_of(app).handle.snapshot().step == before + 1
    press(app, "stop")
    assert enabled(app) >= {"Start", "Reset"}
    press(app, "reset")
    assert run_of(app).handle.snapshot().step == 0


def test_the_slider_goes_back_in_curve_and_activations() -> None:
    app = finished(built(TANH))
    app.select_slider(key=f"{KEY}_moment_newest").set_value(3).run()
    assert 0 < int(figure(app, "Step")) < 200
    assert any("Histograms of the activation" in alt for alt in charts(app))


def test_a_changed_stack_stops_the_former_and_is_ready_to_start() -> None:
    app = press(slowly(built(TINY)), "play")
    former = run_of(app)
    changed(app, TANH)
    assert former.handle.snapshot().status == "stopped"
    assert "Not started" in progress(app)
    assert enabled(app) == {"Start"}
    press(app, "play")
    assert dict(run_of(app).spec.settings)["bricks"] == TANH


def test_a_stack_that_does_not_fit_stops_the_former_too() -> None:
    app = press(slowly(built(TINY)), "play")
    former = run_of(app)
    changed(app, "Embedding 2, Linear 27")
    assert "cannot be trained: brick 2: 8 positions are left" in said(app).replace("\\", "")
    assert former.handle.snapshot().status == "stopped"


def test_the_same_stack_keeps_its_run() -> None:
    app = press(slowly(built(TINY)), "play")
    run = run_of(app)
    for step in ("1", "2"):
        app.query_params["step"] = step
        app.run()
    assert run_of(app) is run
    assert run.handle.snapshot().active


def test_the_former_stack_can_be_laid_over() -> None:
    app = changed(finished(built(write(brick_builder.preset_bricks("flat", 27))), steps=20), TINY)
    box = app.selectbox(key=f"{KEY}_other")
    assert box.options[1].startswith("Flat, 22,097 parameters, lecture, seed 42")
    box.set_value("0").run()
    assert any("Two runs" in alt for alt in charts(app))  # also before the new one has begun
    press(app, "play")
    assert "This run: 3 bricks" in captions(app)
    assert "Laid over it: Flat" in captions(app)
    assert "FlattenConsecutive 8, Linear 200" in captions(app)


def test_saved_and_opened_again() -> None:
    app = press(finished(built(TANH)), "save")
    assert "Saved as" in app.success[0].value
    again = saved(app, key=KEY).checkpoint
    about = again.metadata
    assert (about.model, about.step, about.config["bricks"]) == ("bricks", 200, TANH)
    dev = run_of(app).handle.snapshot().evaluated[-1].dev
    assert about.losses["dev"] == pytest.approx(dev, abs=1e-5)
    assert again.vocabulary.characters == loaded.vocabulary().characters
    assert not changed(app, TINY).success  # it was about the former stack


def test_divergence_is_explained_and_repaired() -> None:
    app = press(slowly(built(TINY), learning_rate=1000.0), "play")
    until(app, lambda a: "Diverged" in progress(a))
    assert "learning rate 1000" in app.warning[0].value
    until(app, lambda a: label(a, "repair").startswith("Start again with learning rate "))
    offered = float(label(app, "repair").rsplit(" ", 1)[1])
    press(app, "repair")
    assert run_of(app).spec.recipe.learning_rate == offered < 1000


def test_two_stacks_differ_in_the_bricks_alone() -> None:
    app = press(slowly(built(TINY), learning_rate=0.05), "play")
    one = run_of(app).spec
    two = run_of(press(changed(app, TANH), "play")).spec
    assert (one.seed, one.recipe) == (two.seed, two.recipe)
    assert one.recipe.learning_rate == 0.05
