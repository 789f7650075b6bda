"""`makemore diagnose`: what it finds in a net that was made sick, that it calls a sound one sound, and as JSON."""

import json
from pathlib import Path
from typing import Any

import pytest

from makemore.__main__ import main
from makemore.checkpoints.checked_files import beside
from makemore.checkpoints.shipped import SHIPPED
from makemore.experiments import runs, second_recordings
from makemore.ui.sources import loaded
from tests.conftest import Start

NAIVE = {"logits_init": "naive", "hidden_init": "naive", "hidden": 30}


def trained(start: Start, path: Path, *, model: str = "mlp", **how: Any) -> Path:
    return runs.save(runs.run(start(model, **how), 7), path)


def ask(capfd: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["diagnose", *arguments]) == 0
    out, err = capfd.readouterr()
    assert err == ""
    return out


def test_a_sick_net(start: Start, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = trained(start, tmp_path / "sick", settings=NAIVE, steps=9)
    said = ask(capfd, str(path))
    assert "sick: 10 looks, step 0 to 9; 2 things found" in said
    assert "confidently wrong start: nats of the loss above guessing" in said
    assert "saturated: share of a layer's outputs where it is flat 0." in said
    assert ", above 0.25 (step 0, tanh; chart of activations)" in said
    assert "repair: draw the last matrix near zero\n" in said
    found = json.loads(ask(capfd, str(path), "--json"))
    assert [each["name"] for each in found["findings"]] == ["confidently wrong start", "saturated"]
    assert found["healthy"] is False
    assert found["looks"] == list(range(10))
    wrong, flat = found["findings"]
    assert wrong["measured"] > wrong["threshold"] == 1
    assert (flat["layer"], flat["step"], flat["chart"]) == ("tanh", 0, "activations")
    assert flat["repair"]["setting"] == "gain"
    assert flat["instead"]["settings"]["hidden_init"] == "kaiming"
    assert wrong["instead"]["settings"]["logits_init"] == "small"
    assert wrong["instead"]["settings"]["hidden_init"] == "naive", "one setting a repair"
    assert found["layers"].keys() == {"tanh"}


def test_what_it_offers_is_sound(
    start: Start, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    settings: dict[str, Any] = NAIVE
    for name in ("sick", "better"):
        path = trained(start, tmp_path / name, settings=settings)
        first = json.loads(ask(capfd, str(path), "--json"))["findings"][0]
        settings = first["instead"]["settings"]
    path = trained(start, tmp_path / "sound", settings=settings)
    assert "nothing wrong is found" in ask(capfd, str(path))
    assert json.loads(ask(capfd, str(path), "--json"))["healthy"] is True


def test_a_repair_that_the_model_has_no_setting_for(
    start: Start, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    trainer = start("wavenet", settings={"hidden": 8})
    with_large = trainer.model.get_parameter("layers.logits.weight")
    with_large.data.mul_(500)
    path = runs.save(runs.run(trainer, 7), tmp_path / "large")
    assert "draw the last matrix near zero; no setting of this model" in ask(capfd, str(path))
    findings = json.loads(ask(capfd, str(path), "--json"))["findings"]
    [wrong] = [each for each in findings if each["name"] == "confidently wrong start"]
    assert wrong["instead"] is None


@pytest.mark.parametrize("name", [name for name in SHIPPED if name != "mlp_naive"])
def test_nothing_is_wrong_with_a_shipped_one(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    found = json.loads(ask(capfd, name, "--json"))
    assert (found["checkpoint"], found["healthy"], found["findings"]) == (name, True, [])
    assert ask(capfd, name).startswith(f"{name}: ")


def test_whose_looks_they_are_is_said(capfd: pytest.CaptureFixture[str]) -> None:
    checkpoint = loaded.checkpoint("mlp")
    second = second_recordings.read(checkpoint)
    said = ask(capfd, "mlp")
    assert said.startswith(f"mlp: {len(second.trajectory.readings)} looks of a second training, ")
    assert f"\n{second.tell(checkpoint.metadata)}\n" in said
    found = json.loads(ask(capfd, "mlp", "--json"))
    assert found["source"] == "a second training"
    assert found["second"]["losses"] == second.losses
    assert found["second"]["processor"] == second.processor
    assert "gradients" in found["kept"]["missing"]
    assert found["second"]["kept"]["missing"] == []
    assert json.loads(ask(capfd, "mlp_naive", "--json"))["source"] == "its training"
    now = json.loads(ask(capfd, "mlp", "--now", "--json"))
    assert (now["source"], now["second"], now["looks"]) == ("its weights now", None, [2560])
    assert ask(capfd, "mlp", "--now").startswith("mlp: one look, now; ")
    assert "second training" not in ask(capfd, "mlp", "--now")


def test_a_second_training_that_cannot_be_read(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second_recordings, "FOLDER", tmp_path)
    said = ask(capfd, "mlp")
    assert said.startswith("mlp: one look, now; ")
    assert "Its second training cannot be read: recordings/mlp.safetensors: No such file" in said
    assert "get it again" in json.loads(ask(capfd, "mlp", "--json"))["trouble"]


def test_without_a_trajectory_it_looks_now(
    start: Start, tmp_path: Path, few_file: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = trained(start, tmp_path / "bare", settings=NAIVE)
    beside(path, "trajectory.safetensors").unlink()
    assert "bare: one look, now; nothing wrong is found" in ask(capfd, str(path))
    few_file.write_text("žofie\nřehoř\nčeněk\n" * 5, encoding="utf-8")
    assert main(["diagnose", str(path)]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert "bare: nothing was kept of its training" in err
    assert "MAKEMORE_NAMES" in err
    assert "Traceback" not in err


def test_there_is_no_such_checkpoint(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["diagnose", "nowhere"]) == 2
    assert "no checkpoint 'nowhere'" in capfd.readouterr().err
