"""The page of checkpoints opens any of them, holds it against its claims, and keeps what a learner brings."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import torch
from streamlit.testing.v1 import AppTest

from makemore.__main__ import main
from makemore.checkpoints import store, uploads
from makemore.checkpoints.shipped import SHIPPED
from makemore.data.name_lists import parse_names
from makemore.experiments import runs
from makemore.lessons.checkpoints import provenance, train_further
from makemore.models import brick_stack
from makemore.training.recipes import recipe_for
from makemore.training.trainer import Trainer
from makemore.ui.kit import chosen_list, own_checkpoints
from makemore.ui.kit.own_checkpoints import SHELF, Shelf
from makemore.ui.sources import loaded
from tests.checkpoints.forging import Parts, with_json
from tests.pages.opening import charts, opened
from tests.ui.kit.own_shelf import shelf, shipped_files

PAGE = "checkpoints.py"
STEPS = "1234567"
TINY = "Embedding 3, FlattenConsecutive 4, Linear 5, Tanh, FlattenConsecutive 2, Linear 27"


def files_of(path: Path) -> dict[str, bytes]:
    endings = (store.TENSORS, store.TRAJECTORY, store.COPY)
    return {ending: path.with_name(f"{path.name}.{ending}").read_bytes() for ending in endings}


@pytest.fixture(scope="module")
def by_command(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A net that the command line has trained and saved."""
    path = tmp_path_factory.mktemp("out") / "small"
    settings = [each for size in ("hidden=4", "embedding=2") for each in ("--set", size)]
    steps = ["--steps", "2", "--eval-every", "2"]
    assert main(["train", "mlp_bn", *steps, *settings, "--out", str(path)]) == 0
    return files_of(path)


