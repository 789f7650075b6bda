"""`inspect` and `compare`: in words and as JSON, on shipped and own checkpoints, on one's own list."""

import json
from pathlib import Path
from typing import Any

import pytest

from makemore.__main__ import main
from makemore.checkpoints import store
from makemore.experiments import runs
from tests.checkpoints.forging import put, with_json
from tests.conftest import Start

SMALL = {"hidden": 5, "embedding": 2}


@pytest.fixture
def two(tmp_path: Path, few_file: Path, start: Start) -> tuple[Path, Path]:
    """Two small nets of the few names, of which one has seen more of them."""
    return tuple(  # type: ignore[return-value]  # two of them
        runs.save(runs.run(start("mlp", steps=steps, settings=SMALL), 7), tmp_path / name)
        for name, steps in (("one", 2), ("other", 30))
    )


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main([*arguments, "--json"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def test_inspect_says_what_is_in_the_file_and_that_it_holds(
    capsys: pytest.CaptureFixture[str], two: tuple[Path, Path]
) -> None:
    found = told(capsys, "inspect", str(two[0]))
    checkpoint = store.load(two[0])
    assert found["about"]["losses"] == checkpoint.metadata.losses
    assert found["same_list"] is True
    assert all(each["holds"] for each in found["measured"].values())
    weight = checkpoint.model.state_dict()["layers.hidden.weight"]
    assert found["tensors"]["hidden.weight"]["std"] == pytest.approx(float(weight.double().std()))
    assert main(["inspect", str(two[0])]) == 0
    words = capsys.readouterr().out
    dev = checkpoint.metadata.losses["dev"]
    assert f"dev    says {dev:.4f}, measured {dev:.4f}\n" in words
    assert "hidden.weight" in words


def test_inspect_tells_a_false_claim(
    capsys: pytest.CaptureFixture[str], two: tuple[Path, Path], tmp_path: Path
) -> None:
    endings = ("safetensors", "json")
    parts = {ending: two[0].with_name(f"one.{ending}").read_bytes() for ending in endings}
    false = put(tmp_path, with_json(parts, losses={"train": 1.0, "dev": 1.0, "test": 1.0}))
    assert main(["inspect", str(false)]) == 0
    assert capsys.readouterr().out.count("which DIFFERS from what it says") == 3


def test_inspect_measures_nothing_of_another_list_but_says_so(
    capsys: pytest.CaptureFixture[str],
    two: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = tmp_path / "greek.txt"
    names.write_text("αλφα\nβητα\nγαμμα\nδελτα\nζητα\nθητα\n" * 3, encoding="utf-8")
    monkeypatch.setenv("MAKEMORE_NAMES", str(names))
    assert told(capsys, "inspect", str(two[0]))["measured"] == {}
    assert main(["inspect", str(two[0])]) == 0
    assert "it lacks letters of the list here" in capsys.readouterr().out
    assert main(["compare", *map(str, two)]) == 2
    assert "does not know" in capsys.readouterr().err
    names.write_text("anna\nbea\ncarla\ndora\nemma\nfiona\n" * 3)
    found = told(capsys, "inspect", str(two[0]))
    assert found["same_list"] is False
    assert set(found["measured"]) == {"train", "dev", "test"}


def test_compare_adds_up(capsys: pytest.CaptureFixture[str], two: tuple[Path, Path]) -> None:
    found = told(capsys, "compare", *map(str, two), "--name", "anna")
    losses = [store.load(path).metadata.losses["dev"] for path in two]
    assert found["losses"] == pytest.approx(losses, abs=1e-5)
    differing = {each["what"]: (each["one"], each["other"]) for each in found["differences"]}
    assert differing == {"step": (2, 30), "recipe: steps": (2, 30)}
    assert found["distances"]["hidden.weight"]["cosine"] < 1
    assert len(found["name"]["letters"]) == 5
    for by in ("by_position", "by_letter"):
        assert all(len(pair) == 2 for pair in found[by].values())
    assert main(["compare", *map(str, two), "--name", "anna"]) == 0
    words = capsys.readouterr().out
    assert f"one {losses[0]:.4f}, other {losses[1]:.4f}" in words
    assert "10+" not in words  # none of these names is so long
    assert "anna: " in words


def test_what_is_not_there_is_one_line_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", "nothing"]) == 2
    assert main(["compare", "mlp", "nothing"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert all(line.startswith("makemore: no checkpoint 'nothing'") for line in lines)
