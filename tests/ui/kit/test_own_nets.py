"""Nets for an own list: asked for, trained in the step's place, shared; then every step is about the list."""

import pytest
from streamlit.testing.v1 import AppTest

from makemore import jobs
from makemore.checkpoints.shipped import SHIPPED
from makemore.checkpoints.store import Checkpoint
from makemore.data.sample_lists import read_sample
from makemore.experiments import nets_of_lists
from makemore.training.recipes import Recipe, recipe_for
from makemore.ui.kit import chosen_list
from makemore.ui.kit.chosen_list import ChosenList, NotTrainedError, shipped_list
from makemore.ui.sources import loaded
from tests.pages.opening import ROOT, charts
from tests.pages.test_pages import PAGES
from tests.ui.training_panel.handling import until

pytestmark = pytest.mark.usefixtures("fresh_jobs")

STEPS = 3


def short(name: str, model: str) -> Recipe:
    return recipe_for(name, model, steps=STEPS)


@pytest.fixture(autouse=True)
def _few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nets_of_lists, "recipe_for", short)


def greek() -> ChosenList:
    """The names of the Greek letters, as nobody has them yet."""
    return ChosenList(read_sample("greek").to_list(), own=True)


@pytest.fixture(scope="module")
def trained() -> ChosenList:
    """The same with all nets that there can be."""
    about = greek()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(nets_of_lists, "recipe_for", short)
        for name in SHIPPED:
            about.take_net(name, make(about, name))
    return about


def make(about: ChosenList, name: str):  # type: ignore[no-untyped-def]
    return lambda: nets_of_lists.train_like(name, about.dataset)


def test_two_names_settle_nothing_on_the_scoreboard(trained: ChosenList) -> None:
    app = opened_on(trained, "scoreboard.py", step="5")
    words = " ".join(str(each.value) for each in app.markdown)
    assert "of the 2 names. So few names, below 10, cannot tell" in words
    assert "standard errors" not in words


def test_until_it_starts_the_shipped_training_is_shown() -> None:
    app = opened_on(greek(), "scoreboard.py", step="5")
    [said] = [each.value for each in app.caption if "Shown until it starts" in each.value]
    assert "the shipped “MLP”, on the course's names" in said
    [chart] = charts(app)
    assert f"After step {loaded.checkpoint('mlp').metadata.step:,} the dev loss is 2.091" in chart


def opened_on(about: ChosenList, page: str, **link: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state[chosen_list.KEPT] = about
    for key, value in link.items():
        app.query_params[key] = value
    return app.switch_page(f"pages/{page}").run()


@pytest.mark.parametrize("page", PAGES)
def test_every_step_of_every_page_can_be_about_another_alphabet(
    page: str, trained: ChosenList
) -> None:
    app = opened_on(trained, page)
    for step in range(1, len(app.segmented_control(key="rail").options) + 1):
        app.query_params["step"] = str(step)
        app.run()
        shown = [each for each in app.button if str(each.key).endswith("_show")]
        for button in shown[:1]:
            button.click().run()
        assert not app.exception, f"step {step}"
        assert not app.error, f"step {step}"
        assert len(charts(app)) == len(app.get("vega_lite_chart"))


@pytest.mark.parametrize(
    "page", ["home.py", "mlp.py", "batch_norm.py", "wavenet.py", "checkpoints.py"]
)
def test_no_step_fails_while_nothing_is_trained(page: str) -> None:
    app = opened_on(greek(), page)
    for step in range(1, len(app.segmented_control(key="rail").options) + 1):
        app.query_params["step"] = str(step)
        app.run()
        assert not app.exception, f"step {step}"
        assert not app.error, f"step {step}"


def test_a_step_asks_for_its_nets_trains_them_and_is_drawn() -> None:
    about = greek()
    app = opened_on(about, "home.py")
    told = " ".join(each.value for each in app.markdown).replace("\\", "").replace("*", "")
    assert "needs 3 nets trained on your list: “MLP”, “MLP with batch norm” and “WaveNet”" in told
    assert [alt for alt in charts(app) if "Loss" in alt or "loss" in alt]
    app.button(key="own_nets_start").click().run()
    assert not app.exception
    until(app, lambda app: not about.missing(("mlp", "mlp_bn", "wavenet")))
    app.run()
    assert not app.exception
    assert "own_nets_start" not in {each.key for each in app.button}
    assert "WaveNet" in charts(app)[0]


def test_the_nets_of_a_list_are_those_of_the_recipe_fast_with_the_shipped_settings() -> None:
    about = greek()
    with pytest.raises(NotTrainedError) as caught:
        about.checkpoints(["bigram", "mlp", "mlp_lecture", "wavenet"])
    assert caught.value.names == ("mlp", "wavenet")  # the two MLPs differ in their recipe alone
    about.take_net("mlp", make(about, "mlp"))
    net, shipped = about.checkpoint("mlp_lecture"), loaded.checkpoint("mlp_lecture")
    assert net is about.checkpoint("mlp")
    assert net.metadata.config == shipped.metadata.config
    assert net.metadata.seed == shipped.metadata.seed
    assert net.metadata.recipe["name"] == "fast"
    assert net.vocabulary == about.vocabulary
    assert net.metadata.data_sha256 == about.name_list.sha256


def test_two_learners_with_the_same_list_share_a_training_and_its_net(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(nets_of_lists, "recipe_for", lambda n, m: recipe_for(n, m, steps=20_000))
    about = greek()
    first, second = (opened_on(about, "mlp.py") for _ in range(2))
    for app in (first, second):
        app.button(key="own_nets_start").click().run()
        assert not app.exception
    handles = [app.session_state["own_nets"].handle for app in (first, second)]
    assert handles[0].job is handles[1].job
    first.button(key="own_nets_stop").click().run()
    assert not first.exception
    assert first.button(key="own_nets_resume")
    assert jobs.shared().pool.active_jobs() == [handles[1].job]  # the other one goes on


def test_another_list_stops_the_training_of_the_former(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nets_of_lists, "recipe_for", lambda n, m: recipe_for(n, m, steps=20_000))
    app = opened_on(greek(), "mlp.py")
    app.button(key="own_nets_start").click().run()
    handle = app.session_state["own_nets"].handle
    app.session_state[chosen_list.KEPT] = greek()
    app.run()
    assert not app.exception
    assert handle.snapshot().status == "stopped"
    assert app.button(key="own_nets_start")


def test_the_shipped_list_needs_no_training() -> None:
    about = shipped_list()
    assert about.missing(tuple(SHIPPED)) == []
    found: Checkpoint = about.checkpoint("mlp")
    assert found is loaded.checkpoint("mlp")
