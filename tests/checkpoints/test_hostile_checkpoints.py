"""Files made to harm: nothing is executed, memory stays bounded, and damage never goes unnoticed."""

import contextlib
import pickle
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load as load_tensors

from makemore.checkpoints import store
from makemore.checkpoints.metadata import CheckpointError
from tests.checkpoints.forging import Parts, as_pair, put, refused, resealed, with_json

FILES = ("safetensors", "trajectory.safetensors")


def header(claim: bytes, length: int | None = None) -> bytes:
    return (len(claim) if length is None else length).to_bytes(8, "little") + claim


@pytest.mark.parametrize("width", [{"hidden": 10**9}, {"embedding": 10**9}, {"block_size": 10**9}])
def test_huge_widths_are_refused_before_anything_is_allocated(
    tmp_path: Path, good: Parts, width: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    for maker in ("zeros", "empty", "ones", "randn"):
        monkeypatch.setattr(torch, maker, lambda *shape, **_: asked.append(shape))
    refused(tmp_path, with_json(good, config=width))
    assert asked == []


class Booby:
    """Executed by whoever unpickles it."""

    def __init__(self, canary: Path) -> None:
        self.canary = canary

    def __reduce__(self) -> tuple[Callable[[Path], None], tuple[Path]]:
        return Path.touch, (self.canary,)


@pytest.mark.parametrize("ending", FILES)
def test_a_pickle_is_refused_and_not_executed(tmp_path: Path, good: Parts, ending: str) -> None:
    canary = tmp_path / "executed"
    evil = pickle.dumps(Booby(canary))
    refused(tmp_path, good | {ending: evil})
    refused(tmp_path, as_pair(good, evil))
    refused(tmp_path, as_pair(good) | {"json": evil})
    assert not canary.exists()
    pickle.loads(evil)
    assert canary.exists()  # so the trap was a real one


BOUNDS = '{"a":{"dtype":"F32","shape":[%s],"data_offsets":[0,%s]}}'
HEADERS = {
    "10 GB of header": header(b"{}", 10 * 2**30),
    "more than there can be": header(b"{}", 2**64 - 1),
    "a header of spaces": header(b"{}" + b" " * 300_000),
    "10 GB of tensor": header((BOUNDS % ("2684354560", str(10 * 2**30))).encode()),
    "a size beyond 64 bits": header((BOUNDS % ("4294967296,4294967296,4294967296", "4")).encode()),
    "deep": header(b'{"a":' * 30_000),
    "no JSON": header(b"\xff" * 20),
    "an unknown dtype": header(b'{"a":{"dtype":"F3","shape":[1],"data_offsets":[0,4]}}') + b"1234",
}


@pytest.mark.parametrize("case", HEADERS)
@pytest.mark.parametrize("ending", ["safetensors", "trajectory.safetensors"])
def test_a_header_that_lies_costs_no_memory(
    tmp_path: Path, good: Parts, case: str, ending: str
) -> None:
    lie = HEADERS[case]
    parts = as_pair(good, lie) if ending == "safetensors" else good | {ending: lie}
    tracemalloc.start()
    try:
        assert "get it again" in refused(tmp_path, parts)
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("ending", [*FILES, "json"])
def test_a_file_of_10_gb_is_not_read(tmp_path: Path, good: Parts, ending: str) -> None:
    path = put(tmp_path, as_pair(good) if ending == "json" else good)
    with path.with_name(f"m.{ending}").open("r+b") as file:
        file.truncate(10 * 2**30)  # sparse: it takes no room
    tracemalloc.start()
    try:
        with pytest.raises(CheckpointError, match=r"10,737,418,240 bytes; the limit is"):
            store.load(path)
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()


flips = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=4)


@pytest.mark.parametrize(
    ("ending", "vouched"), [*((ending, False) for ending in FILES), ("safetensors", True)]
)
def test_random_damage_gives_a_message_or_the_very_model(
    tmp_path_factory: pytest.TempPathFactory, good: Parts, ending: str, vouched: bool
) -> None:
    """`vouched`: the header is damaged, and the hashes in it are those of the damaged file."""
    folder = tmp_path_factory.mktemp("damaged")
    want = load_tensors(good["safetensors"])
    loaded = messages = 0

    @settings(max_examples=200)
    @given(flips, st.none() | st.floats(0, 1))
    def damage(places: list[tuple[float, int]], cut: float | None) -> None:
        nonlocal loaded, messages
        content = bytearray(good[ending])
        reach = 8 + int.from_bytes(content[:8], "little") if vouched else len(content)
        for place, value in places:
            content[int(place * reach)] = value
        if cut is not None:
            del content[int(cut * len(content)) :]
        parts = good | {ending: bytes(content)}
        if vouched:
            with contextlib.suppress(AssertionError):  # there is no place for a hash any more
                parts = good | {ending: resealed(bytes(content))}
        try:
            found = store.load(put(folder, parts)).model.state_dict()
        except CheckpointError:
            messages += 1
            return
        loaded += 1
        assert all(torch.equal(found[key], want[key]) for key in want)

    damage()
    assert loaded > 0
    assert messages > 0
