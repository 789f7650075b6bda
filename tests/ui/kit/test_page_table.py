"""The table of pages holds every page once, and navigation, headings and links follow it."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from makemore.ui.kit.page_table import HOME, PAGES, find_page, group_by_section

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
HEADINGS = {  # in the order of the course
    "home": "Five models that make up names",
    "bigram": "Counting pairs",
    "bigram_nn": "The same as a net",
    "mlp": "Embedding and MLP",
    "mlp_training": "Training it",
    "initialisation": "Initialisation",
    "batch_norm": "Batch norm",
    "diagnostics": "Diagnostics",
    "backprop": "Backprop by hand",
    "wavenet": "Fusion tree",
    "bricks": "Build a net",
    "name_lab": "Name lab",
    "scoreboard": "Scoreboard",
    "experiments": "Experiments",
    "checkpoints": "Checkpoints",
}


def last_step(file: str) -> AppTest:
    """A page at the step that leads to the page that follows."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app = app.switch_page(f"pages/{file}.py").run()
    app.query_params["step"] = str(len(app.segmented_control(key="rail").options))
    return app.run()


def test_every_file_is_in_the_table_and_the_other_way_round() -> None:
    assert sorted(page.file for page in PAGES) == FILES
    assert all((ROOT / page.path).is_file() for page in PAGES)


def test_the_page_that_the_bare_address_opens_is_the_first() -> None:
    assert HOME is PAGES[0]
    assert HOME.file == "home"


def test_no_two_pages_look_alike_in_the_navigation() -> None:
    assert len({page.title for page in PAGES}) == len(PAGES)
    assert len({page.icon for page in PAGES}) == len(PAGES)


def test_sections_keep_the_order_of_the_table() -> None:
    """Pages of one section stand together, so that the page that follows is the one below."""
    listed = [page for pages in group_by_section().values() for page in pages]
    assert listed == list(PAGES)
    assert list(group_by_section()) == ["", "Models", "Tools"]


@pytest.mark.parametrize("file", FILES)
def test_a_page_bears_its_heading_and_leads_to_the_next(file: str) -> None:
    app = last_step(file)
    assert not app.exception
    assert app.title[0].value == HEADINGS[file]
    (link,) = app.get("page_link")
    files = list(HEADINGS)
    following = files[(files.index(file) + 1) % len(files)]  # the first follows the last
    assert link.proto.page == following
    assert link.proto.label == f"Next page: {find_page(following).title}"


def test_a_file_that_the_table_lacks_has_no_page() -> None:
    with pytest.raises(KeyError, match="nowhere"):
        find_page("nowhere")
