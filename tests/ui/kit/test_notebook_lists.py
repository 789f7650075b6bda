"""The list that a notebook begins with is the one of the page, to the last letter."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makemore.data.name_lists import NameListError, load_names, parse_names
from makemore.data.sample_lists import OWN, SAMPLES, read_sample
from makemore.ui.kit.notebooks import list_lines


def world_of(code: str) -> dict[str, Any]:
    world: dict[str, Any] = {}
    exec(code, world)
    return world


@given(st.lists(st.text("\"\\'{}#né ζ\u2028\r", min_size=1), min_size=10).map("\n".join))
def test_an_own_list_comes_along_as_it_was_read(content: str) -> None:
    try:
        read = parse_names(content, OWN)
    except NameListError:
        return  # no page has it
    assert world_of(list_lines(read))["names"] == read


def test_the_course_list_is_found_in_the_project() -> None:
    code = list_lines(load_names())
    assert world_of(code)["names"] == load_names()
    assert "MAKEMORE_NAMES" not in code


def test_that_another_list_took_its_place_is_said(few_file: Path) -> None:
    few = load_names()
    assert world_of(list_lines(few))["names"] == few
    assert "MAKEMORE_NAMES" in list_lines(few)


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_sample_list_is_read_from_the_project(sample: str) -> None:
    names = read_sample(sample).to_list()
    assert world_of(list_lines(names))["names"] == names
    assert len(list_lines(names)) < 200
