"""A run is found again by its link: with its buttons by whoever holds them, else to watch or to go on alone."""

import pytest
from streamlit.testing.v1 import AppTest

from makemore import jobs
from makemore.jobs import Handle
from makemore.jobs.claims import Claims
from makemore.ui.training_panel.transport_buttons import ELSEWHERE, WATCHING
from tests.pages.opening import opened, said
from tests.ui.training_panel.handling import (
    KEY,
    PAGE,
    STEP,
    enabled,
    figure,
    label,
    panel,
    press,
    progress,
    reached,
    run_of,
    until,
)

ENDS = {
    "running": ("Running", {"Pause", "Stop", "Reset"}),
    "paused": ("Paused", {"Resume", "Step", "Stop", "Reset", "Save as a checkpoint"}),
    "finished": ("Finished", {"Start", "Reset", "Save as a checkpoint"}),
    "diverged": ("Diverged", {"Start", "Reset", "Save as a checkpoint"}),
}
SETTINGS = {"seed": 3, "lecture_batch_size": 16}
NO_LINKS = ["0" * 16, "nonsense", "../../x", "<b>x</b>", ""]


def begun(state: str = "running") -> AppTest:
    """A run of the lecture's loop in this state, with settings of its own."""
    app = panel()
    wanted = dict(SETTINGS)
    if state == "finished":
        wanted["lecture_steps"] = 100
    if state == "diverged":
        wanted["lecture_learning_rate"] = 1000
    for name, value in wanted.items():
        app.number_input(key=f"{KEY}_{name}").set_value(value)
    press(app, "play")
    word, _ = ENDS[state]
    if state in ("running", "paused"):
        until(app, lambda a: reached(a, 10))
    if state == "paused":
        press(app, "play")
    return until(app, lambda a: word in progress(a))


def linked(token: str, page: str = PAGE, step: str = STEP) -> AppTest:
    """What a session sees that comes by a link."""
    app = opened(page, step=step, run=token)
    assert not app.exception
    return app


def controls(app: AppTest) -> Handle | None:
    """The controls of the run, if this session has them."""
    handle = run_of(app).handle
    mine = isinstance(handle, Handle) and handle.session == app.session_state["training_session"]
    return handle if mine and isinstance(handle, Handle) else None


def held_by(app: AppTest) -> Handle:
    held = controls(app)
    assert held is not None
    return held


def in_link(app: AppTest) -> str:
    """The token in the address."""
    return "".join(app.query_params.get("run", ""))


def buttons(app: AppTest) -> set[str]:
    """The words on the buttons of the panel, pressable or not."""
    return {button.label for button in app.button if (button.key or "").startswith(KEY)}


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """What is in it says whether the tab that holds the controls is open: at first it is."""
    found = {"the first tab"}
    monkeypatch.setattr("makemore.ui.training_panel.recall.is_connected", lambda _: bool(found))
    return found


@pytest.mark.parametrize("state", ENDS)
def test_a_reload_finds_the_run_with_its_buttons_and_settings(state: str, here: set[str]) -> None:
    first = begun(state)
    here.clear()
    token = in_link(first)
    assert token == run_of(first).link
    word, pressable = ENDS[state]
    second = linked(token)
    assert run_of(second).handle.id == run_of(first).handle.id
    assert in_link(second) == token
    assert word in progress(second)
    assert enabled(second) == pressable
    assert second.number_input(key=f"{KEY}_seed").value == 3
    assert second.number_input(key=f"{KEY}_lecture_batch_size").value == 16
    if state == "diverged":
        until(second, lambda a: label(a, "repair").startswith("Start again with learning rate"))
    if state == "paused":
        before = run_of(first).handle.snapshot().step
        press(second, "step")
        assert run_of(second).handle.snapshot().step == before + 1


def test_a_tab_whose_controls_were_taken_over_goes_on_watching() -> None:
    first = begun("paused")
    held = held_by(first)
    second = linked(in_link(first))
    assert controls(second) is None
    assert WATCHING in {each.value for each in second.caption}
    held.session = "another tab"
    first.run()
    assert controls(first) is None
    assert buttons(first) == {"Train my own from here"}
    assert run_of(first).handle.id == run_of(second).handle.id


