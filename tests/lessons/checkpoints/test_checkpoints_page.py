"""The page of checkpoints opens any of them, holds it against its claims, and keeps what a learner brings."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from makemore.checkpoints import store, uploads
from makemore.checkpoints.shipped import SHIPPED
from makemore.lessons.checkpoints import provenance
from makemore.models import brick_stack
from makemore.ui.kit import own_checkpoints, own_folder
from makemore.ui.kit.own_checkpoints import SHELF
from makemore.ui.sources import loaded
from tests.checkpoints.forging import Parts, with_json
from tests.lessons.checkpoints.visits import PAGE, STEPS, TINY, kept, table, told, with_own
from tests.pages.opening import charts, opened
from tests.ui.kit.own_shelf import shipped_files


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


def test_of_a_folder_files_are_read_when_they_are_handed_out(
    by_command: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "OWN", tmp_path)
    monkeypatch.setenv("MAKEMORE_KEEP", "1")
    own_folder.write_files("mine", by_command)
    size = sum(map(len, by_command.values())) / 1000
    read: list[Path] = []
    files = own_folder.read_files

    def note(path: Path) -> dict[str, bytes]:
        read.append(path)
        return files(path)

    monkeypatch.setattr(own_folder, "read_files", note)
    app = opened(PAGE, checkpoint="mlp")
    app.selectbox(key="looked_at").set_value("own/mine").run()
    rows = app.dataframe[0].value.set_index("checkpoint").to_dict("index")
    assert rows["mine (own)"]["size, kB"] == size
    assert rows["mine (own)"]["date"].timestamp() == pytest.approx(
        (tmp_path / "mine.json").stat().st_mtime, abs=1
    )
    assert read == []
    packed = own_checkpoints.packing("mine")()
    assert uploads.read_upload({"mine.zip": packed}) == ("mine", by_command)
    assert read == [tmp_path / "mine"]


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
    name, files = uploads.read_upload({"mlp.zip": own_checkpoints.packing_of_shipped("mlp")()})
    assert (name, files) == ("mlp", shipped_files("mlp"))
    again = store.loads(name, files["safetensors"], files["trajectory.safetensors"])
    assert replace(again.metadata) == loaded.checkpoint("mlp").metadata
    for key, tensor in again.model.state_dict().items():
        assert torch.equal(tensor, loaded.checkpoint("mlp").model.state_dict()[key])
