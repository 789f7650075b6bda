"""Tensors and JSON in one file, under a seal."""

import pytest
import torch

from makemore.checkpoints.tensor_files import about, pack, unpack


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
    said = about(content)
    assert {len(said.pop(name)) for name in ("sha256", "tensors_sha256")} == {64}
    assert said == {"é": [1, None, {"a": "b"}]}


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


@pytest.mark.parametrize("sealed", [True, False])
def test_what_is_sealed_is_checked(sealed: bool) -> None:
    content = bytearray(pack({"a": torch.zeros(9)}, {"b": 1} if sealed else None))
    content[-1] ^= 1
    if sealed:
        with pytest.raises(ValueError, match="the tensors are damaged"):
            unpack(bytes(content))
        content[-1] ^= 1
        content[content.index(b"F32")] ^= 1
        for read in (unpack, about):
            with pytest.raises(ValueError, match="the header is damaged"):
                read(bytes(content))
    else:
        assert unpack(bytes(content))["a"][-1] != 0


def test_the_same_tensors_give_the_same_bytes_whatever_their_order() -> None:
    one, two = torch.zeros(3), torch.ones(2, dtype=torch.int64)
    assert pack({"one": one, "two": two}, {"a": 1}) == pack({"two": two, "one": one}, {"a": 1})
