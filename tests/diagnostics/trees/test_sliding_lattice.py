"""The lattice of a convolution and the counts of nodes, against plain loops; shapes against tensors."""

import pytest
import torch

from makemore.data.examples import Dataset
from makemore.diagnostics.layers import shapes
from makemore.diagnostics.trees import sliding_lattice


@pytest.mark.parametrize("block", [2, 4, 8, 16])
@pytest.mark.parametrize("at", [0, 1, 5])
def test_one_tree_stands_in_the_lattice(block: int, at: int) -> None:
    nodes, edges, letters = sliding_lattice.lattice("sandra", block, at)
    used = nodes[nodes["state"] != sliding_lattice.OTHER]
    assert len(used) == block - 1
    assert used["time"].max() == block + at - 1
    assert "".join(letters["letter"]) == "." * block + "sandra"
    assert nodes["letters"].str.len().tolist() == (2 ** nodes["level"]).tolist()
    spans = edges[edges["x"] != edges["x2"]]
    assert set(spans["x2"] - spans["x"]) == {2**i for i in range(block.bit_length() - 1)}


def test_a_step_makes_one_new_node_a_level() -> None:
    for at in range(1, 7):
        nodes, _, _ = sliding_lattice.lattice("abcdefg", 8, at)
        assert sorted(nodes[nodes["state"] == sliding_lattice.NEW]["level"]) == [1, 2, 3]


def test_repeated_letters_make_fewer() -> None:
    nodes, _, _ = sliding_lattice.lattice("xyxyxy", 4, 6)
    assert len(nodes[nodes["state"] == sliding_lattice.NEW]) < 2


def test_counts_agree_with_sets(few: Dataset) -> None:
    contexts = few.examples("train", 8).contexts
    frame = sliding_lattice.counts(contexts)
    for row, span in zip(frame.itertuples(), (2, 4, 8), strict=True):
        pieces = [tuple(piece) for piece in contexts.view(-1, span).tolist()]
        assert (row.afresh, row.distinct) == (len(pieces), len(set(pieces)))


def test_counts_of_the_course(real: Dataset) -> None:
    frame = sliding_lattice.counts(real.examples("train", 8).contexts)
    assert frame["afresh"].tolist() == [730_500, 365_250, 182_625]
    assert frame["distinct"].tolist() == [595, 20_243, 50_457]


@pytest.mark.parametrize("n", [1, 2, 4, 8])
def test_regrouping_is_a_view(n: int) -> None:
    values = torch.randn(8, 3)
    cells = shapes.regrouped(values, n, "abcdefgh")
    view = values.view(8 // n, 3 * n)
    places = zip(cells["row"].tolist(), cells["column"].tolist(), strict=True)
    assert [float(view[place]) for place in places] == cells["value"].tolist()
    assert cells["stored"].tolist() == list(range(24))
    assert cells["letter"].tolist()[::3] == list("abcdefgh")
