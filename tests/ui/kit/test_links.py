"""Switches in the link: the link opens them, they write it, and what is no good leaves it and is told."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.opening import said


def page() -> None:
    """A page of two steps with a switch each, of which the first brings a slider with it."""
    import streamlit as st

    from makemore.ui.kit import links
    from makemore.ui.kit.choose import choose

    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    links.carry()
    step = links.read_step(2)
    st.button("next", key="next", on_click=links.go_to, args=(step % 2 + 1,))
    with links.drawing(f"page {step}"):
        if step == 1:
            show = choose(
                "Show", {"plain": "Plain", "rich": "Rich"}, key="show_box", in_link="show"
            )
            if show == "rich":
                links.bound("k", key="k_box", options=range(101), first=1)
                st.slider("k", min_value=0, max_value=100, key="k_box")
        else:
            links.bound("heat", key="heat_box", options=links.Tenths(2, 20), first=1.0)
            st.slider("heat", min_value=0.2, max_value=2.0, step=0.1, key="heat_box")
    values = links.current_view().values
    st.text(", ".join(f"{name} {value}" for name, value in values.items()))


def opened(**link: str) -> AppTest:
    app = AppTest.from_function(page)
    for name, value in link.items():
        app.query_params[name] = value
    return app.run()


def shown(app: AppTest) -> str:
    assert not app.exception
    return str(app.text[0].value)


def test_what_is_as_at_first_stands_in_no_link() -> None:
    app = opened()
    assert shown(app) == "show plain"
    assert app.query_params == {}
    assert opened(show="plain", step="1").query_params == {"step": "1"}


def test_a_link_opens_what_it_says() -> None:
    app = opened(show="rich", k="5")
    assert shown(app) == "show rich, k 5"
    assert app.query_params == {"show": "rich", "k": "5"}
    assert shown(opened(step="2", heat="0.8")) == "heat 0.8"


def test_a_switch_writes_its_link_in_the_run_that_it_costs_anyway() -> None:
    app = opened()
    app.segmented_control(key="show_box").set_value("rich").run()
    assert app.query_params == {"show": "rich"}
    app.slider(key="k_box").set_value(7).run()
    assert app.query_params == {"show": "rich", "k": "7"}
    assert app.session_state["runs"] == 3
    again = opened(**app.query_params)
    assert shown(again) == shown(app) == "show rich, k 7"
    app.slider(key="k_box").set_value(1).run()
    assert app.query_params == {"show": "rich"}


def test_what_is_no_longer_drawn_leaves_the_link_and_begins_anew() -> None:
    app = opened(show="rich", k="5")
    app.segmented_control(key="show_box").set_value("plain").run()
    assert app.query_params == {}
    app.segmented_control(key="show_box").set_value("rich").run()
    assert shown(app) == "show rich, k 1"


def test_another_step_has_its_own_switches_and_begins_anew() -> None:
    app = opened(show="rich", k="5")
    app.button(key="next").click().run()
    assert shown(app) == "heat 1.0"
    assert app.query_params == {"step": "2"}
    app.slider(key="heat_box").set_value(0.3).run()
    assert app.query_params == {"step": "2", "heat": "0.3"}
    app.button(key="next").click().run()
    assert shown(app) == "show plain"
    assert app.query_params == {}


def test_what_has_not_been_drawn_yet_waits_in_the_link() -> None:
    app = opened(k="5")
    assert app.query_params == {"k": "5"}
    app.segmented_control(key="show_box").set_value("rich").run()
    assert shown(app) == "show rich, k 5"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("show", "Rich"),
        ("show", "x" * 10_000),
        ("show", "<b>rich</b>"),
        ("k", "101"),
        ("k", "-1"),
        ("k", "5.0"),
        ("k", "٣"),
        ("heat", "0.25"),
        ("heat", "nan"),
        ("heat", "1e0"),
    ],
)
def test_what_is_no_good_leaves_the_link_and_is_told_once(name: str, value: str) -> None:
    rest = {"step": "2"} if name == "heat" else {"show": "rich"} if name == "k" else {}
    app = opened(**rest, **{name: value})
    assert name not in app.query_params
    assert "which this step does not offer" in said(app)
    assert len(said(app)) < 200
    assert "<b>" not in said(app)
    assert said(app.run()) == ""


def test_what_is_somebodys_own_is_said_to_be_so() -> None:
    app = opened(show="own")
    assert "something of their own" in said(app)
    assert shown(app) == "show plain"
    assert app.query_params == {}
