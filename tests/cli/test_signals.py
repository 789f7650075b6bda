"""A training that is told to stop keeps what it has learned, by either signal and at any moment."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from makemore.checkpoints import store

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_training_that_is_told_to_stop_is_saved(
    few_file: Path, tmp_path: Path, number: signal.Signals
) -> None:
    out = tmp_path / "mine"
    command = [sys.executable, "-m", "makemore", "train", "bigram_nn", "--json", "--out", str(out)]
    with subprocess.Popen(
        [*command, "--steps", "100000", "--log-every", "1"],
        cwd=ROOT, env={**os.environ, "MAKEMORE_NAMES": str(few_file)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        # Whoever runs these tests in the background may have SIGINT ignored, which is inherited.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()  # the very first event
        process.send_signal(number)
        lines = process.stdout.read().splitlines()
        assert process.stderr.read() == ""
        assert process.wait(20) == 0
    saved = json.loads(lines[-1])
    assert saved["event"] == "saved"
    assert saved["step"] == store.load(out).metadata.step < 100_000
