"""README says what is true: its figures are those of the checkpoints, its commands exist."""

import re
from pathlib import Path

import pytest

from makemore import checkpoints
from makemore.__main__ import parser
from makemore.shipped import SHIPPED

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SHIPPED)
def test_the_table_has_the_figures_of_the_checkpoint(name: str) -> None:
    about = checkpoints.read_metadata(name)
    [row] = [line for line in README.splitlines() if line.startswith(f"| `{name}` |")]
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[1] == SHIPPED[name].label
    assert cells[4:] == [
        f"{about.losses['dev']:.4f}",
        f"{about.parameters:,}",
        about.recipe["name"],
    ]


def test_every_command_line_in_it_parses() -> None:
    lines = re.findall(r"^python -m makemore (.+?)(?:\s+#.*)?$", README, flags=re.MULTILINE)
    assert len(lines) >= 7
    for line in lines:
        assert callable(parser().parse_args(line.split()).run)


def test_every_place_in_the_tree_is_there() -> None:
    tree = README.split("## The code")[1].split("```")[1]
    for name in re.findall(r"([a-z_]+\.py)\b", tree):
        assert [*ROOT.glob(name), *ROOT.glob(f"makemore/{name}")], name
