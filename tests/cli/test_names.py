"""`--names FILE`: a list of another alphabet is trained on, measured, drawn from; what does not fit says why."""

import json
from pathlib import Path

import pytest

from makemore.__main__ import main
from makemore.checkpoints import store
from makemore.data.name_lists import FOLDER

GREEK = FOLDER / "greek_letters.txt"


@pytest.fixture(scope="module")
def greek(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A net that has learned the names of the Greek letters from their file."""
    out = tmp_path_factory.mktemp("named") / "greek"
    small = ["--set", "hidden=20", "--steps", "12", "--recipe", "fast"]
    assert main(["train", "mlp", "--names", str(GREEK), "--out", str(out), *small]) == 0
    return out


def said(capsys: pytest.CaptureFixture[str], *arguments: object) -> list[str]:
    capsys.readouterr()
    assert main([*map(str, arguments)]) == 0
    return capsys.readouterr().out.splitlines()


def test_the_file_is_what_it_has_learned_from(greek: Path) -> None:
    about = store.read_metadata(greek)
    assert about.data == "greek_letters.txt"
    assert set(about.vocabulary) == set(GREEK.read_text("utf-8")) - {"\n"}


def test_it_is_measured_scored_and_drawn_from(
    greek: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    [line] = said(capsys, "evaluate", greek, "--names", GREEK, "--json")
    assert json.loads(line)["nll"] == pytest.approx(store.read_metadata(greek).losses["dev"])
    [line] = said(capsys, "score", "άλφα", "--model", greek, "--json")
    assert [each["letter"] for each in json.loads(line)["letters"]] == [*"άλφα", "."]
    letters = set(store.read_metadata(greek).vocabulary)
    drawn = said(capsys, "sample", greek, "-n", 5)
    assert len(drawn) == 5
    assert set("".join(drawn)) <= letters
    assert said(capsys, "inspect", greek, "--names", GREEK)
    assert said(capsys, "compare", greek, greek, "--names", GREEK)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["evaluate", "GREEK"], "greek does not know a b c"),
        (["evaluate", "mlp", "--names", str(GREEK)], "mlp does not know ά έ"),
        (["compare", "mlp", "GREEK"], "mlp and greek have no letter in common"),
        (["compare", "GREEK", "GREEK"], "greek does not know a b c"),
        (["score", "emma", "--model", "GREEK"], "the letter “e” is unknown here"),
        (["train", "mlp", "--names", "/dev/zero"], "/dev/zero: not a file"),
        (["train", "mlp", "--names", "makemore"], "give a text file with one name a line"),
    ],
)
def test_what_does_not_fit_says_why_in_one_line(
    greek: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], why: str
) -> None:
    capsys.readouterr()
    assert main([str(greek) if each == "GREEK" else each for each in arguments]) == 2
    told = capsys.readouterr()
    assert why in told.err
    assert told.err.count("\n") == 1
    assert not told.out
    assert "--names FILE" in told.err or "does not know" not in told.err


def test_a_line_that_is_no_name_ends_it_with_its_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.txt"
    path.write_text("anna\n" * 12 + "a.b\n")
    assert main(["train", "mlp", "--names", str(path)]) == 2
    assert "line 13: a name must not hold a dot" in capsys.readouterr().err
