"""Each number of the forward pass says its own arithmetic; the loss by hand breaks and is repaired on the page."""

import math
import re

import pytest
import torch
from streamlit.testing.v1 import AppTest
from torch.nn.functional import cross_entropy

from makemore.by_hand import mlp_forward
from makemore.by_hand.cross_entropy import OVERFLOW
from makemore.data.examples import windows
from makemore.lessons.mlp import chosen_context
from makemore.ui.kit.chosen_list import shipped_list
from makemore.ui.sources import loaded
from tests.lessons.mlp.test_mlp_page import frames, told
from tests.pages.opening import opened

IDS = windows(("ada",), loaded.vocabulary(), 3).contexts[1:2]  # ..a, which d follows
TARGET = 4


def forward(number: str) -> AppTest:
    return opened("mlp.py", step="5", name="ada", at="1", number=number)


def test_the_cells_are_the_numbers_of_the_net() -> None:
    (cells,) = frames(forward("h.3"), "cells")
    model = loaded.checkpoint("mlp").model
    with torch.no_grad():
        logits = model(IDS)[0]
    shown = cells[cells["tensor"] == "logits"]["value"].tolist()
    assert shown == pytest.approx(logits.tolist(), abs=1e-4)
    probs = cells[cells["tensor"] == "probs"]["value"].tolist()
    assert probs == pytest.approx(logits.softmax(dim=0).tolist(), abs=1e-5)
    sizes = cells.groupby("tensor", sort=False)["value"].size().to_dict()
    assert sizes == {
        "ids": 3,
        "emb": 30,
        "view": 30,
        "hpreact": 200,
        "h": 200,
        "logits": 27,
        "probs": 27,
    }


def test_shapes_and_strides_stand_at_their_strips() -> None:
    (names,) = frames(forward("h.3"), "names")
    heads = [each.replace("\u00a0", " ") for each in names["head"]]
    assert heads[:4] == ["ids (1, 3)", "emb (1, 3, 10)", "view (1, 30)", "hpreact (1, 200)"]
    strides = dict(zip(names["tensor"], names["stride"].str.replace("\u00a0", " "), strict=True))
    assert (strides["emb"], strides["view"]) == ("(30, 10, 1)", "(30, 1)")


@pytest.mark.parametrize(
    "number", ["ids.2", "emb.13", "view.13", "hpreact.17", "h.17", "logits.4", "probs.4"]
)
def test_any_number_says_its_arithmetic(number: str) -> None:
    app = forward(number)
    name, place = number.split(".")
    (chosen,) = frames(app, "chosen")
    value = float(chosen["value"].iloc[0])
    assert (chosen["tensor"].iloc[0], str(chosen["place"].iloc[0])) == (name, place)
    assert f"= **{value:+.4f}**; worked out again here it differs by" in told(app)
    apart = re.search(r"it differs by (\S+)", told(app))
    assert apart
    assert float(apart[1]) <= 1e-6


def test_a_sum_lists_its_products_and_they_add_up() -> None:
    app = forward("hpreact.17")
    (terms,) = [t.value for t in app.table if "product" in t.value]
    assert len(terms) == 31
    (chosen,) = frames(app, "chosen")
    total = sum(map(float, terms["product"]))
    assert total == pytest.approx(float(chosen["value"].iloc[0]), abs=31 * 5e-5)
    (fed,) = frames(app, "fed")
    assert fed["tensor"].unique().tolist() == ["view"]
    assert len(fed) == 30


def test_a_long_sum_gives_the_largest_products_and_the_rest_together() -> None:
    app = forward("logits.4")
    (terms,) = [t.value for t in app.table if "product" in t.value]
    assert "168 smaller ones" in terms["number"].tolist()
    (chosen,) = frames(app, "chosen")
    total = sum(map(float, terms["product"]))
    assert total == pytest.approx(float(chosen["value"].iloc[0]), abs=34 * 5e-5)


def test_view_shares_the_storage_and_cat_copies() -> None:
    (rows,) = [t.value for t in forward("h.3").table if "storage" in t.value]
    assert rows["storage"].tolist() == ["that of emb", "a new one, copied"]
    assert rows["takes"].str.endswith("µs").all()


def test_the_page_passes_on_the_weights_of_the_net() -> None:
    checkpoint = shipped_list().checkpoint("mlp")
    weights = chosen_context.weights_of(checkpoint)
    passed = mlp_forward.forward(IDS, weights)
    with torch.no_grad():
        logits = checkpoint.model(IDS)
    assert torch.allclose(passed["logits"].float(), logits, atol=1e-4)


def entropy(**link: str) -> AppTest:
    return opened("mlp.py", step="6", name="ada", at="1", **link)


def by_hand(app: AppTest) -> tuple[str, str]:
    row = app.table[0].value.iloc[0]
    return str(row["by hand"]), str(row["library"])


def test_by_hand_and_the_library_agree() -> None:
    app = entropy()
    with torch.no_grad():
        expected = float(cross_entropy(loaded.checkpoint("mlp").model(IDS), torch.tensor([TARGET])))
    own, library = map(float, by_hand(app))
    assert own == pytest.approx(expected, abs=1e-5)
    assert library == pytest.approx(expected, abs=1e-5)
    assert float(app.table[0].value.iloc[1]["apart"]) < 1e-6


def test_a_large_logit_breaks_it_and_subtracting_the_maximum_repairs_it() -> None:
    assert "once a logit exceeds 88.7" in told(entropy())
    assert f"{OVERFLOW:.1f}" == "88.7"
    own, library = by_hand(entropy(add="110"))
    assert (own, library) == ("nan", "0.00000")
    own, library = by_hand(entropy(add="110", letter="q"))
    assert own == "inf"
    assert math.isfinite(float(library))
    for letter in ({}, {"letter": "q"}):
        own, library = by_hand(entropy(add="110", maximum="yes", **letter))
        assert own == library


def test_the_curve_by_hand_ends_where_exp_overflows() -> None:
    app = entropy()
    (losses,) = frames(app, "losses")
    with torch.no_grad():
        logit = float(loaded.checkpoint("mlp").model(IDS)[0, TARGET])
    last = losses[losses["series"] == "by hand"]["constant"].max()
    assert last + logit <= OVERFLOW < last + 1 + logit
    assert frames(app, "gone")[0]["said"].tolist() == ["by hand: nan"]
    assert frames(entropy(maximum="yes"), "gone")[0].empty


@pytest.mark.parametrize("step", ["1", "5", "6"])
def test_another_net_of_the_lecture_can_be_chosen(step: str) -> None:
    app = opened("mlp.py", step=step, checkpoint="mlp_2d")
    assert not app.exception
    assert app.query_params["checkpoint"] == "mlp_2d" or app.query_params["checkpoint"] == [
        "mlp_2d"
    ]
