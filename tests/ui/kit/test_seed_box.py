"""The seed box: the same everywhere, going on by one, in the link only where it is meant to be."""

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.opening import opened


def box() -> None:
    """A page of two of them."""
    import streamlit as st

    from makemore.ui.kit import links
    from makemore.ui.kit.seed_box import seed_box

    links.carry()
    plain = seed_box("mine", 5)
    linked = seed_box("seed", 14, next_label="Other names", next_key="other", in_link=True)
    st.text(f"{plain} {linked}")


def shown(app: AppTest) -> str:
    assert not app.exception
    return str(app.text[0].value)


def test_it_begins_with_the_first_and_takes_what_is_typed() -> None:
    app = AppTest.from_function(box).run()
    assert shown(app) == "5 14"
    assert [each.label for each in app.number_input] == ["Seed", "Seed"]
    app.number_input(key="mine").set_value(77).run()
    assert shown(app) == "77 14"


def test_the_button_goes_on_by_one_and_round_at_the_end() -> None:
    app = AppTest.from_function(box).run()
    assert [each.label for each in app.button] == ["Other names"]
    app.button(key="other").click().run()
    assert shown(app) == "5 15"
    app.number_input(key="seed_box").set_value(9999).run()
    app.button(key="other").click().run()
    assert shown(app) == "5 0"


def test_only_the_one_that_is_in_the_link_follows_it() -> None:
    app = AppTest.from_function(box)
    app.query_params["mine"] = "8"
    app.query_params["seed"] = "9"
    assert shown(app.run()) == "5 9"


def names(app: AppTest) -> list[str]:
    """All that the page draws from the seed, and some text besides."""
    tiles = [
        str(pa.ipc.open_stream(each.data.data).read_all().to_pylist())
        for chart in app.get("vega_lite_chart")
        for each in chart.proto.datasets
    ]
    return [*(str(each.value) for each in [*app.markdown, *app.table]), *tiles]


@pytest.mark.parametrize(
    ("page", "step", "key", "button", "label", "first"),
    [
        ("bigram.py", "6", "seed_box", "other_seed", "Next seed", 14),
        ("bigram_nn.py", "7", "seed_box", "other_seed", "Next seed", 14),
        ("home.py", "3", "home_seed", "home_other", "Other names", 42),
    ],
)
def test_pages_have_it_with_its_button(
    page: str, step: str, key: str, button: str, label: str, first: int
) -> None:
    app = opened(page, step=step)
    assert app.number_input(key=key).value == first
    before = names(app)
    assert app.button(key=button).label == label
    app.button(key=button).click().run()
    assert app.number_input(key=key).value == first + 1
    assert names(app) != before


def test_walking_has_it_without_a_button() -> None:
    app = opened("bigram.py", step="5", seed="7")
    app.radio(key="bigram_first").set_value("a").run()
    app.button(key="bigram_first_commit").click().run()
    assert app.number_input(key="seed_box").value == 7
    assert "other_seed" not in [each.key for each in app.button]
