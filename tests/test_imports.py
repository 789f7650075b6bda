"""Imports go one way. The table says which rooms each room may know; a new room needs a place in it."""

import ast
import os
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# From the ground up: each may know those before it, and no other room.
CORE = (
    "config", "device", "data", "layers", "models", "by_hand", "inference", "training", "checkpoints",
    "experiments", "diagnostics", "jobs",
)  # fmt: skip


def up_to(room: str) -> set[str]:
    return set(CORE[: CORE.index(room) + 1])


SCREEN = up_to("jobs") | {"charts", "ui"}
KNOWS: dict[str, set[str]] = {room: up_to(room) for room in CORE} | {
    "by_hand": {"by_hand", "data"},
    "diagnostics": up_to("inference") | {"diagnostics"},
    "jobs": up_to("experiments") | {"jobs"},
    "charts": {"charts"},
    "cli": up_to("diagnostics") | {"cli"},
    "__main__": up_to("experiments") | {"cli"},
    "ui": SCREEN,
    "lessons": SCREEN | {"lessons"},
    "server": SCREEN | {"lessons", "server"},
    "pages": SCREEN | {"lessons"},
    "app": {"ui", "server"},
}

# What of the outside world a room may know; rooms that are not named may know torch and numpy.
OUTSIDE: dict[str, set[str]] = {
    "config": set(),
    "checkpoints": {"torch", "safetensors"},
    "cli": {"tqdm"},
    "__main__": set(),
    "diagnostics": {"torch", "numpy", "pandas"},
    "jobs": {"torch", "numpy"},
    "charts": {"pandas", "altair", "numpy", "PIL"},
    "ui": {"streamlit", "torch", "numpy", "pandas", "pyarrow", "nbformat"},
    "lessons": {"streamlit", "torch", "numpy", "pandas"},
    "server": {"streamlit", "starlette", "torch", "PIL"},
    "pages": {"streamlit", "torch", "numpy", "pandas"},
    "app": {"streamlit", "starlette"},
}
# Optuna is known by these alone, and they by nobody but the command that searches, when it runs.
SEARCH = ("search", "search_results", "search_trial")
SEARCHES = {f"makemore/experiments/{name}.py" for name in SEARCH}
FOR_SEARCH = {"optuna", "sqlalchemy"}
NO_PICKLE = ("torch.load", "torch.save")
FORBIDDEN = ("pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal")
STANDARD = set(sys.stdlib_module_names)
# These may know Dask, and are imported inside a function by whoever was given a cluster.
JOBS_ON_CLUSTER = {f"makemore.jobs.workers.{name}" for name in ("cluster", "cluster_host", "seat")}
CLUSTER = JOBS_ON_CLUSTER | {
    "makemore.experiments.cluster",
    "makemore.experiments.cluster_security",
}


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


def faults(place: str, source: str, more: Collection[str] = ()) -> list[str]:
    """What is wrong with the imports of a source that stands at this place: `room` or `room/folder`.

    more: what else of the outside world it may know.
    """
    tree = ast.parse(source)
    room, _, folder = place.partition("/")
    allowed = STANDARD | OUTSIDE.get(room, {"torch", "numpy"}) | set(more)
    if place == "ui/sources":
        allowed = allowed - {"streamlit"}  # they load for all, so they draw nothing
    wrong = []
    for name in sorted(imports(tree)):
        first, *rest = name.split(".")
        if first == "makemore":
            if not rest or rest[0] not in KNOWS[room]:
                wrong.append(name)
            elif room == "lessons" == rest[0] and rest[1] != folder:
                wrong.append(name)  # what two pages share is in ui
        elif first in FORBIDDEN or name in NO_PICKLE or first not in allowed:
            wrong.append(name)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in NO_PICKLE:
            wrong.append(ast.unparse(node))
    return wrong


