"""A visitor's own checkpoints: taken in after a check, renamed, deleted, handed out, within limits."""

from typing import Any

import pytest
import streamlit

from makemore.checkpoints import store
from makemore.checkpoints.metadata import CheckpointError
from makemore.ui.kit import choose_checkpoint, own_checkpoints, reachable
from makemore.ui.sources import loaded
from tests.checkpoints.forging import Parts, with_json


class _State(dict[str, Any]):
    """A session's."""


@pytest.fixture(params=["session", "disk"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> str:
    """Both places that own checkpoints can be in."""
    monkeypatch.setattr(store, "OWN", tmp_path / "own")
    monkeypatch.setattr(streamlit, "session_state", _State())
    monkeypatch.setenv("MAKEMORE_KEEP", "1" if request.param == "disk" else "")
    return str(request.param)


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> None:
    """A visitor who has nothing yet."""
    monkeypatch.setattr(streamlit, "session_state", _State())


def test_one_is_added_found_renamed_and_deleted(way: str, good: Parts) -> None:
    assert own_checkpoints.own_checkpoints() == {}
    name = own_checkpoints.add_checkpoint("mine", good)
    assert name == "mine"
    assert own_checkpoints.find_own("mine").files == good
    assert own_checkpoints.own_checkpoints()["mine"].trajectory is not None
    assert own_checkpoints.rename("mine", "yours/..") == "yours_"
    assert list(own_checkpoints.own_checkpoints()) == ["yours_"]
    found = own_checkpoints.find_own("yours_")
    assert (found.checkpoint.name, found.files) == ("yours_", good)
    own_checkpoints.delete("yours_")
    assert own_checkpoints.own_checkpoints() == {}
    with pytest.raises(CheckpointError):
        own_checkpoints.find_own("yours_")
    if way == "disk":
        assert list(store.OWN.iterdir()) == []
    else:
        assert not store.OWN.exists()


def test_a_download_is_an_upload(way: str, good: Parts) -> None:
    first = own_checkpoints.add_checkpoint("mine", good)
    packed = own_checkpoints.packing(first)()
    again = own_checkpoints.add_upload({"mine.zip": packed})
    assert again == "mine (2)"
    one, two = (own_checkpoints.find_own(name) for name in (first, again))
    assert (one.files, one.checkpoint.metadata) == (two.files, two.checkpoint.metadata)


def test_no_name_is_taken_twice(way: str, good: Parts) -> None:
    assert own_checkpoints.add_checkpoint("mlp", good) == "mlp (2)"
    assert own_checkpoints.add_checkpoint("a", good) == "a"
    assert own_checkpoints.rename("a", "mlp") == "mlp (3)"
    assert own_checkpoints.rename("mlp (3)", "mlp (3)") == "mlp (3)"


def test_what_is_none_is_refused_and_nothing_is_kept(way: str, good: Parts) -> None:
    content = good["safetensors"]
    damaged = content[:-1] + bytes([content[-1] ^ 1])
    with pytest.raises(CheckpointError, match="damaged"):
        own_checkpoints.add_checkpoint("m", {"safetensors": damaged})
    assert own_checkpoints.own_checkpoints() == {}


def test_a_trajectory_of_another_net_is_left_out(way: str, good: Parts) -> None:
    other = (store.FOLDER / "mlp.trajectory.safetensors").read_bytes()
    name = own_checkpoints.add_checkpoint("m", good | {"trajectory.safetensors": other})
    assert "trajectory.safetensors" not in own_checkpoints.find_own(name).files


def test_the_number_is_limited_and_said(session: None, good: Parts) -> None:
    for _ in range(own_checkpoints.MOST):
        own_checkpoints.add_checkpoint("m", good)
    with pytest.raises(CheckpointError, match="you have 12 checkpoints of your own"):
        own_checkpoints.add_checkpoint("m", good)
    own_checkpoints.delete("m")
    own_checkpoints.add_checkpoint("m", good)


def test_the_bytes_are_limited_and_said(
    session: None, good: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = sum(map(len, good.values()))
    monkeypatch.setattr(own_checkpoints, "MOST_BYTES", 2 * size)
    own_checkpoints.add_checkpoint("m", good)
    own_checkpoints.add_checkpoint("m", good)
    with pytest.raises(CheckpointError, match=r"room for 0\.0 of"):
        own_checkpoints.add_checkpoint("m", good)


def test_all_visitors_together_are_limited(
    session: None, good: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = sum(shelf.size for shelf in list(own_checkpoints._shelves))
    monkeypatch.setattr(own_checkpoints, "MOST_BYTES_OF_ALL", others + sum(map(len, good.values())))
    own_checkpoints.add_checkpoint("m", good)
    monkeypatch.setattr(streamlit, "session_state", _State())
    with pytest.raises(CheckpointError, match="all visitors together"):
        own_checkpoints.add_checkpoint("m", good)


def test_visitors_do_not_see_each_other(
    session: None, good: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_checkpoints.add_checkpoint("m", good)
    monkeypatch.setattr(streamlit, "session_state", _State())
    assert own_checkpoints.own_checkpoints() == {}


def test_a_damaged_file_of_the_folder_is_told(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, session: None, good: Parts
) -> None:
    monkeypatch.setattr(store, "OWN", tmp_path)
    monkeypatch.setenv("MAKEMORE_KEEP", "1")
    own_checkpoints.add_checkpoint("m", good)
    (tmp_path / "bad.safetensors").write_bytes(b"no checkpoint")
    assert list(own_checkpoints.own_checkpoints()) == ["m"]
    assert list(own_checkpoints.unreadable_checkpoints()) == ["bad"]


def test_what_is_within_reach_says_whether_it_fits(session: None, good: Parts) -> None:
    letters = choose_checkpoint.knows_letters(loaded.vocabulary())
    own_checkpoints.add_checkpoint("few", with_json(good, vocabulary="bcdefghijklmnopqrstuvwxyzß"))
    known = reachable.within_reach()
    assert list(known)[-1] == "own/few"
    few, mlp, bigram = (known[name] for name in ("own/few", "mlp", "bigram"))
    assert letters(mlp) == ""
    why = "it is over another alphabet than the list: it lacks a and it knows ß besides"
    assert letters(few) == why
    both = choose_checkpoint.all_of(choose_checkpoint.is_tree, letters)
    assert both(few) == both(mlp) == "it is no fusion tree"
    assert both(known["wavenet"]) == ""
    assert choose_checkpoint.embeds_letters(bigram) == "it has no embedding"
    assert choose_checkpoint.embeds_letters(few) == ""