@pytest.fixture(scope="module")
def of_bricks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A net that was put together of bricks."""
    path = tmp_path_factory.mktemp("bricks") / "stack"
    recipe = recipe_for("lecture", "wavenet", steps=2)
    trainer = Trainer.start(
        "bricks", loaded.dataset(), recipe, seed=3, settings={"block_size": 8, "bricks": TINY}
    )
    return files_of(runs.save(runs.run(trainer, 3, evaluate_every=2), path))


def with_own(step: str, files: Mapping[str, bytes]) -> AppTest:
    """The step of a visitor who looks at a checkpoint of their own."""
    app = opened(PAGE, step=step)
    app.session_state[SHELF] = shelf(mine=files)
    box = app.run().selectbox(key="looked_at")
    return box.set_value("own/mine").run() if "mine (own)" in box.options else app


def kept(app: AppTest) -> Shelf:
    found: Shelf = app.session_state[SHELF]
    return found


def told(app: AppTest) -> str:
    boxes = [*app.markdown, *app.caption, *app.success, *app.error, *app.info, *app.warning]
    return " ".join(box.value for box in boxes).replace("\\", "")


def table(app: AppTest, column: str) -> pd.DataFrame:
    """The table that has this column."""
    return next(each.value for each in app.table if column in each.value.columns)


def test_every_checkpoint_within_reach_is_in_one_table() -> None:
    app = with_own("1", shipped_files("mlp"))
    rows = app.dataframe[0].value.set_index("checkpoint")
    assert list(rows.index) == ["mine (own)", *(about.label for about in SHIPPED.values())]
    cells = rows.to_dict("index")
    for name, about in SHIPPED.items():
        said, row = loaded.checkpoint(name).metadata, cells[about.label]
        assert all(row[f"{split} loss"] == loss for split, loss in said.losses.items())
        assert (row["parameters"], row["seed"]) == (said.parameters, str(said.seed))
    assert rows.loc["mine (own)", "size, kB"] == sum(map(len, shipped_files("mlp").values())) / 1000


@pytest.mark.parametrize("step", STEPS)
def test_each_step_works_on_a_net_of_the_command_line(
    step: str, by_command: dict[str, bytes]
) -> None:
    app = with_own(step, by_command)
    assert not app.exception
    assert not app.error
    assert app.session_state["looked_at"] == "own/mine"
    assert charts(app)


@pytest.mark.parametrize("step", STEPS)
def test_each_step_works_on_a_net_of_bricks(step: str, of_bricks: dict[str, bytes]) -> None:
    app = with_own(step, of_bricks)
    assert not app.exception
    assert not app.error
    assert app.session_state["looked_at"] == "own/mine"
    assert charts(app)
    if step == "2":
        code = " ".join(each.value for each in app.code)
        assert "Linear(12, 5)" in code
        assert "class Bricks" in code


def test_what_is_uploaded_is_looked_at_renamed_and_deleted(by_command: dict[str, bytes]) -> None:
    app = opened(PAGE)
    packed = uploads.zip_files("small", by_command)
    app.file_uploader(key="checkpoint_upload_0").upload("small.zip", packed)
    app.run()
    assert "small is one of your own now" in told(app)
    assert app.session_state["looked_at"] == "own/small"
    assert app.selectbox(key="looked_at").options[-1] == "small (own)"
    assert own_checkpoints.SHELF in app.session_state
    app.text_input(key="reach_name_own/small").set_value("tiny")
    app.button(key="reach_rename").click().run()
    assert list(kept(app).kept) == ["tiny"]
    assert app.session_state["looked_at"] == "own/tiny"
    app.button(key="reach_delete").click().run()
    assert not kept(app).kept
    assert app.session_state["looked_at"] == "wavenet"
    assert not app.exception


def test_what_is_no_checkpoint_is_refused_with_a_message(good: Parts) -> None:
    app = opened(PAGE)
    app.file_uploader(key="checkpoint_upload_0").upload("bad.safetensors", good["safetensors"][:-1])
    app.run()
    assert "get it again" in app.error[0].value
    app.file_uploader(key="checkpoint_upload_1").upload("m.safetensors", b"\x80\x04K\x01.")
    app.run()
    assert "get it again" in app.error[0].value
    assert SHELF not in app.session_state or not kept(app).kept


def test_a_false_claim_is_told_in_red(by_command: dict[str, bytes]) -> None:
    app = with_own("2", by_command)
    assert "they are what it says" in told(app)
    said = store.loads("m", by_command["safetensors"]).metadata.losses
    parts = with_json(dict(by_command), losses=said | {"dev": said["dev"] - 0.01})
    app = with_own("2", parts)
    assert "is not what is measured" in app.error[0].value
    rows = table(app, "measured").set_index("loss")["measured"]
    assert rows["dev"] == f":red[**{said['dev']:.4f}**]"
    assert rows["test"] == f"{said['test']:.4f}"


def test_train_is_measured_when_asked_for() -> None:
    app = opened(PAGE, step="2")
    app.selectbox(key="looked_at").set_value("bigram_nn").run()
    app.toggle(key="claim_train").set_value(True).run()
    rows = table(app, "measured")
    losses = loaded.checkpoint("bigram_nn").metadata.losses
    assert rows["measured"].tolist() == [f"{losses[split]:.4f}" for split in losses]
    assert rows["loss"].str.contains("seen").all()  # it learned from all names


@pytest.mark.parametrize("name", ["mlp", "wavenet", "bigram"])
def test_the_code_builds_such_a_net(name: str) -> None:
    checkpoint = loaded.checkpoint(name)
    scope: dict[str, Any] = {}
    exec(provenance.write_code(checkpoint), scope)
    built, wanted = scope["net"].state_dict(), checkpoint.model.state_dict()
    assert {k: v.shape for k, v in built.items()} == {k: v.shape for k, v in wanted.items()}


def test_the_code_of_bricks_names_each(of_bricks: dict[str, bytes]) -> None:
    checkpoint = store.loads("m", of_bricks["safetensors"])
    code = provenance.write_code(checkpoint)
    found = brick_stack.laid(brick_stack.parse(TINY), 8, 27)
    assert all(f"# {' ' * 4}{each.code}," in code for each in found)


def test_a_bigram_has_neither_letters_nor_units_nor_gradients() -> None:
    app = opened(PAGE, step="4")
    app.selectbox(key="looked_at").set_value("bigram").run()
    assert "no embedding" in told(app)
    app = opened(PAGE, step="5")
    app.session_state["looked_at_misfits"] = True  # open
    app.run()
    assert "Bigram, counted: it counts, and has no gradient" in told(app)
    assert SHIPPED["bigram"].label not in app.selectbox(key="looked_at").options


def test_the_rate_scales_the_updates_alone() -> None:
    app = opened(PAGE, step="5")
    one = app.dataframe[0].value
    app.segmented_control(key="gradient_rate").set_value("0.01").run()
    ten = app.dataframe[0].value
    assert (one["update_to_data"] / ten["update_to_data"]).tolist() == pytest.approx(
        [10] * len(one)
    )
    assert one["gradient"].tolist() == ten["gradient"].tolist()


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


def test_the_names_of_another_alphabet_say_why_not() -> None:
    files = shipped_files("mlp")
    parts = with_json(files, vocabulary="bcdefghijklmnopqrstuvwxyzß")
    app = with_own("2", parts)
    assert "cannot be measured on the chosen list: it does not know a" in told(app)
    app = with_own("7", parts)
    app.session_state["looked_at_misfits"] = True  # open
    app.run()
    assert "it does not know a of the chosen list" in told(app)
    assert not app.exception


def test_false_words_stay_words(by_command: dict[str, bytes]) -> None:
    """What a file says of itself is shown as the text that it is."""
    evil = "<script>alert(1)</script> $x$ **b**"
    parts = with_json(dict(by_command), data=evil, device=evil)
    app = with_own("2", parts)
    assert not app.exception
    facts = table(app, "what").set_index("what")[""]
    assert facts["trained on"].replace("\\", "").startswith(evil)
    assert "<script>" not in facts["trained on"]


def test_too_large_a_net_is_not_measured_on_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("makemore.ui.kit.examined.MOST_WORK", 10)
    app = opened(PAGE, step="2")
    assert "python -m makemore inspect" in told(app)
    assert not app.exception


def test_a_shipped_one_is_handed_out_as_its_files() -> None:
    name, files = uploads.read_upload({"mlp.zip": own_checkpoints.zip_of_shipped("mlp")})
    assert (name, files) == ("mlp", shipped_files("mlp"))
    again = store.loads(name, files["safetensors"], files["trajectory.safetensors"])
    assert replace(again.metadata) == loaded.checkpoint("mlp").metadata
    for key, tensor in again.model.state_dict().items():
        assert torch.equal(tensor, loaded.checkpoint("mlp").model.state_dict()[key])


NEEDS = "This step needs a net trained on your list"
GREEK = "λαμδα αλφα βητα γαμμα δελτα ζητα θητα ιωτα καππα ομεγα σιγμα ταυ"
LATIN = "anna bea carla dora emma fiona gerda hanna ina jana kira lena"


@pytest.mark.parametrize(
    ("names", "told_of"),
    [
        (GREEK, {"2": "cannot be measured", "4": "No saturation map", "5": "does not know",
                 "6": NEEDS, "7": NEEDS}),
        (LATIN, {"2": "on another list", "6": NEEDS, "7": NEEDS}),
    ],
    ids=["other letters", "fewer letters"],
)  # fmt: skip
def test_on_a_list_of_ones_own_each_step_works_or_says_why_not(
    names: str, told_of: dict[str, str]
) -> None:
    mine = chosen_list.own_list(parse_names(names.replace(" ", "\n"), "mine"))
    for step in STEPS:
        app = opened(PAGE, step=step)
        app.session_state[chosen_list.KEPT] = mine
        app.run()
        assert not app.exception, step
        assert told_of.get(step, "") in told(app), step
        assert charts(app) or step in told_of
