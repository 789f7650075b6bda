"""A shipped list that was changed or damaged: the visitor is told once, where figures from it are shown."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from makemore.data import name_lists
from makemore.data.name_lists import NameList, parse_names
from makemore.ui.kit import chosen_list, list_box
from makemore.ui.sources import loaded
from tests.conftest import FEW
from tests.pages.opening import ROOT, opened
from tests.pages.test_pages import PAGES

TOLD = [
    "data/names.txt is not the list that the figures belong to (SHA-256 differs); restore it with "
    "`git checkout data/names.txt`, or name another list with MAKEMORE_NAMES"
]


def forget() -> None:
    """Let the next page read the list again."""
    for kept in (loaded.name_list, loaded.dataset, chosen_list.shipped_list):
        kept.cache_clear()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder in the place of data/, and nothing kept from another one."""
    monkeypatch.setattr(name_lists, "FOLDER", tmp_path)
    forget()
    yield tmp_path
    forget()


@pytest.fixture
def changed(folder: Path, real_names: NameList) -> Path:
    """The same names in other bytes, so that whatever else the pages keep remains true."""
    path = folder / "names.txt"
    path.write_bytes("\r\n".join(real_names.names).encode())
    return path


def told(app: AppTest) -> list[str]:
    """The warnings on the page."""
    assert not app.exception
    return [each.value for each in app.warning]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_can_be_the_first_and_tells_it(changed: Path, page: str) -> None:
    assert told(opened(page)) == TOLD


def test_it_is_told_once_in_a_visit(changed: Path) -> None:
    app = opened("bigram.py")
    assert told(app) == TOLD
    app.session_state[list_box.BOX] = True
    assert told(app.run()) == []
    assert told(app.button(key="next").click().run()) == []
    assert told(app.switch_page("pages/mlp.py").run()) == []
    assert told(opened("bigram.py")) == TOLD  # another visitor


def test_a_run_that_was_broken_off_has_told_nobody(
    changed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("makemore.ui.kit.page_frame.draw_step", broken_off)
        app = opened("bigram.py")
        assert app.exception
    assert told(app.run()) == TOLD
    assert told(app.run()) == []


def broken_off(*_: object) -> None:
    raise RuntimeError("broken off")


def test_the_right_list_is_worth_no_word(folder: Path, real_names: NameList) -> None:
    (folder / "names.txt").write_bytes("\n".join(real_names.names).encode())
    assert told(opened("bigram.py")) == []


def test_a_list_that_was_named_is_worth_no_word(
    changed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAKEMORE_NAMES", str(changed))
    assert told(opened("bigram.py")) == []


def test_an_own_list_is_worth_no_word_until_the_shipped_one_is_used(changed: Path) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state[chosen_list.KEPT] = chosen_list.own_list(
        parse_names(FEW.replace(" ", "\n"), "names.txt")
    )
    app.switch_page("pages/bigram.py").run()
    assert told(app) == []
    assert told(app.switch_page("pages/bigram_nn.py").run()) == []
    app.session_state[list_box.BOX] = True
    assert told(app.run()) == []
    assert told(app.button(key="own_list_back").click().run()) == TOLD
    assert told(app.switch_page("pages/bigram.py").run()) == []


@pytest.mark.parametrize("content", [None, b"emma\n\x00\xff"], ids=["missing", "damaged"])
def test_a_list_that_is_none_any_more_ends_in_the_remedy(
    folder: Path, content: bytes | None
) -> None:
    if content is not None:
        (folder / "names.txt").write_bytes(content)
    app = opened("bigram.py")
    assert told(app) == []
    (error,) = [each.value.replace("\\", "") for each in app.error]
    assert error.startswith("data/names.txt ")
    assert "restore it with `git checkout data/names.txt`" in error
