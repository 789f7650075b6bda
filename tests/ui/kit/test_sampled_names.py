"""Sampled names on a stage: twenty as examples, the shares of thousands beside them."""

from streamlit.testing.v1 import AppTest

from makemore.ui.sources import loaded
from makemore.ui.sources.sampled_shares import shares_of
from tests.pages.opening import charts


def page() -> None:
    import streamlit as st

    from makemore.ui.kit.chosen_list import current_list
    from makemore.ui.kit.page_frame import Stage
    from makemore.ui.kit.sampled_names import show_samples
    from makemore.ui.sources import loaded

    stage = Stage(st.container(key="a"), st.container(key="b"), st.container(key="c"))
    models = [(f"{name} <b>", loaded.checkpoint(name)) for name in st.session_state["names"]]
    show_samples(current_list(), *models, stage=stage, key="home")


def shown(*names: str) -> AppTest:
    app = AppTest.from_function(page, default_timeout=30)
    app.session_state["names"] = names
    app.run()
    assert not app.exception
    return app


def drawn(app: AppTest) -> list[str]:
    return [each.value for each in app.markdown if "badge[" in each.value]


def test_each_model_has_twenty_names_under_its_label_as_it_is() -> None:
    found = drawn(shown("bigram", "mlp"))
    assert [text.count("-badge[") for text in found] == [20, 20]
    assert found[0].startswith(r"**bigram \<b\>**")


def test_the_shares_are_of_thousands_at_the_temperature_that_is_chosen() -> None:
    app = shown("bigram")
    warm = shares_of(loaded.checkpoint("bigram"), loaded.dataset(), 1.0)
    assert f"{warm.listed:.1%} stand in the list" in charts(app)[0]
    assert "10,000" in charts(app)[0]
    app.slider(key="home_temperature").set_value(0.5).run()
    cold = shares_of(loaded.checkpoint("bigram"), loaded.dataset(), 0.5)
    assert cold.listed > warm.listed
    assert f"{cold.listed:.1%} stand in the list" in charts(app)[0]


def test_other_names_change_the_twenty_and_not_the_shares() -> None:
    app = shown("mlp")
    names, said = drawn(app), charts(app)
    app.button(key="home_other").click().run()
    assert drawn(app) != names
    assert charts(app) == said


def test_five_models_have_a_line_each() -> None:
    app = shown("bigram", "bigram_nn", "mlp", "mlp_bn", "wavenet")
    assert len(drawn(app)) == 5
    assert not app.columns


def test_without_a_model_it_says_so() -> None:
    app = shown()
    assert [each.value for each in app.caption] == ["No trained model is here yet."]
    assert not charts(app)
