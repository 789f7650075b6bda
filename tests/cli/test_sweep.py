"""A sweep on the command line: what it prints and saves, and that real kills and stops lose nothing."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from makemore.__main__ import main
from makemore.checkpoints import store
from makemore.data.examples import Dataset
from makemore.experiments import sweep_records
from makemore.experiments.sweep_records import Sweep

ROOT = Path(__file__).resolve().parents[2]
SPACE = """
model = "mlp"
recipe = "lecture"
sampler = "every"
pruner = "none"
[config]
embedding = 2
hidden = [2, 4, 6]
[training]
steps = 300
learning_rate = [0.1, 0.2]
"""


@pytest.fixture
def space(tmp_path: Path, few_file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MAKEMORE_NAMES", str(few_file))
    path = tmp_path / "small.toml"
    path.write_text(SPACE, encoding="utf-8")
    return path


def sweep(space: Path, out: Path, *more: str) -> list[str]:
    return ["sweep", str(space), "--seeds", "2", "--out", str(out), "--json", *more]


def events(capfd: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capfd.readouterr().out.splitlines()]


def results(found: Sweep) -> list[tuple[Any, ...]]:
    trials = [
        (t.chosen, t.state, t.parameters, [(r.seed, r.train, r.dev, r.curve) for r in t.runs])
        for t in found.trials
    ]
    return sorted(trials, key=lambda trial: str(trial[0]))


def test_a_sweep_tells_each_trial_and_saves_the_best(
    space: Path, tmp_path: Path, few: Dataset, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "own" / "small"
    assert main(sweep(space, out, "--keep", "2")) == 0
    told = events(capfd)
    assert [each["event"] for each in told] == ["trial"] * 6 + ["saved"] * 2 + ["recorded"]
    found = sweep_records.read(Path(told[-1]["path"]))
    assert [(t.number, t.dev) for t in found.trials] == [(e["trial"], e["dev"]) for e in told[:6]]
    best, second = found.complete()[:2]
    saved = store.load(out)
    assert saved.metadata.config == best.config
    assert saved.metadata.recipe == best.recipe
    assert (saved.metadata.seed, saved.metadata.data_sha256) == (1, few.name_list.sha256)
    assert round(saved.metadata.losses["dev"], 6) == best.runs[0].dev
    assert store.load(f"{out}_2").metadata.config == second.config


def test_a_trial_is_repeated_from_the_record_alone(
    space: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "small"
    assert main(sweep(space, out, "--trials", "1")) == 0
    record = tmp_path / "small.sweep.json"
    space.unlink()
    (tmp_path / "small.sweep.db").unlink()
    again = ["repeat", str(record), "0", "--seed", "2", "--out", str(tmp_path / "again"), "--json"]
    assert main(again) == 0
    assert round(events(capfd)[-1]["dev"], 6) == sweep_records.read(record).trials[0].runs[1].dev


def test_words_for_people(space: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    command = ["sweep", str(space), "--out", str(tmp_path / "small"), "--trials", "1"]
    assert main(command) == 0
    trial, saved, recorded = capfd.readouterr().out.splitlines()
    assert trial.startswith("trial    0  dev ")
    assert trial.endswith("hidden 2  learning_rate 0.1")
    assert saved.startswith("trial 0 from seed 1, dev ")
    assert recorded == f"all trials are in {tmp_path / 'small.sweep.json'}"


def started(arguments: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "makemore", *arguments],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ),
    )  # fmt: skip


def test_a_killed_sweep_goes_on_and_comes_to_the_same_results(
    space: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Killed by SIGKILL within its second trial, and again within its fourth."""
    out = tmp_path / "killed"
    for _ in range(2):
        with started(sweep(space, out)) as process:
            assert process.stdout is not None
            assert json.loads(process.stdout.readline())["event"] == "trial"
            process.kill()
            assert process.wait(20) == -signal.SIGKILL
    assert main(sweep(space, out)) == 0
    assert main(sweep(space, tmp_path / "whole")) == 0
    killed, whole = (
        sweep_records.read(tmp_path / f"{name}.sweep.json") for name in ("killed", "whole")
    )
    assert results(killed) == results(whole)
    assert len(killed.trials) == 6
    told = [e for e in events(capfd) if e["event"] == "trial"]
    assert len(told) < 12  # what had ended before was not trained again


def test_a_sweep_that_is_told_to_stop_says_how_to_go_on(space: Path, tmp_path: Path) -> None:
    out = tmp_path / "small"
    with started(sweep(space, out)) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        lines = process.stdout.read().splitlines()
        assert process.stderr.read() == ""
        assert process.wait(20) == 0
    assert json.loads(lines[-1]) == {"event": "stopped", "trials": len(lines)}
    assert not out.with_name("small.safetensors").exists()


def test_two_cannot_go_on_with_one_study(
    space: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    from makemore.experiments import search

    out = tmp_path / "small"
    with search.alone(tmp_path, f"sqlite:///{tmp_path / 'small.sweep.db'}", "small"):
        assert main(sweep(space, out)) == 2
    assert "small: another process goes on with it; wait for it" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["sweep", "nothing.toml"], "nothing.toml: No such file or directory; name a TOML file"),
        (["sweep", "{space}", "--out", "."], "--out .: give a name"),
        (
            ["sweep", "{space}", "--storage", "nonsense", "--out", "{out}"],
            "name one such as sqlite:",
        ),
        (["sweep", "{space}", "--seeds", "0"], "'0' is not a whole number from 1"),
        (
            ["repeat", "nothing.json", "1"],
            "nothing.json: No such file or directory; name the record",
        ),
        (
            ["repeat", "checkpoints/sweeps/ladder.json", "99"],
            "ladder has no trial 99; its trials: 0",
        ),
        (
            ["repeat", "checkpoints/sweeps/ladder.json", "1"],
            "was trained on names.txt; give that list",
        ),
    ],
)
def test_a_wrong_call_is_one_line(
    space: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    filled = [each.format(space=space, out=tmp_path / "x") for each in arguments]
    try:
        status = main(filled)
    except SystemExit as ended:
        status = int(str(ended.code))
    assert status == 2
    [line] = capfd.readouterr().err.splitlines()
    assert message in line
