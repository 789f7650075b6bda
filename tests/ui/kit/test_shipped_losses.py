"""The losses of the five on a stage: they are drawn, and their terms are explained."""

import math

import pytest
from streamlit.testing.v1 import AppTest

from makemore.checkpoints.shipped import FIVE, SHIPPED
from makemore.ui.sources.shipped_scoreboard import board
from tests.pages.opening import charts


def page() -> None:
    import streamlit as st

    from makemore.ui.kit.page_frame import Stage
    from makemore.ui.kit.shipped_losses import show_losses

    show_losses(Stage(st.container(), st.container(), st.container()), key="board")


@pytest.fixture(scope="module")
def shown() -> AppTest:
    app = AppTest.from_function(page, default_timeout=30).run()
    assert not app.exception
    return app


def test_the_picture_has_one_of_each_model(shown: AppTest) -> None:
    [alt] = charts(shown)
    assert f"of {len(FIVE)} models" in alt


def test_it_can_show_all_of_them() -> None:
    app = AppTest.from_function(page, default_timeout=30).run()
    app.segmented_control(key="board_which").set_value("all").run()
    [alt] = charts(app)
    assert f"of {len(SHIPPED)} models" in alt
    told = {metric.label: metric.value for metric in app.metric}
    assert told["Lowest dev loss"] == f"{board(SHIPPED)['dev'].min():.4f}"


def test_baseline_cross_entropy_and_perplexity_are_told_and_explained(shown: AppTest) -> None:
    best = board(FIVE)["dev"].min()
    told = {metric.label: (metric.value, metric.proto.help) for metric in shown.metric}
    assert told["Uniform baseline"][0] == f"{math.log(27):.4f}"
    assert told["Lowest dev loss"][0] == f"{best:.4f}"
    assert told["Perplexity"][0] == f"{math.exp(best):.2f}"
    assert "ln 27" in told["Uniform baseline"][1]
    assert "cross-entropy" in told["Lowest dev loss"][1]
    assert "exp(loss)" in told["Perplexity"][1]


def test_it_says_which_of_the_models_has_learned_from_the_dev_names(shown: AppTest) -> None:
    [told] = [each.value for each in shown.caption if "has learned" in each.value]
    assert "Of dev and test names “Bigram, as a net” has learned" in told
    assert "“Bigram, counted” is a twin here that counted train alone" in told
