"""What is worked out once for all: packed frames, what a list keeps, looks and moments."""

import gc

import pandas as pd
import pyarrow as pa

from makemore.data.name_lists import parse_names
from makemore.ui.kit import chosen_list, place_chart
from makemore.ui.kit.moment_slider import recorded_moments
from makemore.ui.sources import fusion_trees, loaded


def test_a_packed_frame_is_what_was_given() -> None:
    frame = pd.DataFrame({"letter": ["a", "b"], "count": [1, 2], "share": [0.25, None]})
    table = pa.ipc.open_stream(place_chart.pack_frame(frame)).read_all().to_pylist()
    assert table == [
        {"letter": "a", "count": 1, "share": 0.25},
        {"letter": "b", "count": 2, "share": None},
    ]


def test_a_frame_is_packed_once_and_forgotten_with_it() -> None:
    frame = pd.DataFrame({"step": [1.0]})
    assert place_chart.pack_frame(frame) is place_chart.pack_frame(frame)
    assert place_chart.pack_frame(frame.copy()) == place_chart.pack_frame(frame)
    gc.collect()  # those of other tests
    before = len(place_chart._packed)
    del frame
    gc.collect()
    assert len(place_chart._packed) == before - 1


def test_a_list_keeps_what_was_made_of_it_and_no_other_list_has_it() -> None:
    names = loaded.name_list().names
    ours, theirs = (
        chosen_list.own_list(parse_names("\n".join(some), "x"))
        for some in (names[:40], names[40:80])
    )
    made: list[str] = []

    def make(word: str) -> str:
        made.append(word)
        return word

    assert ours.kept("key", lambda: make("first")) == "first"
    assert ours.kept("key", lambda: make("second")) == "first"
    assert theirs.kept("key", lambda: make("third")) == "third"
    assert made == ["first", "third"]


def test_a_list_keeps_only_so_much() -> None:
    subject = chosen_list.own_list(loaded.name_list())
    for i in range(chosen_list.MOST_KEPT + 5):
        subject.kept(i, lambda: object())
    assert len(subject._kept) <= chosen_list.MOST_KEPT


def test_two_learners_get_the_same_look_and_the_same_moment() -> None:
    checkpoint = loaded.checkpoint("wavenet_22k")
    assert fusion_trees.look_at_net(
        checkpoint, loaded.dataset(), "ada", 1
    ) is fusion_trees.look_at_net(checkpoint, loaded.dataset(), "ada", 1)
    assert fusion_trees.look_at_net(
        checkpoint, loaded.dataset(), "ada", 1
    ) is not fusion_trees.look_at_net(checkpoint, loaded.dataset(), "ada", 2)
    moments = recorded_moments(checkpoint.trajectory)
    assert moments is recorded_moments(checkpoint.trajectory)
    assert moments.back_to(moments.steps[3]) is moments.back_to(moments.steps[3])
    assert moments.back_to(moments.steps[3]).step == moments.steps[3]
