"""Links to a page that was split lead to the steps that show the same now."""

import urllib.request

import pytest

from makemore.server.former_addresses import FORMER, RUNS, find_place
from makemore.ui.kit.page_table import PAGES
from tests.pages.opening import opened
from tests.serving import Server

PLACES = [
    ("mlp_bn", "", "initialisation?step=3"),
    ("mlp_bn", "step=2&name=ada", "initialisation?name=ada&step=5"),
    ("mlp_bn", "step=1&when=end&neuron=7&seed=3", "initialisation?seed=3&step=3"),
    ("mlp_bn", "step=3", "initialisation"),
    ("mlp_bn", "step=4&scale=0.1", "batch_norm?scale=0.1"),
    ("mlp_bn", "step=5&run=abc", "batch_norm?run=abc&step=7"),
    ("mlp_bn", "step=6&temperature=0.5", "batch_norm?temperature=0.5&step=7"),
    ("mlp_bn", "step=%3Cb%3E", "initialisation?step=3"),
    ("mlp_bn", "step=99", "initialisation?step=3"),
    ("mlp", "step=4&run=abc", "mlp_training?run=abc&step=3"),
    ("mlp", "run=abc&name=ada", "mlp_training?run=abc&name=ada&step=3"),
]


@pytest.mark.parametrize(("path", "query", "wanted"), PLACES)
def test_a_former_address_has_its_place(path: str, query: str, wanted: str) -> None:
    assert find_place(f"/{path}", query) == wanted
    assert find_place(f"/below/{path}/", query) == f"../{wanted}"


@pytest.mark.parametrize("page", [page.file for page in PAGES])
def test_a_page_that_is_there_is_none(page: str) -> None:
    assert find_place(f"/{page}", "step=2") == ""
    assert find_place(f"/{page}/_stcore/health", "") == ""


def test_runs_are_followed_to_the_step_that_has_their_panel() -> None:
    assert find_place("/mlp", "step=4") == "", "of the page that is there"
    assert find_place("/mlp_training", "step=3&run=abc") == ""
    for page, step in RUNS.values():
        app = opened(f"{page}.py", step=str(step))
        assert "Start" in [button.label for button in app.button]


def test_every_place_is_a_step_that_is_there() -> None:
    for page, step, _ in {place for steps in FORMER.values() for place in steps.values()}:
        app = opened(f"{page}.py", step=str(step))
        assert not app.exception
        assert not app.warning
        assert step <= len(app.segmented_control(key="rail").options)


def test_the_server_sends_the_browser_there(server: Server) -> None:
    asked = f"http://127.0.0.1:{server.port}/mlp_bn?step=4&scale=0.1"
    with urllib.request.urlopen(asked) as answer:
        assert answer.url.endswith("/batch_norm?scale=0.1")
        assert answer.status == 200
