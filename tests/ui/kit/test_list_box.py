"""A list of the visitor's own: both counting pages follow it, nobody else sees it, bad ones are explained."""

from collections import Counter
from itertools import pairwise

import pytest
from streamlit.testing.v1 import AppTest

from makemore.data.name_lists import parse_names
from makemore.ui.kit import chosen_list
from tests.lessons.bigram.test_bigram_page import answered
from tests.pages.opening import charts, opened

ALPHABET = [chr(0x4E00 + i) for i in range(200)]
OWN = "\n".join(
    ["ölaf", "åse", "ärla", "olaf", "sofa", "lars", "öse", "ola", "ara", "sara", "rosa"]
)
MANY = "\n".join("".join(ALPHABET[i : i + 20]) for i in range(0, 200, 10))


def with_list(page: str, text: str, **link: str) -> AppTest:
    app = opened(page, **link)
    app.text_area(key="own_list_text").set_value(text).run()
    return app.button(key="own_list_use").click().run()


def test_a_step_is_given_the_list_that_is_looked_at_when_it_is_drawn() -> None:
    """Not the one that was there when the page was put together."""

    def page() -> None:
        import streamlit as st

        from makemore.data.name_lists import parse_names
        from makemore.ui.kit import chosen_list
        from makemore.ui.kit.page_frame import Stage

        def body(subject: chosen_list.ChosenList, name: str, stage: Stage) -> None:
            stage.controls.text(f"{name}: {len(subject.names)}")

        stage = Stage(st.container(), st.container(), st.container())
        body(chosen_list.current_list(), "ada", stage)
        names = "\n".join(f"a{c}" for c in "abcdefghijkl")
        st.session_state[chosen_list.KEPT] = chosen_list.own_list(parse_names(names, "mine"))
        body(chosen_list.current_list(), "bea", stage)

    app = AppTest.from_function(page).run()
    assert not app.exception
    assert [each.value for each in app.text] == ["ada: 32033", "bea: 12"]


def test_an_own_list_is_counted_as_a_counter_counts_it() -> None:
    names = parse_names(OWN, "mine")
    subject = chosen_list.own_list(names)
    twin = Counter(pair for name in names.names for pair in pairwise(f".{name}."))
    letters = subject.vocabulary.letters
    found = {
        (letters[row], letters[column]): int(subject.counts[row, column])
        for row, column in subject.counts.nonzero().tolist()
    }
    assert found == twin


def test_an_own_list_changes_both_pages_at_once() -> None:
    app = with_list("bigram.py", OWN)
    assert not app.exception
    assert "Heatmap of 11 by 11" in charts(app)[0]
    app.switch_page("pages/bigram_nn.py").run()
    assert not app.exception
    assert "the 11 by 11 matrix W" in " ".join(charts(app))
    app.button(key="own_list_back").click().run()
    assert "the 27 by 27 matrix W" in " ".join(charts(app))


@pytest.mark.parametrize("text", [OWN, MANY], ids=["few letters", "200 letters"])
@pytest.mark.parametrize("page", ["bigram.py", "bigram_nn.py"])
def test_every_step_follows_an_own_list(page: str, text: str) -> None:
    app = with_list(page, text)
    for step in range(1, len(app.segmented_control(key="rail").options) + 1):
        app.query_params["step"] = str(step)
        app.run()
        assert not app.exception, f"step {step}"
        if app.radio:
            answered(app)
            assert not app.exception, f"step {step}, answered"
        assert all(charts(app))


def test_where_no_letter_leads_there_is_nothing_to_guess() -> None:
    """In this list ten letters start two names each, and each of them is followed by two."""
    names = "\n".join(a + b for a in "abcdefghij" for b in "kl")
    for step in ("4", "5"):
        app = with_list("bigram.py", names, step=step)
        assert not app.exception
        assert not app.radio
        assert len(charts(app)) > 1


def test_lists_are_not_shared_between_visitors() -> None:
    with_list("bigram.py", OWN)
    assert "Heatmap of 27 by 27" in charts(opened("bigram.py"))[0]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "at least 10"),
        ("anna", "at least 10"),
        ("a.b\n" * 12, "line 1"),
        ("anna\n" * 11 + "b" * 10_000, "line 12"),
        ("a\x00b\n" * 12, "control character"),
        ("\n".join(chr(0x4E00 + i) for i in range(300)), "limit is 200"),
    ],
)
def test_a_list_that_cannot_be_used_is_explained_and_changes_nothing(text: str, told: str) -> None:
    app = with_list("bigram.py", text)
    assert not app.exception
    assert told in app.error[0].value.replace("\\", "")
    assert "Heatmap of 27 by 27" in charts(app)[0]


def test_an_upload_in_another_encoding_is_explained() -> None:
    app = opened("bigram.py")
    app.file_uploader(key="own_list_file").upload("namen.txt", "jürgen\n".encode("latin-1") * 12)
    app.run()
    assert "not UTF-8 text" in app.error[0].value.replace("\\", "")


def test_an_uploaded_list_is_used() -> None:
    app = opened("bigram.py")
    app.file_uploader(key="own_list_file").upload("namen.txt", OWN.encode())
    app.run()
    assert "Heatmap of 11 by 11" in charts(app)[0]


def test_markup_in_an_own_list_is_shown_as_text() -> None:
    names = "\n".join(f"<b>{c}</b>$x$*" for c in "abcdefghijkl")
    app = with_list("bigram.py", names)
    assert not app.exception
    for step in range(1, 7):
        app.query_params["step"] = str(step)
        app.run()
        assert not app.exception