def test_a_second_tab_gets_the_buttons_when_the_first_is_closed(here: set[str]) -> None:
    first = begun("paused")
    second = linked(in_link(first))
    assert buttons(second) == {"Train my own from here"}
    here.clear()
    second.run()
    assert enabled(second) == ENDS["paused"][1]
    assert run_of(second).handle.id == run_of(first).handle.id


@pytest.mark.parametrize("state", ["running", "paused"])
def test_the_link_to_watch_shows_the_run_and_no_controls(state: str) -> None:
    first = begun(state)
    held = held_by(first)
    app = linked(held.watch)
    assert in_link(app) == held.watch
    assert ENDS[state][0] in progress(app)
    assert buttons(app) == {"Train my own from here"}
    assert controls(app) is None
    assert not [each for each in app.code if held.token in each.value]
    if state == "paused":
        assert figure(app, "Step") == f"{held.snapshot().step:,}"
        press(first, "step")
        app.run()
        assert figure(app, "Step") == f"{held.snapshot().step:,}"
    first.run()
    assert controls(first) is held, "nothing was taken away"


def test_train_my_own_from_here_leaves_the_watched_one_alone() -> None:
    first = begun()
    until(first, lambda a: reached(a, 300))
    held = held_by(first)
    app = linked(held.watch)
    press(app, "own")
    own = held_by(app)
    assert own.id != held.id
    assert own.snapshot().step >= 300
    assert in_link(app) == own.token
    assert enabled(app) == ENDS["running"][1]
    press(app, "play")
    assert "Paused" in progress(app)
    assert held.snapshot().status == "running"
    press(first, "stop")
    assert "Stopped" in progress(first)
    assert own.snapshot().status == "paused"


def test_start_my_own_starts_what_the_watched_run_was_started_with() -> None:
    first = begun("finished")
    held = held_by(first)
    app = linked(held.watch)
    assert buttons(app) == {"Start my own"}
    press(app, "own")
    assert run_of(app).spec == held.spec
    assert controls(app) is not None


@pytest.mark.parametrize("way", ["controls", "watch"])
def test_a_link_of_another_net_is_refused_and_leaves_the_link(way: str, here: set[str]) -> None:
    first = begun()
    here.clear()
    held = held_by(first)
    app = linked(held.token if way == "controls" else held.watch, "batch_norm.py", "7")
    assert "another net" in said(app)
    assert "run" not in app.query_params
    assert "Not started" in app.get("progress")[0].proto.text
    assert "train_mlp_bn_run" not in app.session_state
    here.add("the other tab")
    first.run()
    assert controls(first) is held, "who opened it in vain took nothing over"
    assert held.snapshot().active


@pytest.mark.parametrize("token", NO_LINKS)
def test_a_link_that_is_none_is_refused_and_leaves_the_link(token: str) -> None:
    app = linked(token)
    assert ("not kept any more" in said(app)) == bool(token)
    assert "run" not in app.query_params or not token
    assert enabled(app) == {"Start"}


def test_the_view_only_link_is_the_one_on_offer() -> None:
    app = begun("paused")
    held = held_by(app)
    links = [each.value for each in app.code if "run=" in each.value]
    assert [link.rpartition("?")[2] for link in links] == [f"step={STEP}&run={held.watch}"]


def test_a_training_of_another_server_is_shown_until_that_lets_go(
    monkeypatch: pytest.MonkeyPatch, here: set[str]
) -> None:
    first = begun("paused")
    token = in_link(first)
    jobs.shared().close()  # what is kept of it is all that there is
    alive = {"another server"}
    monkeypatch.setattr(Claims, "take", lambda self, job_id: not alive)
    monkeypatch.setattr(Claims, "is_free", lambda self, job_id: not alive)
    monkeypatch.setattr("makemore.jobs.linked.LOOK_SECONDS", 0.0)
    second = linked(token)
    assert controls(second) is None
    assert ELSEWHERE in {each.value for each in second.caption}
    assert buttons(second) == {"Train my own from here"}
    assert "Paused" in progress(second)
    alive.clear()
    second.run()
    assert controls(second) is not None
    assert ELSEWHERE not in {each.value for each in second.caption}
    assert enabled(second) == ENDS["paused"][1]
