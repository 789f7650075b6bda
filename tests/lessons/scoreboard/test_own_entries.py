"""What a learner trains or saves in this visit joins the scoreboard and the name lab."""

import math
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from streamlit.testing.v1 import AppTest

from makemore.checkpoints.shipped import FIVE, SHIPPED
from makemore.checkpoints.store import Checkpoint
from makemore.jobs import Handle
from makemore.ui.kit.own_checkpoints import SHELF, Own, Shelf
from makemore.ui.sources import loaded
from tests.pages.opening import ROOT, charts
from tests.ui.training_panel.handling import PATIENCE, panel, press, run_of

COURSE = [SHIPPED[key].label for key in FIVE]


def visit(page: str, own: Checkpoint, **link: str) -> AppTest:
    """A page opened by a visitor who has saved this checkpoint."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state[SHELF] = Shelf({own.name: Own(own, {}, datetime.now(UTC))})
    for key, value in link.items():
        app.query_params[key] = value
    return app.switch_page(f"pages/{page}.py").run()


@pytest.fixture
def mine() -> Checkpoint:
    return replace(loaded.checkpoint("mlp_2d"), name="mine")


@pytest.mark.usefixtures("fresh_jobs")
def test_an_own_checkpoint_stands_below_the_course(mine: Checkpoint) -> None:
    app = visit("scoreboard", mine)
    table = app.dataframe[0].value
    assert table["model"].tolist() == [*COURSE, "mine (own)"]
    assert table["dev"].iloc[-1] == mine.metadata.losses["dev"]
    assert table["reported"].iloc[-1] == ""
    assert "6 models" in charts(app)[0]


@pytest.mark.usefixtures("fresh_jobs")
def test_one_of_another_list_does_not(mine: Checkpoint) -> None:
    other = replace(mine, metadata=replace(mine.metadata, data_sha256="0" * 64))
    assert visit("scoreboard", other).dataframe[0].value["model"].tolist() == COURSE


@pytest.mark.usefixtures("fresh_jobs")
def test_it_can_be_compared_and_has_a_strip_of_its_own(mine: Checkpoint) -> None:
    app = visit("scoreboard", mine, step="5")
    app.selectbox(key="paired_second").set_value("own/mine").run()
    assert "mine (own)" in charts(app)[0]
    lab = visit("name_lab", mine)
    assert lab.table[0].value["model"].tolist()[-1].replace("\\", "") == "mine (own)"
    assert not app.exception
    assert not lab.exception


@pytest.mark.usefixtures("fresh_jobs")
def test_a_run_of_a_panel_joins_while_it_goes_on() -> None:
    app = press(panel(), "play")
    run = run_of(app)
    assert run.handle.wait(lambda state: bool(state.evaluated), PATIENCE)
    del app.query_params["step"]
    app.switch_page("pages/scoreboard.py").run()
    assert not app.exception
    [known] = [
        each for each in app.dataframe[0].value.to_dict("records") if each["model"] not in COURSE
    ]
    assert known["model"].startswith("mlp, lecture, step ")
    assert known["dev"] in [each.dev for each in run.handle.snapshot().evaluated]
    assert known["parameters"] == loaded.checkpoint("mlp_2d").metadata.parameters
    assert math.isnan(known["test"])
    assert isinstance(run.handle, Handle)
    run.handle.stop()
