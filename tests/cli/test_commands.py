"""The command line as its user meets it: what lands on stdout, what an error says, and the exit status."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import islice, product
from pathlib import Path
from typing import Any

import pytest

from makemore.__main__ import main
from makemore.checkpoints import store
from makemore.cli import terminal
from makemore.data import name_lists
from makemore.data.name_lists import NameList
from makemore.models import MODELS

ROOT = Path(__file__).resolve().parents[2]
Said = Callable[..., str]
Lines = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def said(capfd: pytest.CaptureFixture[str]) -> Said:
    """Run a command that succeeds; what it wrote to stdout. Nothing else may be written anywhere."""

    def run(*arguments: object) -> str:
        assert main([str(each) for each in arguments]) == 0
        out, err = capfd.readouterr()
        assert err == ""
        return out

    return run


@pytest.fixture
def lines(said: Said) -> Lines:
    """Run a command with --json; every line of its stdout, parsed strictly."""

    def number(text: str) -> None:
        raise AssertionError(f"{text} is not JSON")

    def run(*arguments: object) -> list[dict[str, Any]]:
        output = said(*arguments, "--json").splitlines()
        return [json.loads(line, parse_constant=number) for line in output]

    return run


@pytest.mark.parametrize(("split", "nll"), [("all", 2.4546), ("dev", 2.4533)])
def test_evaluate_bigram(
    real_names: NameList, said: Said, lines: Lines, split: str, nll: float
) -> None:
    [line] = lines("evaluate", "bigram", "--split", split)
    assert line["checkpoint"] == "bigram"
    assert round(line["nll"], 4) == nll
    assert line["split"] == split
    assert line["examples"] == {"all": 228_146, "dev": 22_655}[split]
    assert line["data"] == real_names.label
    assert line["seen_in_training"] is (split == "all")
    assert f"{nll} nats a character ({line['examples']:,} examples" in said(
        "evaluate", "bigram", "--split", split
    )


@pytest.mark.parametrize("model", MODELS)
def test_evaluate_tells_the_loss_that_the_training_told(
    few_file: Path, tmp_path: Path, lines: Lines, model: str
) -> None:
    trained = lines("train", model, "--steps", 6, "--out", tmp_path / "mine")
    evaluated = [line for line in trained if line["event"] == "evaluated"][-1]
    [dev] = lines("evaluate", tmp_path / "mine")
    assert (dev["split"], dev["data"], dev["seen_in_training"]) == (
        "dev", few_file.name, model == "bigram_nn",
    )  # fmt: skip
    assert dev["nll"] == pytest.approx(evaluated["dev"], abs=1e-6)


def test_train_prints_the_events(few_file: Path, tmp_path: Path, lines: Lines) -> None:
    out = tmp_path / "mine"
    found = lines("train", "mlp", "--steps", 100, "--log-every", 30, "--out", out)
    stepped = [line for line in found if line["event"] == "stepped"]
    evaluated = [line for line in found if line["event"] == "evaluated"]
    assert [line["step"] for line in stepped] == [0, 30, 60, 90]
    assert [line["step"] for line in evaluated] == list(range(0, 101, 2))
    assert all(list(line) == ["event", "step", "seconds", "loss"] for line in stepped)
    assert all(list(line) == ["event", "step", "seconds", "train", "dev"] for line in evaluated)
    assert found[-1] == {"event": "saved", "step": 100, "path": str(out)}
    assert len(found) == len(stepped) + len(evaluated) + 1
    seconds = [line["seconds"] for line in found[:-1]]
    assert seconds == sorted(seconds)
    assert seconds[0] == 0
    loaded = store.load(out)
    assert (loaded.metadata.step, loaded.metadata.seed) == (100, 2147483647)
    assert loaded.metadata.losses["dev"] == evaluated[-1]["dev"]


def test_train_options(few_file: Path, tmp_path: Path, lines: Lines) -> None:
    out = tmp_path / "deep" / "mine"
    found = lines(
        "train", "mlp", "--steps", 10, "--eval-every", 4, "--seed", 5, "--learning-rate", 0.3,
        "--device", "cpu", "--set", "hidden=20", "--set", "logits_init=naive", "--out", out,
    )  # fmt: skip
    evaluated = [line["step"] for line in found if line["event"] == "evaluated"]
    assert evaluated == [0, 4, 8, 10]
    about = store.load(out).metadata
    assert (about.seed, about.device, about.recipe["learning_rate"]) == (5, "cpu", 0.3)
    assert (about.config["hidden"], about.config["logits_init"]) == (20, "naive")


def test_a_long_list_trains_in_larger_batches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: Lines
) -> None:
    """150,000 names of four letters: 600,000 examples to train on, in 64 batches an epoch."""
    path = tmp_path / "long.txt"
    four = map("".join, product("abcdefghijklmnopqrst", repeat=4))
    path.write_text("\n".join(islice(four, 150_000)))
    monkeypatch.setenv("MAKEMORE_NAMES", str(path))
    for name, batch in (("fast", 600_000 // 65 + 1), ("lecture", 32)):
        out = tmp_path / name
        lines("train", "mlp", "--recipe", name, "--steps", 1, "--out", out)
        assert store.load(out).metadata.recipe["batch_size"] == batch


def test_the_same_seed_trains_the_same_bits(few_file: Path, tmp_path: Path, said: Said) -> None:
    hashes = []
    for name in ("one", "two"):
        said("train", "wavenet", "--steps", 3, "--out", tmp_path / name)
        hashes.append(store.read_metadata(tmp_path / name).tensors_sha256)
    assert hashes[0] == hashes[1]


def test_train_in_words(few_file: Path, tmp_path: Path, said: Said) -> None:
    text = said("train", "mlp", "--steps", 3, "--log-every", 1, "--out", tmp_path / "mine")
    count = len(few_file.read_text().split())
    assert text.splitlines()[0] == f"mlp, 11,897 numbers to learn, few.txt ({count} names)"
    assert re.search(r"^step +2 +\d\.\d s  batch loss \d\.\d{4}$", text, re.MULTILINE)
    assert re.search(r"^ +3 +\d\.\d s  train \d\.\d{4}  dev \d\.\d{4}$", text, re.MULTILINE)
    assert text.splitlines()[-1].endswith("mine.safetensors and .json after 3 steps")


def test_sample(said: Said, lines: Lines) -> None:
    found = lines("sample", "bigram", "-n", 5)
    assert [list(line) for line in found] == [["name"]] * 5
    drawn = [line["name"] for line in found]
    assert said("sample", "bigram", "-n", 5).splitlines() == drawn
    assert said("sample", "bigram", "-n", 5, "--seed", 1).splitlines() == drawn
    assert said("sample", "bigram", "-n", 5, "--seed", 2).splitlines() != drawn
    assert said("sample", "bigram", "-n", 5, "--temperature", 0.3).splitlines() != drawn
    assert len(said("sample", "bigram").splitlines()) == 20


def test_score(said: Said, lines: Lines) -> None:
    [line] = lines("score", " Emma ", "--model", "bigram")
    assert (line["model"], line["name"]) == ("bigram", "emma")
    assert [each["letter"] for each in line["letters"]] == list("emma.")
    assert [each["context"] for each in line["letters"]] == [".", "e", "m", "m", "a"]
    assert line["letters"][0]["probability"] == pytest.approx((1531 + 1) / (32_033 + 27), rel=1e-5)
    mean = sum(each["nll"] for each in line["letters"]) / 5
    assert line["nll"] == pytest.approx(mean)
    assert said("score", "emma", "--model", "bigram").startswith(
        f"bigram           {line['nll']:.4f}"
    )


def test_score_asks_all_five(lines: Lines) -> None:
    assert [line["model"] for line in lines("score", "emma")] == list(MODELS)


def test_reproduce(few_file: Path, tmp_path: Path, said: Said, lines: Lines) -> None:
    arguments = ["reproduce", "--only", "bigram", "--out", tmp_path]
    [row] = lines(*arguments)
    about = store.read_metadata(tmp_path / "bigram")
    assert row["checkpoint"] == "bigram"
    assert row["reported"] == 2.45
    assert {split: row[split] for split in ("train", "dev", "test")} == about.losses
    table = said(*arguments).splitlines()
    shown = dict(zip(table[-2].split(), table[-1].split(), strict=True))
    assert shown["checkpoint"] == "bigram"
    assert float(shown["reported"]) == 2.45
    for split in ("dev", "train", "test"):
        assert shown[split] == f"{row[split]:.4f}"


@pytest.fixture
def changed_list(
    real_names: NameList, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The shipped list has one name more, in a process that has said nothing yet; what it is to say."""
    (tmp_path / "names.txt").write_text("\n".join([*real_names.names, "zora"]))
    monkeypatch.setattr(name_lists, "FOLDER", tmp_path)
    terminal.warn.cache_clear()
    yield (
        "makemore: data/names.txt is not the list that the figures belong to (SHA-256 differs); "
        "restore it with `git checkout data/names.txt`, or name another list with MAKEMORE_NAMES\n"
    )
    terminal.warn.cache_clear()


