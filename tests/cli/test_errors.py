"""Whatever goes wrong on the command line is one line on stderr and exit status 2, never a traceback."""

import json
import os
import sys
from pathlib import Path

import pytest

from makemore.__main__ import main

ERRORS: list[tuple[list[str], str]] = [
    (["evaluate", "nothing"], "no checkpoint 'nothing'; shipped ones: bigram"),
    (["evaluate", "bigram", "--split", "half"], "invalid choice: 'half'"),
    (["sample", "."], "no checkpoint '.'"),
    (["sample", "bigram", "-n", "-3"], "cannot draw -3 names"),
    (["sample", "bigram", "-n", "many"], "invalid int value: 'many'"),
    (["sample", "bigram", "--temperature", "0"], "temperature is 0.0; it must be a number above 0"),
    (["sample", "bigram", "--seed", "-1"], "'-1' is not a whole number from 0"),
    (["sample", "bigram", "--seed", "9" * 30], "is not a whole number from 0"),
    (["score", "émma"], "the letter “é” is unknown here; the known ones are abcdefghijklmnopqrst"),
    (["score", "a.b"], "the letter “.” is unknown here"),
    (["score", "a\udcff"], "the letter “\\udcff” is unknown here"),
    (["score", "emma", "--model", "gpt"], "no checkpoint 'gpt'"),
    (["train", "gpt"], "invalid choice: 'gpt'"),
    (["train", "mlp", "--recipe", "slow"], "invalid choice: 'slow'"),
    (["train", "mlp", "--steps", "0"], "steps is 0; it must be a whole number from 1"),
    (["train", "mlp", "--learning-rate", "nan"], "learning_rate is nan"),
    (["train", "mlp", "--seed", "x"], "'x' is not a whole number"),
    (["train", "mlp", "--device", "tpu"], "invalid choice: 'tpu'"),
    (["train", "mlp", "--set", "hidden"], "'hidden' is not KEY=VALUE"),
    (["train", "mlp", "--set", "hidden=99999"], "hidden is 99999; it must be a whole number"),
    (["train", "mlp", "--set", "depth=3"], "unknown setting 'depth'"),
    (["train", "wavenet", "--set", "block_size=6"], "a tree needs 2, 4, 8 or 16"),
    (["train", "mlp", "--out", "."], "--out .: give a name"),
    (["train", "mlp", "--out", "/dev/null/x/y"], "choose another --out"),
    (["train", "mlp", "--out", ".."], "--out ..: give a name, such as ../model"),
    (["train", "mlp", "--out", "tests/.."], "--out tests/..: give a name"),
    (["train", "mlp", "--out", "makemore"], "--out makemore: give a name, such as makemore/model"),
    (["train", "mlp", "--out", "x" * 250], "choose another --out"),
    (["train", "mlp", "--set", "hidden=" + "[" * 100_000], "is nested too deeply"),
    (["train", "mlp", "--set", "hidden=" + "9" * 5_000], "hidden is '9999"),
    (["train", "mlp", "--seed", "9" * 5_000], "is not a whole number from 0"),
    (["train", "mlp", "--log-every", "9" * 5_000], "is not a whole number from 1"),
    (["reproduce", "--only", "bigram", "--out", "/dev/null"], "choose another --out"),
    (["reproduce", "--only", "gpt"], "no shipped checkpoint 'gpt'; there are bigram"),
    (["dance"], "invalid choice: 'dance'"),
    ([], "the following arguments are required: COMMAND"),
]


@pytest.mark.parametrize("json_too", [False, True], ids=["words", "json"])
@pytest.mark.parametrize(("arguments", "message"), ERRORS)
def test_an_error_is_one_line(
    few_file: Path,
    capfd: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
    json_too: bool,
) -> None:
    with pytest.raises(SystemExit) as caught:
        sys.exit(main([*arguments, "--json"] if json_too and arguments else arguments))
    assert caught.value.code == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err.startswith("makemore: ")
    assert message in err
    assert err.count("\n") == 1
    assert len(err) < 500


@pytest.mark.parametrize("ending", [".json", ".safetensors"])
def test_a_checkpoint_or_a_place_that_is_no_file_is_an_error_of_one_line(
    few_file: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], ending: str
) -> None:
    """A pipe would be waited for without end."""
    for each in (".json", ".safetensors"):
        (tmp_path / f"mine{each}").write_bytes(b"")
    (tmp_path / f"mine{ending}").unlink()
    os.mkfifo(tmp_path / f"mine{ending}")
    mine = str(tmp_path / "mine")
    for arguments in (
        ["evaluate", mine],
        ["sample", mine],
        ["score", "emma", "--model", mine],
        ["train", "mlp", "--out", mine],
    ):
        assert main(arguments) == 2
        out, err = capfd.readouterr()
        assert out == ""
        assert (
            f"{mine}{ending}: not a file" in err
            or f"no checkpoint '{mine}" in err
            or (f"{mine}{ending} is not a file" in err)
        )
        assert err.count("\n") == 1


def test_a_list_that_is_no_file_is_an_error_of_one_line(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAKEMORE_NAMES", "/dev/zero")
    assert main(["evaluate", "bigram"]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err == "makemore: /dev/zero: not a file; give a text file with one name a line\n"


@pytest.mark.parametrize("content", [b"", b"anna\n", b"\x00" * 99, None])
def test_a_bad_list_is_an_error_of_one_line(
    few_file: Path, capfd: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    few_file.unlink() if content is None else few_file.write_bytes(content)
    assert main(["evaluate", "bigram"]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err.startswith("makemore: ")
    assert "few.txt" in err
    assert err.count("\n") == 1


def test_a_diverged_training_names_cause_and_remedy(
    few_file: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    arguments = ["train", "mlp", "--learning-rate", "1e6", "--steps", "200", "--json"]
    assert main([*arguments, "--out", str(tmp_path / "mine")]) == 2
    out, err = capfd.readouterr()
    last = json.loads(out.splitlines()[-1])
    assert last["event"] == "diverged"
    assert err == f"makemore: {last['cause']}; {last['remedy']}\n"
    assert list(tmp_path.glob("mine*")) == []


def test_an_infinite_loss_is_null_in_json_and_is_not_saved(
    few_file: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Without smoothing a pair that was never counted is impossible."""
    arguments = ["train", "bigram", "--set", "smoothing=0", "--json"]
    assert main([*arguments, "--out", str(tmp_path / "mine")]) == 2
    out, err = capfd.readouterr()
    parsed = [json.loads(line, parse_constant=pytest.fail) for line in out.splitlines()]
    last = [line for line in parsed if line["event"] == "evaluated"][-1]
    assert last["dev"] is None
    assert 1 < last["train"] < 3
    assert err == (
        "makemore: mine: a loss is infinite, which JSON cannot say; give bigram a smoothing above 0\n"
    )
    assert list(tmp_path.glob("mine*")) == []