def place_of(path: Path) -> str:
    """The room of a file, and the folder inside it if it is in one."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    if parts[0] != "makemore":
        return parts[0]
    return "/".join(parts[1:-1][:2]) or parts[1]


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


SOURCES = sorted([ROOT / "app.py", *ROOT.glob("pages/**/*.py"), *ROOT.glob("makemore/*/**/*.py"),
                  *ROOT.glob("makemore/*.py")])  # fmt: skip
SOURCES = [path for path in SOURCES if path != ROOT / "makemore" / "__init__.py"]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_arrow_runs_back(path: Path) -> None:
    place = place_of(path)
    assert place.split("/")[0] in KNOWS, f"{path.name} has no place in the table of this test"
    more = FOR_SEARCH if str(path.relative_to(ROOT)) in SEARCHES else ()
    more = {"distributed"} if module_of(path) in CLUSTER else more
    assert faults(place, path.read_text(encoding="utf-8"), more) == []


def test_only_the_command_that_searches_knows_what_imports_optuna() -> None:
    known = {f"makemore.experiments.{name}" for name in SEARCH}
    users = {}
    for path in SOURCES:
        names = imports(ast.parse(path.read_text(encoding="utf-8")))
        if any(name in known or name.rpartition(".")[0] in known for name in names):
            users[str(path.relative_to(ROOT))] = path
    assert users.keys() == {"makemore/experiments/search.py", "makemore/cli/sweep.py",
                            "makemore/experiments/search_results.py"}  # fmt: skip


@pytest.mark.parametrize("module", ["makemore.__main__", "makemore.server.lifespan"])
def test_neither_the_command_line_nor_the_server_begins_with_optuna(module: str) -> None:
    code = f"import sys, {module}; sys.exit('optuna' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_every_place_in_the_table_is_taken() -> None:
    assert {place_of(path).split("/")[0] for path in SOURCES} == set(KNOWS)
    assert set(OUTSIDE) <= set(KNOWS)


def circles(imported: dict[str, set[str]]) -> list[str]:
    """The modules that import themselves by way of others."""

    def reached(module: str, seen: set[str]) -> set[str]:
        for each in imported[module] - seen:
            seen.add(each)
            reached(each, seen)
        return seen

    return sorted(module for module in imported if module in reached(module, set()))


def test_no_module_imports_itself_by_way_of_others() -> None:
    """Imports for type checkers count too: whoever reads one module should not need all."""
    sources = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in SOURCES}
    modules = {name.removesuffix(".__init__"): path for name, path in sources.items()}
    found = {}
    for module, path in modules.items():
        names = imports(ast.parse(path.read_text(encoding="utf-8")))
        # `a.b` is the module a.b, or what the module a calls b.
        found[module] = {each if each in modules else each.rpartition(".")[0] for each in names}
        found[module] &= set(modules)
    assert sum(map(len, found.values())) > 100, "the imports are found"
    assert circles(found) == []


def test_a_planted_circle_is_found() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}) == ["b", "c"]


def test_what_a_cluster_needs_is_imported_for_one_alone() -> None:
    """Without MAKEMORE_CLUSTER no package of Dask is touched, by jobs or by whatever a server runs."""
    found = {
        module_of(path): imports(ast.parse(path.read_text(encoding="utf-8"))) for path in SOURCES
    }
    users = {
        each
        for each, names in found.items()
        if any(n.split(".")[0] == "distributed" for n in names)
    }
    assert users == CLUSTER
    direct = {
        each for each, names in found.items() if any(n.rpartition(".")[0] in CLUSTER for n in names)
    }
    assert direct - users == {"makemore.jobs.__init__", "makemore.cli.sweep"}
    code = (
        "import os, sys; from makemore import jobs; jobs.shared().close();"
        "import makemore.server.lifespan;"
        "sys.exit(bool({'dask', 'distributed'} & set(sys.modules)))"
    )
    environment = {key: each for key, each in os.environ.items() if key != "MAKEMORE_CLUSTER"}
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment).returncode == 0


def test_the_package_itself_imports_nothing() -> None:
    assert (ROOT / "makemore" / "__init__.py").read_text(encoding="utf-8").strip() == ""


def test_every_folder_says_what_it_is_for() -> None:
    for init in sorted((ROOT / "makemore").glob("*/**/__init__.py")):
        assert ast.get_docstring(ast.parse(init.read_text(encoding="utf-8"))), init


def test_lessons_pages_and_their_tests_share_their_names() -> None:
    lessons = {path.parent.name for path in ROOT.glob("makemore/lessons/*/__init__.py")}
    assert lessons <= {path.stem for path in ROOT.glob("pages/*.py")}
    assert lessons <= {path.parent.name for path in ROOT.glob("tests/lessons/*/__init__.py")}


def test_a_chart_and_its_frame_stand_in_the_same_subject() -> None:
    subjects = {"letters", "layers", "trees", "losses"}
    for room, more in (("charts", {"base"}), ("diagnostics", set())):
        found = {path.parent.name for path in ROOT.glob(f"makemore/{room}/*/__init__.py")}
        assert found == subjects | more


@pytest.mark.parametrize(
    ("place", "source", "fault"),
    [
        ("config", "from makemore.data import vocabulary", "makemore.data.vocabulary"),
        ("data", "import makemore.models", "makemore.models"),
        ("models", "def f():\n    from makemore import training", "makemore.training"),
        ("layers", "from makemore.inference import plans", "makemore.inference.plans"),
        ("by_hand", "from makemore.layers import Linear", "makemore.layers.Linear"),
        ("inference", "from makemore.training.trainer import Trainer", "makemore.training.trainer.Trainer"),
        ("training", "from makemore.checkpoints import store", "makemore.checkpoints.store"),
        ("checkpoints", "from makemore.experiments import runs", "makemore.experiments.runs"),
        ("experiments", "from makemore.cli import terminal", "makemore.cli.terminal"),
        ("diagnostics/layers", "from makemore.training import trainer", "makemore.training.trainer"),
        ("diagnostics/layers", "import altair", "altair"),
        ("charts/base", "import torch", "torch"),
        ("charts/base", "from torch import nn", "torch.nn"),
        ("charts/letters", "from makemore.data.vocabulary import DOT", "makemore.data.vocabulary.DOT"),
        ("charts/base", "import streamlit as st", "streamlit"),
        ("jobs/workers", "import streamlit", "streamlit"),
        ("jobs", "from makemore.ui.sources import loaded", "makemore.ui.sources.loaded"),
        ("cli", "from streamlit import write", "streamlit.write"),
        ("ui/kit", "from pages import home", "pages.home"),
        ("ui/kit", "from makemore.cli import commands", "makemore.cli.commands"),
        ("ui/kit", "from makemore.lessons.mlp import letter_points", "makemore.lessons.mlp.letter_points"),
        ("ui/sources", "import streamlit as st", "streamlit"),
        ("lessons/mlp", "from makemore.lessons.bigram import name_walk", "makemore.lessons.bigram.name_walk"),
        ("lessons/mlp", "from makemore.server import lifespan", "makemore.server.lifespan"),
        ("config", "import torch", "torch"),
        ("checkpoints", "import pickle", "pickle"),
        ("ui/kit", "import pickle", "pickle"),
        ("checkpoints", "import torch\ntorch.load('x')", "torch.load"),
        ("checkpoints", "from torch import load", "torch.load"),
        ("models", "from . import base", "..base"),
        ("models", "import makemore", "makemore"),
        ("jobs", "import optuna", "optuna"),
        ("lessons/mlp", "def f():\n    import optuna", "optuna"),
        ("data", "try:\n    import requests\nexcept ImportError:\n    pass", "requests"),
    ],
)  # fmt: skip
def test_a_planted_fault_is_found(place: str, source: str, fault: str) -> None:
    assert faults(place, source) == [fault]


@pytest.mark.parametrize(
    ("place", "source"),
    [
        ("data", "import random\nfrom makemore.data.vocabulary import DOT\nimport torch"),
        ("models", "from makemore.models.base import LanguageModel"),
        ("charts/letters", "from makemore.charts.base import palette\nimport altair"),
        ("lessons/mlp", "from makemore.lessons.mlp import letter_points\nimport streamlit"),
        ("pages", "import streamlit\nfrom makemore.ui.sources import loaded"),
    ],
)
def test_what_is_allowed_is_not_found(place: str, source: str) -> None:
    assert faults(place, source) == []
