"""A list of one's own: seen before it is used, followed by all pages, nobody else's; bad ones are explained."""

import gc
from collections import Counter
from itertools import pairwise
from typing import cast

import pytest
from streamlit.testing.v1 import AppTest

from makemore.data import sample_lists
from makemore.data.name_lists import parse_names
from makemore.data.sample_lists import SAMPLES
from makemore.ui.kit import chosen_list
from makemore.ui.kit.chosen_list import ChosenList
from tests.lessons.bigram.test_bigram_page import answered
from tests.pages.opening import charts, opened

ALPHABET = [chr(0x4E00 + i) for i in range(200)]
OWN = "\n".join(
    ["ölaf", "åse", "ärla", "olaf", "sofa", "lars", "öse", "ola", "ara", "sara", "rosa"]
)
MANY = "\n".join("".join(ALPHABET[i : i + 20]) for i in range(0, 200, 10))


def with_list(page: str, text: str, **link: str) -> AppTest:
    app = opened(page, **link)
    return read_from(app, text).button(key="own_list_use").click().run()


def read_from(app: AppTest, text: str) -> AppTest:
    """The page when this was pasted and read, and not yet used."""
    open_box(app).text_area(key="own_list_text").set_value(text).run()
    return app.button(key="own_list_read").click().run()


def open_box(app: AppTest) -> AppTest:
    """The page with the box open, which it draws only then."""
    app.session_state["own_list_box"] = True
    return app.run()


def can_be_used(app: AppTest) -> bool:
    return "own_list_use" in {each.key for each in app.button}


def told(app: AppTest) -> str:
    """What the page says of the list that was read, without what escapes markdown."""
    boxes = [*app.markdown, *app.error, *app.warning]
    return " ".join(each.value for each in boxes).replace("\\", "")


def seen(app: AppTest) -> dict[str, str]:
    """What was found in the list that was read."""
    table = next(each.value for each in app.table if list(each.value.columns) == ["", "found"])
    return {what: text.replace("\\", "") for what, text in table.to_numpy().tolist()}


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
    app = with_list("bigram_nn.py", OWN)
    assert not app.exception
    assert "the 11 by 11 matrix W" in " ".join(charts(app))
    open_box(app).button(key="own_list_back").click().run()
    assert "the 27 by 27 matrix W" in " ".join(charts(app))


@pytest.mark.parametrize("page", ["bigram.py", "bigram_nn.py"])
def test_every_counting_step_follows_a_list_of_200_letters(page: str) -> None:
    app = with_list(page, MANY)
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
    ("text", "said"),
    [
        ("", "at least 10"),
        ("anna", "at least 10"),
        ("a.b\n" * 12, "line 1: a name must not hold a dot"),
        ("a\x00b\n" * 12, "control character"),
        ("\n".join(chr(0x4E00 + i) for i in range(300)), "limit is 200"),
        ("a" * 5_000_001, "limit is 5,000,000"),
    ],
)
def test_a_list_that_cannot_be_used_is_explained_and_changes_nothing(text: str, said: str) -> None:
    app = read_from(opened("bigram.py"), text)
    assert not app.exception
    assert said in told(app)
    assert app.error
    assert not can_be_used(app)
    assert "Heatmap of 27 by 27" in charts(app)[0]


def test_what_was_read_is_shown_before_it_is_used() -> None:
    app = read_from(opened("mlp.py"), "zoë\nanna\nzoë\n" + "\n".join("abcdefgh"))
    assert seen(app) == {
        "names": "11, from zoë to h",
        "alphabet": "12 letters: a b c d e f g h n o z ë",
        "lengths": "1 to 4 letters, median 1",
        "duplicates": "1 stand there again",
    }
    assert current(app) is None
    app.button(key="own_list_use").click().run()
    assert not app.exception
    assert current(app) == ("zoë", "anna", "zoë", *"abcdefgh")


def current(app: AppTest) -> tuple[str, ...] | None:
    """The names of the own list that is in use."""
    if chosen_list.KEPT not in app.session_state:
        return None
    return cast(ChosenList, app.session_state[chosen_list.KEPT]).names


def test_no_line_is_dropped_in_silence() -> None:
    bad = ["b" * 10_000, "a.b", "a\tb", "x.", "..", "y."]
    app = read_from(opened("bigram.py"), "\n".join([OWN, *bad]))
    for line in (
        "6 of 17 lines cannot be used",
        "line 12: 10,000 letters; the limit is 100 a name",
        "line 13: a name must not hold a dot",
        "line 14: control character U+0009",
        "and 1 more",
    ):
        assert line in told(app)
    assert app.button(key="own_list_use").label == "Use this list without 6 lines"
    app.button(key="own_list_use").click().run()
    assert current(app) == tuple(OWN.split("\n"))


def test_an_upload_in_another_encoding_is_explained() -> None:
    app = opened("bigram.py")
    open_box(app).file_uploader(key="own_list_file").upload(
        "namen.txt", "jürgen\n".encode("latin-1") * 12
    )
    app.run()
    assert "not UTF-8 text" in app.error[0].value.replace("\\", "")
    assert not can_be_used(app)


def test_an_uploaded_list_is_used_and_its_file_not_named() -> None:
    app = opened("bigram.py")
    open_box(app).file_uploader(key="own_list_file").upload("karen.txt", OWN.encode())
    app.run()
    assert "Read from karen.txt" in told(app)
    app.button(key="own_list_use").click().run()
    assert "Heatmap of 11 by 11" in charts(app)[0]
    assert app.session_state[chosen_list.KEPT].name_list.source == sample_lists.OWN


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_sample_list_is_used_and_left_again(sample: str) -> None:
    app = open_box(opened("bigram.py")).button(key=f"own_list_{sample}").click().run()
    assert "none" in seen(app)["duplicates"]
    app.button(key="own_list_use").click().run()
    size = len(app.session_state[chosen_list.KEPT].vocabulary)
    assert f"Heatmap of {size} by {size}" in charts(app)[0]
    open_box(app).button(key="own_list_back").click().run()
    assert "Heatmap of 27 by 27" in charts(app)[0]


def test_who_brings_the_same_list_gets_the_same_and_no_one_else_does() -> None:
    first, second = (chosen_list.own_list(parse_names(OWN, "own list")) for _ in range(2))
    assert first is second
    assert chosen_list.own_list(parse_names(OWN + "\nb", "own list")) is not first


def test_all_visitors_together_have_so_much_room(monkeypatch: pytest.MonkeyPatch) -> None:
    gc.collect()  # lists of other tests
    kept = chosen_list.own_list(parse_names(OWN, "kept"))
    taken = sum(each.letters for each in chosen_list._own_lists.values())
    monkeypatch.setattr(chosen_list, "MOST_LETTERS", taken + kept.letters - 1)
    app = read_from(opened("bigram.py"), OWN + "\nb")
    app.button(key="own_list_use").click().run()
    assert "which is the limit" in app.error[0].value
    assert current(app) is None


def test_markup_in_an_own_list_is_shown_as_text() -> None:
    names = "\n".join(f"<b>{c}</b>$x$*" for c in "abcdefghijkl")
    app = with_list("bigram.py", names)
    assert not app.exception
    for step in range(1, 7):
        app.query_params["step"] = str(step)
        app.run()
        assert not app.exception
