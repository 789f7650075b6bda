"""The first page: the scoreboard and the table of all checkpoints tell what is shipped."""

import pytest
from streamlit.testing.v1 import AppTest

from makemore.checkpoints.shipped import FIVE, SHIPPED
from tests.pages.opening import charts, opened

SCOREBOARD = "2"  # the step


@pytest.fixture(scope="module")
def scoreboard() -> AppTest:
    return opened("home.py", step=SCOREBOARD)


def test_the_table_has_all_of_them_and_the_scoreboard_one_of_each_model(
    scoreboard: AppTest,
) -> None:
    table = scoreboard.dataframe[0].value
    assert table["checkpoint"].tolist() == [made.label for made in SHIPPED.values()]
    assert any(f"dev and test loss of {len(FIVE)} models" in alt for alt in charts(scoreboard))


def test_it_says_which_of_the_models_has_learned_from_the_dev_names(scoreboard: AppTest) -> None:
    """The counted bigram did too, but its loss is that of a twin which did not."""
    [told] = [each.value for each in scoreboard.caption if "has learned" in each.value]
    assert "Of dev and test names “Bigram, as a net” has learned" in told
