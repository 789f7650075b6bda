"""Where two nets lose: means by place and letter, whose differences add up to the whole."""

import pytest
import torch

from makemore.data.vocabulary import Vocabulary
from makemore.diagnostics.losses import losses_by_position as frames

PLACES = torch.tensor([0, 1, 2, 3, 0, 1])
TARGETS = torch.tensor([1, 2, 2, 0, 1, 0])
ONE = torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
OTHER = torch.tensor([1.0, 1.0, 3.5, 2.0, 5.0, 7.0])
LOSSES = {"a": ONE, "b": OTHER}


@pytest.mark.parametrize("by", ["position", "letter"])
def test_the_parts_add_up_to_the_whole_difference(by: str) -> None:
    frame = (
        frames.by_position(LOSSES, PLACES, last=3)
        if by == "position"
        else frames.by_letter(LOSSES, TARGETS, Vocabulary("abc"))
    )
    parts = frames.contributions(frame, by)
    assert parts["adds"].sum() == pytest.approx(float((OTHER - ONE).mean()))
    assert parts["number"].sum() == len(ONE)
    assert parts["share"].sum() == pytest.approx(1)


def test_what_comes_late_counts_together() -> None:
    frame = frames.by_position(LOSSES, PLACES, last=3)
    mine = frame[frame["net"] == "a"]
    assert mine["position"].tolist() == [1, 2, 3]
    assert mine["loss"].tolist() == [3.0, 4.0, 3.5]
    assert mine["number"].tolist() == [2, 2, 2]


def test_letters_that_never_come_are_left_out() -> None:
    frame = frames.by_letter(LOSSES, TARGETS, Vocabulary("abc"))
    assert frame[frame["net"] == "a"]["letter"].tolist() == [".", "a", "b"]
    assert frame[frame["net"] == "a"]["loss"].tolist() == [5.0, 3.0, 2.5]


def test_two_of_one_name_are_told_apart() -> None:
    assert frames.distinct(("m", "n")) == ("m", "n")
    assert frames.distinct(("m", "m")) == ("m (1)", "m (2)")
