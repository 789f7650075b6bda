"""The training panel over time and side by side: going back, two runs, sessions that share a job."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from makemore.ui.kit.moment_slider import Moments
from tests.pages.opening import charts, opened
from tests.ui.training_panel.handling import (
    KEY,
    PAGE,
    PATIENCE,
    STEP,
    figure,
    panel,
    press,
    progress,
    reached,
    run_of,
    until,
)

pytestmark = pytest.mark.usefixtures("fresh_jobs")


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
    app.query_params["step"] = "7"
    app.switch_page("pages/batch_norm.py").run()
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


def _spread() -> None:
    import torch

    from makemore.ui.kit import activation_spread
    from makemore.ui.kit.moment_slider import Moments

    even = torch.full((2, 50), 1 / 50)
    pictures = {"embedding": torch.zeros(2, 27, 2), "node2.body.foo": even, "relu": even}
    intervals = {"relu": (0.0, 5.0), "node2.body.foo": (-1.0, 1.0)}
    activation_spread.show_spread(Moments((0, 9), pictures, intervals=intervals), key="spread")
    activation_spread.show_spread(
        Moments((0, 9), {"embedding": pictures["embedding"]}), key="nothing"
    )


def test_layers_of_any_name_are_outlined_in_the_order_in_which_they_run() -> None:
    app = AppTest.from_function(_spread).run()
    assert not app.exception
    assert charts(app) == ["Histograms of the activation in 2 layers."]
    (chart,) = app.get("vega_lite_chart")
    _, lines = json.loads(chart.proto.spec)["layer"]
    assert lines["encoding"]["stroke"]["scale"]["domain"] == ["relu", "node2.body.foo"]
