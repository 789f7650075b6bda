"""Tensors and JSON in one file, and files that appear whole or not at all."""

from pathlib import Path

import pytest
import torch

from makemore.checkpoints.tensor_files import about, pack, unpack, write_all


def test_pack_and_unpack_give_every_bit_back() -> None:
    tensors = {
        "weights": torch.randn(3, 4, generator=torch.Generator().manual_seed(1)).T,
        "step": torch.tensor(7),
        "seconds": torch.tensor(0.1, dtype=torch.float64),
        "generator": torch.Generator().manual_seed(2).get_state(),
        "nothing": torch.zeros(0),
    }
    content = pack(tensors, {"é": [1, None, {"a": "b"}]})
    found = unpack(content)
    assert found.keys() == tensors.keys()
    for key, tensor in tensors.items():
        assert found[key].dtype == tensor.dtype
        assert torch.equal(found[key], tensor)
    assert about(content) == {"é": [1, None, {"a": "b"}]}


@pytest.mark.parametrize("content", [b"", b"1234567", b"\xff" * 50, pack({})[:-1], b"\0" * 8])
def test_what_is_no_such_content_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"truncated|no safetensors"):
        unpack(content)
    with pytest.raises(ValueError, match=r"truncated|says nothing"):
        about(content)


def test_tensors_without_a_word_about_them() -> None:
    with pytest.raises(ValueError, match="says nothing"):
        about(pack({"a": torch.zeros(1)}))


def test_a_header_over_the_limit_is_refused() -> None:
    content = pack({}, {"long": "x" * 1000})
    assert about(content)
    for read in (unpack, about):
        with pytest.raises(ValueError, match="truncated"):
            read(content, max_header=500)


def test_all_files_or_none(tmp_path: Path) -> None:
    good, bad = tmp_path / "a" / "good", tmp_path / "file" / "bad"
    write_all({good: b"old"})
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(OSError, match="file"):
        write_all({good: b"new", bad: b"new"})
    assert good.read_bytes() == b"old"
    assert [path.name for path in good.parent.iterdir()] == ["good"]
    write_all({good: b"new"})
    assert good.read_bytes() == b"new"
