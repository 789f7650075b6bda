"""Files that appear whole or not at all: after kills, on a full disk, and with two who save at once."""

import errno
import os
import threading
from pathlib import Path

import pytest

from makemore.checkpoints import whole_files
from makemore.checkpoints.whole_files import pending, write_file, write_files
from tests.bench.alone import alone
from tests.bench.attack import kills
from tests.bench.attack.savers import SAVERS


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_file_is_made_with_its_folder_and_replaced(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "a.json"
    write_file(target, b"old")
    write_file(target, b"new")
    assert content(target.parent) == {"a.json": b"new"}


def test_files_are_replaced_and_deleted_together(tmp_path: Path) -> None:
    a, b, c = (tmp_path / f"{name}.json" for name in "abc")
    write_files({a: b"1", b: b"1", c: b"1"})
    write_files({a: b"2", b: None, c: b"2"})
    assert content(tmp_path) == {"a.json": b"2", "c.json": b"2"}


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS])
@pytest.mark.parametrize("place", range(4))
def test_a_disk_that_is_full_leaves_all_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, place: int
) -> None:
    """fsync of the first file, of the folder, of the second one; and the move that decides."""
    a, b = tmp_path / "a.json", tmp_path / "b.json"
    write_files({a: b"old", b: b"old"})
    calls = iter(range(100))

    def refuse(*_: object) -> None:
        if next(calls) >= min(place, 2) or place == 3:
            raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace" if place == 3 else "fsync", refuse)
        with pytest.raises(OSError, match=os.strerror(code)):
            write_files({a: b"new", b: b"new"})
    assert content(tmp_path) == {"a.json": b"old", "b.json": b"old"}


def test_what_goes_wrong_after_the_decision_is_set_right_by_the_next_save(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = tmp_path / "a.safetensors", tmp_path / "b.json"
    write_files({a: b"old", b: b"old"})
    replace = os.replace
    moved: list[Path] = []

    def once(source: Path, target: Path) -> None:
        if moved:
            raise OSError(errno.EIO, "broken")
        moved.append(target)
        replace(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", once)
        write_files({a: b"new", b: b"new"})
    assert (a.read_bytes(), b.read_bytes()) == (b"new", b"old")
    [waiting] = pending(b)
    assert waiting.read_bytes() == b"new"
    assert pending(a) == []
    write_file(tmp_path / "c.json", b"other")
    assert content(tmp_path) == {"a.safetensors": b"new", "b.json": b"new", "c.json": b"other"}


def test_what_a_killed_save_left_is_cleared_up(tmp_path: Path) -> None:
    """A save that had not decided leaves nothing; hidden files of others are not touched."""
    token, decided = "0123456789abcdef", "fedcba9876543210"
    for name in (f".a.json.{token}", f".b.json.{token}.later", f".b.json.{decided}.later"):
        (tmp_path / name).write_bytes(name.encode())
    foreign = {".a.json": b"1", ".config.0123456789abcdef": b"2", ".a.json.0123": b"3"}
    for name, text in foreign.items():
        (tmp_path / name).write_bytes(text)
    write_file(tmp_path / "c.json", b"c")
    rolled = {"b.json": f".b.json.{decided}.later".encode(), "c.json": b"c"}
    assert content(tmp_path) == foreign | rolled


def test_savers_in_threads_take_turns(tmp_path: Path) -> None:
    a, b = tmp_path / "a.json", tmp_path / "b.json"
    problems: list[OSError] = []

    def save(number: int) -> None:
        for _ in range(20):
            try:
                write_files({a: b"%d" % number, b: b"%d" % number})
            except OSError as error:
                problems.append(error)

    savers = [threading.Thread(target=save, args=(number,)) for number in range(4)]
    for each in savers:
        each.start()
    for each in savers:
        each.join()
    assert problems == []
    assert a.read_bytes() == b.read_bytes()
    assert content(tmp_path).keys() == {"a.json", "b.json"}


def test_a_save_that_does_not_end_is_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole_files, "PATIENCE", 0.05)
    write_file(tmp_path / "a.json", b"old")
    with (
        whole_files._locked(tmp_path),
        pytest.raises(TimeoutError, match="does not end"),
    ):
        write_file(tmp_path / "a.json", b"new")
    write_file(tmp_path / "a.json", b"new")
    assert content(tmp_path) == {"a.json": b"new"}


@pytest.mark.parametrize("way", ["panel", "autosave"])
def test_kills_at_random_moments_lose_nothing(way: str) -> None:
    """Somebody reads all the while; after each kill one more save leaves no other file."""
    found = alone(kills.kill_savers, way, 20, 7)
    assert (found.kills, found.failed) == (20, 0)
    assert (found.lost, found.leftovers, found.refused) == (0, 0, 0), found.why
    assert found.reads >= found.kills  # at least one beside each, on however busy a machine


@pytest.mark.parametrize("way", SAVERS)
def test_kills_at_every_call_that_reaches_the_disk_lose_nothing(way: str) -> None:
    found = alone(kills.kill_at_every_call, way)
    assert (found.failed, found.lost, found.leftovers) == (0, 0, 0), found.why
    assert found.old > 1
    assert found.new > 1


@pytest.mark.parametrize("way", ["panel", "autosave"])
def test_two_savers_to_one_place_never_mix(way: str) -> None:
    assert alone(kills.save_side_by_side, way, 15) == {"whole": 15}
