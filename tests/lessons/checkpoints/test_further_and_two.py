"""On the page of checkpoints training goes on from any of them, and two of them are held side by side."""

import pytest

from makemore.lessons.checkpoints import train_further
from makemore.ui.kit import chosen_list
from makemore.ui.sources import loaded
from tests.lessons.checkpoints.visits import PAGE, kept, table, told
from tests.pages.opening import charts, opened


def test_step_0_of_further_training_is_the_checkpoint() -> None:
    checkpoint = loaded.checkpoint("mlp")
    asked = train_further.offer_for(chosen_list.shipped_list(), checkpoint, "MLP")
    assert asked.start is not None
    assert asked.recipe("lecture").learning_rate == pytest.approx(0.01)
    app = opened(PAGE, step="6")
    app.selectbox(key="looked_at").set_value("mlp").run()
    app.number_input(key="further_lecture_steps").set_value(1).run()
    app.button(key="further_play").click().run()
    run = app.session_state["further_run"]
    assert run.handle.wait(lambda state: state.over, 60)
    state = run.handle.snapshot()
    assert state.evaluated[0].dev == pytest.approx(checkpoint.metadata.losses["dev"], abs=1e-5)
    app.run()
    app.button(key="further_save").click().run()
    (own,) = kept(app).kept.values()
    assert own.checkpoint.metadata.start == checkpoint.metadata.tensors_sha256
    first = checkpoint.model.state_dict()["layers.embedding.weight"]
    moved = own.checkpoint.model.state_dict()["layers.embedding.weight"] - first
    assert 0 < float(moved.abs().max()) < 0.1
    app.query_params["step"] = "2"
    app.run()
    app.selectbox(key="looked_at").set_value(f"own/{own.checkpoint.name}").run()
    facts = table(app, "what").set_index("what")[""]
    assert facts["trained further from"] == "MLP"


def test_before_it_goes_on_the_training_that_led_there_is_shown() -> None:
    app = opened(PAGE, step="6", checkpoint="mlp", moment="300")  # no moment of what is on offer
    trajectory = loaded.checkpoint("mlp").trajectory
    assert trajectory is not None
    dev = float(trajectory.evaluated["dev"][-1])
    assert f"After step 2,560 the dev loss is {dev:.3f}" in charts(app)[0]
    assert "shown is the training that led to MLP" in app.get("progress")[0].proto.text
    assert app.session_state["link_view"].words.get("moment") is None
    assert app.select_slider[0].value == len(trajectory.probed["step"]) - 1


def test_two_nets_differ_by_what_their_losses_differ() -> None:
    app = opened(PAGE, step="7")
    app.button(key="two_where_show").click().run()
    one, other = (loaded.checkpoint(name).metadata.losses["dev"] for name in ("mlp", "wavenet"))
    rows = table(app, "dev loss")["dev loss"].tolist()
    assert rows == [f"{one:.4f}", f"{other:.4f}", f"{other - one:+.4f}"]
    assert any(f"the losses, {other - one:+.4f} nats" in alt for alt in charts(app))
    app.segmented_control(key="two_by").set_value("letter").run()
    assert any("each letter adds" in alt for alt in charts(app))
    differing = table(app, "what").set_index("what").to_dict("index")
    assert list(differing["model"].values()) == ["mlp", "wavenet"]
    assert "emma through both" in " ".join(each.value for each in app.subheader)


def test_one_net_beside_itself_differs_in_nothing() -> None:
    app = opened(PAGE, step="7")
    app.selectbox(key="looked_at").set_value("mlp").run()
    app.button(key="two_where_show").click().run()
    assert "the same" in told(app)
    frame = app.dataframe[0].value
    assert frame["distance"].tolist() == [0.0] * len(frame)
