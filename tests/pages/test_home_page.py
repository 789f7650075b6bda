"""The first page: the scoreboard and the table of all checkpoints tell what is shipped."""

from itertools import pairwise

import pytest
from streamlit.testing.v1 import AppTest

from makemore.checkpoints.shipped import FIVE, SHIPPED
from makemore.ui.sources import loaded
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


def test_what_lowers_the_loss_most_is_to_see_more_letters(scoreboard: AppTest) -> None:
    """Where a model sees more letters than the one above it, and by how much its loss is lower."""
    assert any("see more letters" in each.value for each in scoreboard.markdown)
    about = [loaded.checkpoint(key).metadata for key in FIVE]
    steps = [
        (
            now.config["block_size"] > former.config["block_size"],
            former.losses["dev"] - now.losses["dev"],
        )
        for former, now in pairwise(about)
    ]
    assert min(gain for more, gain in steps if more) > max(gain for more, gain in steps if not more)
