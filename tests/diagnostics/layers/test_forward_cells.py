"""Every number of a forward pass has a cell of its own, in the order of its storage."""

import torch

from makemore.diagnostics.layers.forward_cells import forward_cells, forward_rows, written

LETTERS = [".", "a", "b"]
TENSORS = {
    "ids": torch.tensor([[0, 2], [1, 1]]),
    "emb": torch.arange(12.0).view(2, 2, 3),
    "h": torch.arange(404.0).view(2, 202),
    "probs": torch.tensor([[0.5, 0.25, 0.25], [1, 0, 0]]),
}


def test_cells_are_those_of_the_first_example() -> None:
    cells = forward_cells(TENSORS, LETTERS)
    for name, tensor in TENSORS.items():
        own = cells[cells["tensor"] == name]
        assert own["value"].tolist() == tensor[0].flatten().tolist()
        assert own["place"].tolist() == list(range(tensor[0].numel()))
        places = (own["line"] * own["columns"] + own["column"]).tolist()
        assert places == own["place"].tolist()
    assert cells[cells["tensor"] == "emb"]["columns"].unique().tolist() == [3]
    assert cells[cells["tensor"] == "h"]["line"].max() == 3  # folded: 202 do not fit one line


def test_ids_and_what_has_one_number_a_letter_are_labelled() -> None:
    cells = forward_cells(TENSORS, LETTERS)
    assert cells[cells["tensor"] == "ids"]["label"].tolist() == [". = 0", "b = 2"]
    assert cells[cells["tensor"] == "probs"]["label"].tolist() == LETTERS
    assert set(cells[cells["tensor"] == "emb"]["label"]) == {""}


def test_shapes_and_strides_are_written_out() -> None:
    rows = forward_rows(TENSORS, dict.fromkeys(TENSORS, "made"))
    assert rows["shape"].str.replace("\u00a0", " ").tolist()[1] == "(2, 2, 3)"
    assert rows["stride"].str.replace("\u00a0", " ").tolist()[1] == "(6, 3, 1)"
    assert written((4,)) == "(4,)"
