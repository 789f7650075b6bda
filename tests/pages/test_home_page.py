"""The first page: a small scoreboard, which leads to the page of that name."""

from itertools import pairwise

import pytest
from streamlit.testing.v1 import AppTest

from makemore.checkpoints.shipped import FIVE
from makemore.ui.sources import loaded
from tests.pages.opening import charts, opened

SCOREBOARD = "2"  # the step


@pytest.fixture(scope="module")
def scoreboard() -> AppTest:
    return opened("home.py", step=SCOREBOARD)


def test_the_scoreboard_has_one_of_each_model_and_leads_to_its_page(scoreboard: AppTest) -> None:
    [alt] = charts(scoreboard)
    assert f"dev and test loss of {len(FIVE)} models" in alt
    [link] = [each.proto.page for each in scoreboard.get("page_link")]
    assert link == "scoreboard"


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
