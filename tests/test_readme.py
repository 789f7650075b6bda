"""README says what is true: its figures are those of the checkpoints, its commands exist."""

import re
import shlex
import tomllib
from math import isnan, log
from pathlib import Path

import pytest

from makemore.__main__ import parser
from makemore.checkpoints import store
from makemore.checkpoints.shipped import SHIPPED
from makemore.data.examples import Dataset
from makemore.experiments.kept_looks import has_second
from makemore.experiments.sweep_records import SHIPPED as SHIPPED_SWEEPS
from makemore.experiments.sweep_records import read_shipped
from makemore.jobs.quotas import MOST_IN_SERIES, MOST_SERIES_STEPS
from makemore.lessons.experiments.trial_settings import label_of, varied
from makemore.ui.kit.page_table import PAGES
from makemore.ui.sources.shipped_scoreboard import board

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_page_is_told_of_in_the_order_of_the_menu() -> None:
    [_, after] = README.split("## On the pages\n")
    table = [line for line in after.split("\n## ")[0].splitlines() if line.startswith("| ")]
    assert [row.split("|")[1].strip() for row in table[1:]] == [page.title for page in PAGES]


@pytest.mark.parametrize("name", SHIPPED)
def test_the_table_has_the_figures_of_the_checkpoint(name: str) -> None:
    about = store.read_metadata(name)
    [row] = [line for line in README.splitlines() if line.startswith(f"| `{name}` |")]
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[1] == SHIPPED[name].label
    made, [measured] = SHIPPED[name], board([name]).to_dict("records")
    whole = " (all)" if made.reported_on == "all" else ""
    assert cells[2:] == [
        "–" if made.reported is None else f"{made.reported:g}{whole}",
        "–" if made.lecture is None else f"{made.lecture:.4f}",
        *(f"{about.losses[split]:.4f}" for split in ("train", "dev", "test")),
        "–" if isnan(measured["deviation"]) else f"{measured['deviation']:.4f}",
        f"{about.parameters:,}",
        about.recipe["name"],
    ]


def test_the_text_below_the_table_has_the_figures_of_the_study_and_the_list(real: Dataset) -> None:
    frame = board(("mlp", "mlp_bn"))
    (mlp, norm), gap = frame["dev"], frame.iloc[1]
    text = " ".join(README.split())
    assert f"`mlp_bn` stands {norm - mlp:.4f} above `mlp` here" in text
    assert f"the difference is {gap['difference']:+.4f} ± {gap['error']:.4f}" in text
    train, dev = set(real.names("train")), real.names("dev")
    assert f"{sum(name in train for name in dev)} of the {len(dev):,} dev names" in text
    assert f"ln 27 = {log(27):.4f}" in text


def test_the_nets_with_a_second_recording_are_those_of_the_text() -> None:
    found = [name for name in SHIPPED if has_second(store.load(name))]
    assert len(found) == 11
    assert "Of eleven of them (`mlp`, `mlp_bn…`, `wavenet…`)" in README
    assert all(name == "mlp" or name.startswith(("mlp_bn", "wavenet")) for name in found)


def test_every_command_line_in_it_parses() -> None:
    lines = re.findall(r"^python -m makemore (.+?)(?:\s+#.*)?$", README, flags=re.MULTILINE)
    assert len(lines) >= 5
    for line in lines:
        assert callable(parser().parse_args(line.split()).run)


def test_the_map_has_every_room_and_no_other() -> None:
    """A folder of makemore/ is a room; what stands below `makemore/` in the map is one, or in one."""
    tree = README.split("## The code")[1].split("```")[1]
    told = set(re.findall(r"\b([a-z_]+)/", tree.split("\nmakemore/")[1].split("\ncheckpoints/")[0]))
    there = {path.parent for path in ROOT.glob("makemore/*/**/*.py")}
    assert told == {path.name for path in there}
    files = {path.name for path in [*ROOT.glob("*.py"), *ROOT.glob("makemore/*.py")]}
    assert set(re.findall(r"\b([a-z_]+\.py)\b", tree)) == files - {"__init__.py", "__main__.py"}


@pytest.mark.parametrize(
    ("heading", "wanted", "runs"),
    [
        ("## Start it", "requirements.txt", ["streamlit", "run", "app.py"]),
        ("## Test it", "requirements-dev.txt", ["python", "-m", "pytest"]),
    ],
)
def test_one_line_to_paste_starts_it_and_one_tests_it(
    heading: str, wanted: str, runs: list[str]
) -> None:
    section = README.split(f"\n{heading}\n")[1].split("\n## ")[0]
    _, block, *rest = section.split("```")
    assert len(rest) == 1, "one block and no other"
    language, line, end = block.split("\n")
    assert (language, end) == ("sh", "")
    venv, install, run = (shlex.split(part) for part in line.split(" && "))
    assert venv == ["python3", "-m", "venv", ".venv"]
    assert install == [".venv/bin/pip", "install", "-q", "-r", wanted]
    assert (ROOT / wanted).is_file()
    assert run == [f".venv/bin/{runs[0]}", *runs[1:]]


def test_the_first_start_asks_for_nothing() -> None:
    """Streamlit would ask for an e-mail address, and wait, on a machine where it has never run."""
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["server"]["showEmailPrompt"] is False


def test_what_tests_everything_runs_the_line_of_the_readme_and_sets_nothing_for_it() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert """bash -euo pipefail -c "$(block '## Test it')\"""" in script
    assert not re.search(r"^\s*export |MAKEMORE_", script, flags=re.MULTILINE)


@pytest.mark.parametrize("name", SHIPPED_SWEEPS)
def test_the_table_of_sweeps_is_that_of_their_records(name: str) -> None:
    sweep = read_shipped(name)
    best = sweep.complete()[0]
    [row] = [line for line in README.splitlines() if line.startswith(f"| `{name}` |")]
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    trainings = sum(len(trial.runs) for trial in sweep.trials)
    label = label_of(best, varied(sweep))
    assert cells[1:] == [f"{len(sweep.trials)}", f"{trainings}", label, f"{best.dev:.4f}"]
    assert sweep.seeds == 3


def test_what_it_says_of_own_sweeps_is_what_a_server_allows() -> None:
    text = " ".join(README.split())
    assert f"at most {MOST_IN_SERIES} trainings of {MOST_SERIES_STEPS:,} steps" in text