def test_a_changed_list_is_told_once_and_beside_the_results(
    changed_list: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    commands: list[list[str]] = [
        ["evaluate", "bigram"],
        ["reproduce", "--only", "bigram", "--out", str(tmp_path)],
        ["train", "bigram", "--out", str(tmp_path / "mine")],
    ]
    for first in range(len(commands)):  # whichever comes first in the life of a process tells it
        terminal.warn.cache_clear()
        told = []
        for command in commands[first:] + commands[:first]:
            assert main([*command, "--json"]) == 0
            out, err = capfd.readouterr()
            assert all(json.loads(line) for line in out.splitlines())
            told.append(err)
        assert told == [changed_list, "", ""]


def test_only_what_is_made_from_the_list_tells_that_it_changed(
    changed_list: str, said: Said
) -> None:
    assert said("sample", "bigram", "-n", 2)
    assert said("score", "emma", "--model", "bigram")


def test_several_workers_tell_it_once(changed_list: str, tmp_path: Path) -> None:
    """Each of them would, had it a voice: all see the list that the code of this process names."""
    code = (
        "import sys; from pathlib import Path; from makemore.data import name_lists\n"
        f"name_lists.FOLDER = Path({str(tmp_path)!r})\n"
        "from makemore.__main__ import main\n"
        "if __name__ == '__main__': sys.exit(main(sys.argv[1:]))\n"
    )
    script = tmp_path / "changed.py"
    script.write_text(code)
    only = ["--only", "bigram", "--only", "bigram_nn"]
    done = subprocess.run(
        [sys.executable, script, "reproduce", *only, "--workers", "2", "--out", tmp_path, "--json"],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, changed_list)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["checkpoint"] for row in rows] == ["bigram", "bigram_nn"]
    for name in ("bigram", "bigram_nn"):
        assert store.read_metadata(tmp_path / name).data == "names.txt (changed)"


def shell(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "makemore", *arguments]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_real_process_on_success() -> None:
    done = shell("sample", "bigram", "-n", "2", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert [list(json.loads(line)) for line in done.stdout.splitlines()] == [["name"], ["name"]]


def test_a_real_process_on_failure() -> None:
    done = shell("evaluate", "nothing", "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1


def test_a_reader_that_has_had_enough() -> None:
    command = f"{sys.executable} -m makemore sample bigram -n 20000 | head -n 1"
    done = subprocess.run(
        command, cwd=ROOT, shell=True, capture_output=True, text=True, timeout=60, check=False
    )
    assert (len(done.stdout.splitlines()), done.stderr) == (1, "")


def test_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    text = capsys.readouterr().out
    for command in ("train", "evaluate", "score", "sample", "reproduce"):
        assert command in text
