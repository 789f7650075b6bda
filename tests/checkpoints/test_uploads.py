"""What is sent as a checkpoint: its files or a zip of them is taken, anything else refused with a message."""

import zipfile
from collections.abc import Mapping
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makemore.checkpoints import store, uploads
from makemore.checkpoints.metadata import CheckpointError
from tests.checkpoints.forging import Parts, as_pair, with_json


def zipped(files: Mapping[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", how) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def named(parts: Parts, name: str = "m") -> dict[str, bytes]:
    return {f"{name}.{ending}": content for ending, content in parts.items()}


def refused(sent: Mapping[str, bytes]) -> str:
    with pytest.raises(CheckpointError) as caught:
        uploads.read_upload(sent)
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 300
    return message


def test_a_zip_of_what_was_packed_gives_it_back(good: Parts) -> None:
    packed = uploads.zip_files("mine", good)
    assert packed == uploads.zip_files("mine", good)
    assert uploads.read_upload({"any.zip": packed}) == ("mine", good)


@pytest.mark.parametrize("left", [(), ("json",), ("json", "trajectory.safetensors")])
def test_the_files_themselves_are_taken_too(good: Parts, left: tuple[str, ...]) -> None:
    parts = {ending: content for ending, content in good.items() if ending not in left}
    assert uploads.read_upload(named(parts, "a b")) == ("a b", parts)


def test_what_was_sent_is_loaded_as_from_the_disk(tmp_path: object, good: Parts) -> None:
    sent = store.loads("m", good["safetensors"], good["trajectory.safetensors"])
    assert sent.trajectory is not None
    pair = as_pair(good)
    old = store.loads("m", pair["safetensors"], copy=pair["json"])
    assert (old.metadata.losses, old.trajectory) == (sent.metadata.losses, None)
    other = with_json(good, seed=3)
    assert store.loads("m", other["safetensors"], good["trajectory.safetensors"]).trajectory
    with pytest.raises(CheckpointError, match="says nothing about its tensors"):
        store.loads("m", pair["safetensors"])


def test_what_is_foreign_is_refused(good: Parts) -> None:
    files = named(good)
    assert "no file of a checkpoint" in refused({"model.pt": b"x"})
    assert "4 files" in refused({"z.zip": zipped(files | {"readme.txt": b"x"})})
    assert "several checkpoints" in refused(files | named(good, "other"))
    assert "the weights are missing" in refused({"m.json": good["json"]})
    assert "comes twice" in refused({"z.zip": zipped(files)} | files)
    assert "there is no file" in refused({})
    assert "there is no file" in refused({"z.zip": zipped({})})
    assert "damaged zip" in refused({"z.zip": zipped(files)[:-30]})
    inner = {"inner.zip": zipped(files)}
    assert "no file of a checkpoint" in refused({"z.zip": zipped(inner)})


@pytest.mark.parametrize(
    "name",
    ["../m.safetensors", "/etc/m.safetensors", "a/m.safetensors", "a\\m.safetensors", "c:m.safetensors",
     ".m.safetensors", "folder/"],
)  # fmt: skip
def test_no_name_in_a_zip_leads_anywhere(good: Parts, name: str) -> None:
    assert "in no folder" in refused({"z.zip": zipped({name: good["safetensors"]})})


def test_a_bomb_is_not_unpacked() -> None:
    bomb = zipped({"m.safetensors": bytes(40_000_000)})
    assert len(bomb) < 50_000
    assert "more than 16,000,000 bytes" in refused({"z.zip": bomb})
    lying = bytearray(bomb)  # one that says that it is small
    for start in (bomb.find(b"PK\1\2") + 24, 22):
        lying[start : start + 4] = (100).to_bytes(4, "little")
    refused({"z.zip": bytes(lying)})
    assert "the limit is" in refused({"m.safetensors": bytes(17_000_000)})


@pytest.mark.parametrize("how", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_only_the_usual_packing_is_read(good: Parts, how: int) -> None:
    assert "zip it in the usual way" in refused({"z.zip": zipped(named(good), how)})


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("mine", "mine"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("<b>*x*</b>", "_b_x_b_"),
        (" . ", "checkpoint"),
        ("größe 2 (1)", "größe 2 (1)"),
        ("a" * 500, "a" * uploads.MOST_NAME),
        ("con\0trol\n", "con_trol_"),
    ],
)
def test_a_name_becomes_one_that_a_file_can_have(text: str, name: str) -> None:
    assert uploads.clean_name(text) == name


def test_whatever_is_done_to_a_zip_gives_a_message_or_the_very_checkpoint(good: Parts) -> None:
    whole = zipped(named(good), zipfile.ZIP_STORED)

    @settings(max_examples=150)
    @given(
        st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=4),
        st.none() | st.floats(0, 1),
    )
    def damage(places: list[tuple[float, int]], cut: float | None) -> None:
        content = bytearray(whole)
        for place, value in places:
            content[int(place * len(whole))] = value
        if cut is not None:
            content = content[: int(cut * len(whole))]
        try:
            name, files = uploads.read_upload({"z.zip": bytes(content)})
            found = store.loads(
                name,
                files["safetensors"],
                files.get("trajectory.safetensors"),
                files.get("json"),
            )
        except CheckpointError:
            return
        want = store.loads("m", good["safetensors"]).metadata
        assert found.metadata == want

    damage()
