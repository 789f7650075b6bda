"""Writes a function as a notebook: its arguments are the settings, its body the cells. Knows no step.

So what a learner opens is code that ruff and mypy have read, and that tests run beside the page.
"""

import ast
import hashlib
import inspect
import re
import textwrap
from collections.abc import Callable, Mapping
from functools import lru_cache
from pprint import pformat
from typing import Any

from makemore.data.name_lists import NAMES_SHA256, NameList
from makemore.data.sample_lists import OWN, sample_key

Notebook = Callable[..., None]
LIST = "names"  # the argument that is the list of names
WIDTH = 100
HOW = (
    "Run it in Jupyter, in the folder of the project, with the packages of its `requirements.txt`."
)


def settings_of(
    notebook: Notebook, known: Mapping[str, Any], first: Mapping[str, Any]
) -> dict[str, Any]:
    """By argument, without the list, what is known of it, each of the type it has.

    Of what is not known the default of the argument, and of one that has none what it is at first.
    Raises KeyError where that is not known either, see `lacks`.
    """
    found: dict[str, Any] = {}
    for name, parameter in _parameters(notebook).items():
        if name in known:
            found[name] = parameter.annotation(known[name])
        else:
            bare = parameter.default is inspect.Parameter.empty
            found[name] = first[name] if bare else parameter.default
    return found


def lacks(notebook: Notebook, known: Mapping[str, Any], first: Mapping[str, Any]) -> bool:
    """Whether an argument without a default is not known."""
    return any(
        parameter.default is inspect.Parameter.empty and name not in known and name not in first
        for name, parameter in _parameters(notebook).items()
    )


@lru_cache(maxsize=256)
def _parameters(notebook: Notebook) -> Mapping[str, inspect.Parameter]:
    """Its settings: all arguments but the list."""
    found = inspect.signature(notebook).parameters
    return {name: parameter for name, parameter in found.items() if name != LIST}


def list_lines(names: NameList) -> str:
    """The lines of code that give this list: the one of the project, a sample, or all that are in it."""
    if sample := sample_key(names.source):
        return (
            "from makemore.data.sample_lists import read_sample\n\n"
            f"names = read_sample({sample!r}).to_list()"
        )
    if names.source != OWN:
        other = names.sha256 != NAMES_SHA256
        return (
            "from makemore.data.name_lists import load_names\n\n"
            f"names = load_names(){'  # MAKEMORE_NAMES has to be as it was for the pages' * other}"
        )
    text = "\n".join(names.names) + "\n"
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    given = f'names = parse_names("""\\\n{quoted}""", OWN)'
    imports = (
        "from makemore.data.name_lists import parse_names\n"
        "from makemore.data.sample_lists import OWN\n\n"
    )
    if hashlib.sha256(text.encode()).hexdigest() == names.sha256:
        return imports + given
    # By the hash of the text that was read a checkpoint knows what it has been trained on.
    return (
        f"from dataclasses import replace\n\n{imports}{given}\n"
        f"names = replace(names, sha256={names.sha256!r})"
    )


def write_notebook(
    notebook: Notebook, settings: Mapping[str, Any], names: NameList, *, title: str, about: str
) -> str:
    """The text of the .ipynb file: what it is about, the list and the settings, and the cells of the body."""
    # Only here, when somebody asks for one: it takes a third of a second to import.
    from nbformat import v4, writes

    cells = [v4.new_markdown_cell(f"# {title}\n\n{about}\n\n{HOW}")]
    cells += [v4.new_code_cell(code) for code in _code_of(notebook, settings, names)]
    for i, cell in enumerate(cells):  # else each writing would draw others
        cell["id"] = f"cell-{i}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return str(writes(v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})))


def _code_of(notebook: Notebook, settings: Mapping[str, Any], names: NameList) -> list[str]:
    """Cell by cell, what the arguments are first."""
    given = [list_lines(names)] if LIST in inspect.signature(notebook).parameters else []
    if settings:
        given.append("\n".join(_assignment(name, value) for name, value in settings.items()))
    return ["\n\n".join(given), *body_of(notebook)] if given else body_of(notebook)


def _assignment(name: str, value: Any) -> str:
    start = f"{name} = "
    lines = pformat(value, width=WIDTH - len(start), sort_dicts=False).splitlines()
    if len(lines) > 1 and not isinstance(value, dict):
        lines = [repr(value)]  # a long text stays one
    return f"\n{' ' * len(start)}".join([start + lines[0], *lines[1:]])


@lru_cache(maxsize=256)
def body_of(notebook: Notebook) -> list[str]:
    """The cells: what stands between blank lines of the body, but for those inside a block; no docstring."""
    source = textwrap.dedent(inspect.getsource(notebook))
    (function,) = ast.parse(source).body
    assert isinstance(function, ast.FunctionDef)
    first = function.body[1 if ast.get_docstring(function) else 0]
    body = textwrap.dedent("\n".join(source.splitlines()[first.lineno - 1 :]))
    return [cell.strip("\n") for cell in re.split(r"\n\n(?=\S)", body.strip("\n"))]
