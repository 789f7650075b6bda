"""Foreign text in markdown: it stays the text that it is, and long names are cut."""

import pytest
from streamlit.testing.v1 import AppTest

from makemore.ui.kit.safe_text import badges, plain


@pytest.mark.parametrize("text", ["<b>x</b>", "$x$", "[a](b)", ":red[x]", "a_b*c`d", "\\n"])
def test_every_mark_of_punctuation_is_escaped(text: str) -> None:
    escaped = plain(text)
    assert escaped.replace("\\\\", "\0").replace("\\", "").replace("\0", "\\") == text
    for i, each in enumerate(escaped):
        if not each.isalnum() and each != "\\":
            assert escaped[i - 1] == "\\"


def test_known_names_are_marked_and_long_ones_cut() -> None:
    text = badges(["emma", "emmax", "a" * 31, ""], {"emma"})
    assert text.split(" ") == [
        ":gray-badge[:material/bookmark:",
        "emma]",
        ":blue-badge[emmax]",
        f":blue-badge[{'a' * 30}…]",
        ":blue-badge[(empty)]",
    ]


def test_a_name_cannot_close_its_badge() -> None:
    def page() -> None:
        import streamlit as st

        from makemore.ui.kit.safe_text import badges

        st.markdown(badges(["x] **bold** :red[y"], ()))

    app = AppTest.from_function(page).run()
    assert app.markdown[0].value == r":blue-badge[x\] \*\*bold\*\* \:red\[y]"
