"""The chosen list in the link: samples open elsewhere, a list of one's own is only named, the rest is refused."""

import pytest
from streamlit.testing.v1 import AppTest

from makemore.data import sample_lists
from makemore.data.sample_lists import SAMPLES, read_sample
from makemore.ui.kit import chosen_list
from makemore.ui.kit.list_box import BOX
from tests.pages.opening import charts, opened, said

PAGE = "bigram.py"
OWN = "anna\nbea\ncarla\ndora\nella\nfrida\ngerda\nhilda\nida\njana"


def names(app: AppTest) -> tuple[str, ...]:
    """The list that the page is about."""
    assert not app.exception
    if chosen_list.KEPT not in app.session_state:
        return ()
    return tuple(app.session_state[chosen_list.KEPT].names)


def in_box(app: AppTest) -> AppTest:
    """The page with the box of lists open."""
    app.session_state[BOX] = True
    return app.run()


def brought(app: AppTest) -> AppTest:
    """The page with a list that was pasted."""
    in_box(app).text_area(key="own_list_text").set_value(OWN).run()
    app.button(key="own_list_read").click().run()
    return app.button(key="own_list_use").click().run()


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_link_opens_the_sample_list_that_it_names(sample: str) -> None:
    app = opened(PAGE, list=sample, step="2")
    assert names(app) == read_sample(sample).names
    assert (app.query_params["list"], app.query_params["step"]) == (sample, "2")
    assert not said(app)


def test_a_copied_link_opens_the_same_view_elsewhere() -> None:
    app = in_box(opened(PAGE, show="smoothed", k="5"))
    app.button(key="own_list_greek").click().run()
    app.button(key="own_list_use").click().run()
    assert app.query_params["list"] == "greek"
    other = opened(PAGE, **{key: str(value) for key, value in app.query_params.items()})
    assert names(other) == names(app) == read_sample("greek").names
    assert charts(other) == charts(app)
    in_box(app).button(key="own_list_back").click().run()
    assert "list" not in app.query_params
    assert names(app) == ()


def test_a_link_to_a_list_of_ones_own_says_that_it_does_not_come_along() -> None:
    app = brought(opened(PAGE))
    assert app.query_params["list"] == "own"
    assert names(app) == tuple(OWN.split())
    other = opened(PAGE, **{key: str(value) for key, value in app.query_params.items()})
    assert names(other) == ()
    assert "a list of their own, which a link cannot take along" in said(other)
    assert "list" not in other.query_params
    assert "their own" not in said(other.run())


def test_going_back_and_forward_loses_no_list_that_was_brought() -> None:
    app = brought(opened(PAGE))
    for link, seen in (
        ("", ()),
        ("own", tuple(OWN.split())),
        ("towns", read_sample("towns").names),
    ):
        app.text_input(key="list").set_value(link).run()
        assert names(app) == seen
        assert not said(app)


@pytest.mark.parametrize(
    "bad", ["Greek", "names", "../greek", "x" * 10_000, "<b>greek</b>", "own/greek"]
)
def test_a_list_that_there_is_not_leaves_the_link_and_is_told(bad: str) -> None:
    app = opened(PAGE, list=bad, name="zoe")
    assert names(app) == ()
    assert "which is none of those here; here are the course's names" in said(app)
    assert app.query_params == {"name": "zoe"}
    assert len(said(app)) < 300


def test_a_sample_whose_file_is_gone_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sample_lists.SAMPLES, "greek", ("Greek letters", "gone.txt"))
    app = opened(PAGE, list="greek")
    assert "git checkout data/gone.txt" in said(app).replace("\\", "")
    assert "list" not in app.query_params
