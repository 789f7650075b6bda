"""A chart becomes files in the browser: the picture as it is seen, and every row that it was drawn from."""

import io
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pyarrow as pa
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from makemore.data.name_lists import load_names
from tests.browser.conftest import visit
from tests.pages.opening import opened

BAR = "[data-testid=stFullScreenFrame]"
KINDS = {"png": "Download as PNG", "svg": "Download as SVG", "csv": "Download data as CSV"}
SUMMARY = "[aria-roledescription=summary]"
READ = f"""all => all.map(
    svg => [svg.querySelector("{SUMMARY}").ariaLabel, chartFiles.asCsv(svg)])"""
VIEWS = [("home", 1), ("bigram", 2), ("mlp", 3), ("wavenet", 1)]


def frames(page: str, step: int) -> dict[str, dict[str, pd.DataFrame]]:
    """By its alternative text what each chart of a step is drawn from; without frames that are empty."""
    app = opened(f"{page}.py", step=str(step))
    found = {}
    for element in app.get("vega_lite_chart"):
        sent = {
            each.name: pa.ipc.open_stream(each.data.data).read_all().to_pandas()
            for each in element.proto.datasets
        }
        alt = sent.pop("said")["said"][0]
        found[alt] = {name: frame for name, frame in sent.items() if len(frame)}
    return found


def read(text: str, names: list[str]) -> dict[str, pd.DataFrame]:
    """The frames of a CSV, by name."""
    table = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    if len(names) == 1:
        return {names[0]: table}
    return {str(name): part.drop(columns="dataset") for name, part in table.groupby("dataset")}


def assert_holds(table: pd.DataFrame, frame: pd.DataFrame) -> None:
    assert len(table) == len(frame)
    for column in frame:
        given, drawn = table[column], frame[column].tolist()
        if pd.api.types.is_numeric_dtype(frame[column].dtype) and frame[column].dtype != bool:
            assert [float(value or "nan") for value in given] == pytest.approx(drawn, nan_ok=True)
        else:
            assert list(given) == [said(value) for value in drawn]


def said(value: Any) -> str:
    text = "" if value is None or value != value else str(value)
    if text in ("True", "False"):
        return text.lower()
    return "(picture)" if text.startswith("data:") else text


def keep(page: Page, frame: Locator, kind: str, folder: Path) -> Path:
    """Press the button of the bar; the file that comes."""
    with page.expect_download() as coming:
        frame.get_by_role("button", name=KINDS[kind]).click()
    path = folder / coming.value.suggested_filename
    coming.value.save_as(path)
    return path


def assert_is_matrix(text: str) -> None:
    """The file of the matrix has its frames, and in the cells the pairs of the list, counted anew."""
    (expected,) = [found for found in frames("bigram", 2).values() if "cells" in found]
    tables = read(text, list(expected))
    for name, frame in expected.items():
        assert_holds(tables[name], frame)
    cells = tables["cells"].set_index("pair")
    names = [f".{name}." for name in load_names().names]
    for pair in ("em", ".z", "a."):
        count = sum(name.count(pair) for name in names)
        rest = sum(name[:-1].count(pair[0]) for name in names)
        assert int(cells["count"][pair]) == count
        assert float(cells["probability"][pair]) == pytest.approx(count / rest)


@pytest.mark.parametrize(("name", "step"), VIEWS)
def test_the_data_of_a_chart_are_the_rows_that_it_was_drawn_from(
    name: str, step: int, browser: Browser, server: str
) -> None:
    with visit(browser, server) as tab:
        page = tab.open(f"/{name}?step={step}" if name != "home" else "/")
        texts = page.locator("svg.marks").evaluate_all(READ)
        expected = frames(name, step)
        assert {alt for alt, _ in texts} == expected.keys()
        for alt, text in texts:
            tables = read(text, list(expected[alt]))
            assert tables.keys() == expected[alt].keys()
            for each, frame in expected[alt].items():
                assert_holds(tables[each], frame)
        tab.check()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_picture_has_the_colours_that_are_seen(
    scheme: str, browser: Browser, server: str, tmp_path: Path
) -> None:
    with visit(browser, server, scheme=scheme) as tab:
        page = tab.open("/bigram?step=2")
        frame = page.locator(BAR).first
        frame.hover()
        svg = keep(page, frame, "svg", tmp_path)
        assert svg.name == "bigram-2-path_matrix.svg"
        text = svg.read_text(encoding="utf-8")
        assert "light-dark" not in text
        assert "var(" not in text
        root = ElementTree.fromstring(text)
        assert root[0].text == page.locator(SUMMARY).first.get_attribute("aria-label")
        picture = Image.open(keep(page, frame, "png", tmp_path)).convert("RGB")
        assert picture.size == (2 * int(root.attrib["width"]), 2 * int(root.attrib["height"]))
        assert picture.getpixel((1, 1)) == ((253, 252, 249) if scheme == "light" else (23, 24, 27))
        found = {colour for _, colour in picture.getcolors(1 << 20) or []}
        accent = (176, 31, 102) if scheme == "light" else (245, 130, 182)
        assert accent in found, "the way of the name"
        tab.check()


def test_the_keyboard_reaches_the_bar_and_a_finger_opens_it(
    browser: Browser, server: str, tmp_path: Path
) -> None:
    with visit(browser, server) as tab:
        page = tab.open("/bigram?step=2")
        frame = page.locator(BAR).first
        frame.get_by_role("button", name="Show data").focus()
        for _ in range(3):
            page.keyboard.press("Tab")
        expect(frame.get_by_role("button", name=KINDS["csv"])).to_be_focused()
        with page.expect_download() as coming:
            page.keyboard.press("Enter")
        assert coming.value.suggested_filename == "bigram-2-path_matrix.csv"
        coming.value.save_as(tmp_path / "matrix.csv")
        assert_is_matrix((tmp_path / "matrix.csv").read_text(encoding="utf-8"))
    with visit(browser, server, width=390) as tab:
        page = tab.open("/bigram?step=2")
        page.locator(BAR).first.hover()
        expect(page.locator(BAR).first.get_by_role("button", name=KINDS["svg"])).to_be_visible()
        tab.check()
