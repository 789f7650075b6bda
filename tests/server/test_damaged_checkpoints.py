"""A damaged shipped checkpoint costs that one and a line in the log, never the server."""

import logging
import shutil
from pathlib import Path

import pytest

from makemore.checkpoints import store
from makemore.checkpoints.metadata import CheckpointError
from makemore.server import error_log, lifespan
from makemore.ui.sources import loaded


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with three of the shipped checkpoints, in the place of the real one."""
    for name in ("bigram", "mlp", "wavenet_2"):
        for path in store.FOLDER.glob(f"{name}.*"):
            shutil.copy(path, tmp_path)
    monkeypatch.setattr(store, "FOLDER", tmp_path)
    monkeypatch.setattr(loaded, "FRESH", 0)
    return tmp_path


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def test_the_server_starts_with_what_is_sound(
    shipped: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(error_log.log, "propagate", True)
    monkeypatch.setattr(logging.getLogger("makemore"), "propagate", True)
    letters = loaded.vocabulary()
    damage(shipped / "bigram.safetensors")
    damage(shipped / "mlp.trajectory.safetensors")
    lifespan._load_everything()
    lines = [record.getMessage() for record in caplog.records]
    assert [line.split(" said=")[0] for line in lines] == [
        f"event=checkpoint_refused name={name} kind=CheckpointError" for name in ("bigram", "mlp")
    ]
    assert all("get it again" in line for line in lines)
    assert loaded.present(("mlp", "bigram", "wavenet_2")) == ["wavenet_2"]
    assert loaded.vocabulary() == letters


def test_a_checkpoint_that_is_put_right_is_there_again(shipped: Path) -> None:
    good = (shipped / "mlp.safetensors").read_bytes()
    damage(shipped / "mlp.safetensors")
    for _ in range(2):
        with pytest.raises(CheckpointError, match="the tensors are damaged; get it again"):
            loaded.checkpoint("mlp")
    (shipped / "new").write_bytes(good)
    (shipped / "new").replace(shipped / "mlp.safetensors")
    assert loaded.checkpoint("mlp").name == "mlp"


def test_whatever_a_file_does_the_server_starts(
    shipped: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also with an error that nobody has thought of."""
    monkeypatch.setattr(error_log.log, "propagate", True)
    monkeypatch.setattr(logging.getLogger("makemore"), "propagate", True)

    def fail(name: str) -> None:
        raise OverflowError("int too large to convert to float")

    monkeypatch.setattr(loaded, "checkpoint", fail)
    lifespan._load_everything()
    assert len(caplog.records) == 3
    assert "kind=OverflowError" in caplog.records[0].getMessage()
