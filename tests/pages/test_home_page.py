"""The first page: the scoreboard and the table of all checkpoints tell what is shipped."""

import json

import pandas as pd

from makemore.checkpoints import store
from makemore.checkpoints.shipped import FIVE, SHIPPED
from makemore.ui.sources.shipped_scoreboard import board
from tests.pages.opening import opened


def same(found: object, wanted: float | None) -> bool:
    """Whether a cell holds this figure, or nothing where there is none."""
    return bool(pd.isna([found])[0]) if wanted is None else found == wanted


def test_every_shipped_checkpoint_has_a_row_with_the_figures_to_hold_it_against() -> None:
    rows = board(SHIPPED).to_dict("records")
    assert [row["model"] for row in rows] == list(SHIPPED)
    for row in rows:
        made, about = SHIPPED[row["model"]], store.read_metadata(row["model"])
        assert same(row["reported"], made.reported)
        assert same(row["lecture"], made.lecture)
        assert (row["label"], row["dev"]) == (made.label, about.losses["dev"])


def test_a_name_without_a_checkpoint_has_no_row() -> None:
    assert board(["mlp", "nothing"])["model"].tolist() == ["mlp"]


def test_the_table_has_all_of_them_and_the_scoreboard_one_of_each_model() -> None:
    app = opened("home.py")
    table = app.dataframe[0].value
    assert table["checkpoint"].tolist() == [made.label for made in SHIPPED.values()]
    assert all(
        same(cell, made.lecture)
        for cell, made in zip(table["the lecture's loop, here"], SHIPPED.values(), strict=True)
    )
    spec = json.loads(app.get("vega_lite_chart")[0].proto.spec)
    assert spec["height"] == 52 * len(FIVE)


def test_it_says_which_of_the_models_has_learned_from_the_dev_names() -> None:
    """The counted bigram did too, but its loss is that of a twin which did not."""
    [told] = [each.value for each in opened("home.py").caption if "No model has seen" in each.value]
    assert "but for “Bigram, as a net”, which" in told
    assert "Bigram, counted" not in told
