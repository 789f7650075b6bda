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


def test_the_others_come_from_two_four_and_six_letters_earlier() -> None:
    """With eight different letters in view; the window just before shares no node at all."""
    nodes, _, _ = sliding_lattice.lattice("abcdefghijklmnop", 8, 12)
    reused = nodes[nodes["state"] == sliding_lattice.REUSED]
    assert [(row.letters, row.ago) for row in reused.itertuples()] == [
        ("ef", 6),
        ("gh", 4),
        ("ij", 2),
        ("efgh", 4),
    ]

    def pieces(at: int) -> set[str]:
        window = ("." * 8 + "abcdefghijklmnop")[at : at + 8]
        return {window[i : i + n] for n in (2, 4, 8) for i in range(0, 8, n)}

    assert not pieces(12) & pieces(11)
    assert [len(pieces(12) & pieces(12 - ago)) for ago in (1, 2, 3, 4, 5, 6)] == [0, 3, 0, 3, 0, 1]
    assert not nodes[nodes["state"] != sliding_lattice.REUSED]["ago"].any()


def test_padding_is_told_apart() -> None:
    nodes, _, _ = sliding_lattice.lattice("ada", 8, 3)
    assert set(nodes[nodes["padding"]]["letters"]) == {"..", "....", "........"}
    assert not nodes[~nodes["padding"]]["letters"].isin(["..", "...."]).any()


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
