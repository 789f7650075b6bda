"""Strips of a forward pass lie one below the other, without a gap in a line and without an overlap."""

import pandas as pd
import torch

from makemore.charts.layers.forward_strips import forward_strips, lay_cells
from makemore.charts.letters.looked_up_rows import looked_up_rows
from makemore.charts.losses.overflowing_logits import loss_by_constant
from makemore.diagnostics.layers.forward_cells import forward_cells, forward_rows

TENSORS = {
    "ids": torch.tensor([[0, 2]]),
    "h": torch.linspace(-2, 1, 120).view(1, 120),
    "probs": torch.tensor([[0.5, 0.25, 0.25]]),
}


def cells() -> pd.DataFrame:
    return lay_cells(forward_cells(TENSORS, [".", "a", "b"]))


def test_strips_do_not_overlap_and_fill_the_width() -> None:
    laid = cells()
    spans = laid.groupby("tensor", sort=False).agg(top=("top", "min"), low=("low", "max"))
    assert (spans["top"].iloc[1:].to_numpy() > spans["low"].iloc[:-1].to_numpy()).all()
    for _, line in laid.groupby(["tensor", "line"], sort=False):
        assert line["left"].iloc[0] == 0
        assert line["left"].iloc[1:].tolist() == line["right"].iloc[:-1].tolist()
    assert laid.groupby("tensor")["shade"].apply(lambda s: s.abs().max()).tolist() == [1, 1, 1]


def test_the_chosen_number_and_what_goes_into_it_are_framed() -> None:
    rows = forward_rows(TENSORS, dict.fromkeys(TENSORS, "made"))
    fed = pd.DataFrame({"tensor": "ids", "place": [1]})
    chart = forward_strips(cells(), rows, chosen=("h", 7), fed=fed)
    (chosen,) = chart.datasets["chosen"].to_dict("records")
    assert (chosen["tensor"], chosen["place"]) == ("h", 7)
    assert chart.datasets["fed"]["label"].tolist() == ["b = 2"]
    assert "h number 7, -1.8235" in chart.alt


def test_rows_of_the_context_stand_in_its_order() -> None:
    chart = looked_up_rows(torch.eye(3).double().numpy(), [".", "a", "b"], [2, 0, 2])
    assert chart.datasets["rows"]["lit"].tolist() == [True, False, True]
    assert chart.datasets["places"]["name"].tolist() == ["b  2", ".  0", "b  2"]
    assert chart.datasets["places"]["from"].tolist() == [2.5, 0.5, 2.5]


def test_a_loss_that_is_no_number_is_no_line_but_a_band() -> None:
    losses = pd.DataFrame(
        {"constant": [0.0, 1.0, 2.0], "by_hand": [1.0, 1.5, float("nan")], "library": [1, 1.5, 2.0]}
    )
    chart = loss_by_constant(losses, chosen=2.0, broken="nan")
    lines = chart.datasets["losses"]
    assert lines[lines["series"] == "by hand"]["loss"].tolist() == [1.0, 1.5]
    assert chart.datasets["gone"][["from", "to"]].to_numpy().tolist() == [[1.0, 2.0]]
