"""Imports go one way. The table says which rooms each room may know; a new module needs a place in it."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# From the ground up: each may know those before it, and no other room.
CORE = (
    "vocabulary", "names", "config", "device", "data", "descent", "activations", "layers", "joints", "models",
    "capture", "plans", "evaluation", "ablation", "sampling", "events", "recipes", "planned", "updates",
    "training", "trajectory", "metadata",
    "files", "checkpoints", "runs", "studies", "shipped", "reproduce", "terminal", "commands", "__main__",
)  # fmt: skip


def up_to(room: str) -> set[str]:
    return set(CORE[: CORE.index(room) + 1])


KNOWS: dict[str, set[str]] = {room: up_to(room) for room in CORE} | {
    "diagnostics": up_to("capture") | {"evaluation", "diagnostics"},
    "charts": {"charts"},
    "jobs": up_to("runs") | {"jobs"},
    "ui": up_to("shipped") | {"diagnostics", "charts", "jobs", "ui"},
    "pages": up_to("shipped") | {"diagnostics", "charts", "jobs", "ui"},
    "app": {"ui"},
}

# What of the outside world a room may know; rooms that are not named may know torch and numpy.
OUTSIDE: dict[str, set[str]] = {
    "vocabulary": set(),
    "names": set(),
    "config": set(),
    "shipped": set(),
    "recipes": set(),
    "terminal": {"tqdm"},
    "files": {"torch", "safetensors"},
    "diagnostics": {"torch", "numpy", "pandas"},
    "charts": {"pandas", "altair", "numpy", "PIL"},
    "ui": {"streamlit", "starlette", "torch", "numpy", "pandas", "pyarrow", "PIL"},
    "pages": {"streamlit", "torch", "numpy", "pandas"},
    "app": {"streamlit"},
}
NO_PICKLE = ("torch.load", "torch.save")
FORBIDDEN = ("pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal")
STANDARD = set(sys.stdlib_module_names)


def imports(tree: ast.AST) -> set[str]:
    """Every module that a source imports, anywhere in it; `from a import b` is a.b."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            found |= {f"{base}.{alias.name}" for alias in node.names}
    return found


def faults(room: str, source: str) -> list[str]:
    """What is wrong with the imports of a source that stands in this room."""
    tree = ast.parse(source)
    allowed = STANDARD | OUTSIDE.get(room, {"torch", "numpy"})
    wrong = []
    for name in sorted(imports(tree)):
        first, *rest = name.split(".")
        if first == "makemore":
            if not rest or rest[0] not in KNOWS[room]:
                wrong.append(name)
        elif first in FORBIDDEN or name in NO_PICKLE or first not in allowed:
            wrong.append(name)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in NO_PICKLE:
            wrong.append(ast.unparse(node))
    return wrong


def room_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[1] if parts[0] == "makemore" else parts[0]


SOURCES = sorted([ROOT / "app.py", *ROOT.glob("pages/**/*.py"), *ROOT.glob("makemore/*/**/*.py"),
                  *ROOT.glob("makemore/*.py")])  # fmt: skip
SOURCES = [path for path in SOURCES if path != ROOT / "makemore" / "__init__.py"]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_arrow_runs_back(path: Path) -> None:
    assert room_of(path) in KNOWS, f"{path.name} has no place in the table of this test"
    assert faults(room_of(path), path.read_text(encoding="utf-8")) == []


def test_every_place_in_the_table_is_taken() -> None:
    assert {room_of(path) for path in SOURCES} == set(KNOWS)
    assert set(OUTSIDE) <= set(KNOWS)


def test_the_package_itself_imports_nothing() -> None:
    assert (ROOT / "makemore" / "__init__.py").read_text(encoding="utf-8").strip() == ""


@pytest.mark.parametrize(
    ("room", "source", "fault"),
    [
        ("vocabulary", "from makemore.names import load_names", "makemore.names.load_names"),
        ("data", "import makemore.models", "makemore.models"),
        ("models", "def f():\n    from makemore import training", "makemore.training"),
        ("training", "from makemore.checkpoints import save", "makemore.checkpoints.save"),
        ("checkpoints", "from makemore import commands", "makemore.commands"),
        ("diagnostics", "from makemore.training import Trainer", "makemore.training.Trainer"),
        ("diagnostics", "import altair", "altair"),
        ("charts", "import torch", "torch"),
        ("charts", "from torch import nn", "torch.nn"),
        ("charts", "from makemore.vocabulary import DOT", "makemore.vocabulary.DOT"),
        ("charts", "import streamlit as st", "streamlit"),
        ("jobs", "import streamlit", "streamlit"),
        ("jobs", "from makemore.ui import load", "makemore.ui.load"),
        ("commands", "from streamlit import write", "streamlit.write"),
        ("ui", "from pages import home", "pages.home"),
        ("ui", "from makemore.commands import train", "makemore.commands.train"),
        ("config", "import torch", "torch"),
        ("checkpoints", "import pickle", "pickle"),
        ("ui", "import pickle", "pickle"),
        ("checkpoints", "import torch\ntorch.load('x')", "torch.load"),
        ("checkpoints", "from torch import load", "torch.load"),
        ("models", "from . import base", "..base"),
        ("models", "import makemore", "makemore"),
        ("data", "try:\n    import requests\nexcept ImportError:\n    pass", "requests"),
    ],
)
def test_a_planted_fault_is_found(room: str, source: str, fault: str) -> None:
    assert faults(room, source) == [fault]


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("data", "import random\nfrom makemore.vocabulary import DOT\nimport torch"),
        ("models", "from makemore.models.base import LanguageModel"),
        ("charts", "from makemore.charts import palette\nimport altair"),
        ("pages", "import streamlit\nfrom makemore.ui import load"),
    ],
)
def test_what_is_allowed_is_not_found(room: str, source: str) -> None:
    assert faults(room, source) == []
