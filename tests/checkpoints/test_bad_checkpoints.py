"""Files that hold something else than they should get a message that says what to do."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save as dump_tensors
from torch import Tensor

from makemore.checkpoints import store
from makemore.checkpoints.metadata import CheckpointError
from tests.checkpoints.forging import (
    ENDINGS,
    Parts,
    put,
    refused,
    with_content,
    with_json,
    with_tensors,
)


def test_the_good_one_loads(tmp_path: Path, good: Parts) -> None:
    assert store.load(put(tmp_path, good)).model.block_size == 3
    assert store.load(put(tmp_path, with_tensors(good, lambda _: None))).name == "m"


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("length", [0, 1, 7, 8, 9, 100, -2])
def test_truncated(tmp_path: Path, good: Parts, ending: str, length: int) -> None:
    assert "again" in refused(tmp_path, good | {ending: good[ending][:length]})
    if ending == "safetensors":
        parts = with_content(good, good[ending][:length])
        assert "get it again" in refused(tmp_path, parts)


def test_tampered(tmp_path: Path, good: Parts) -> None:
    content = bytearray(good["safetensors"])
    content[-5] ^= 1
    message = refused(tmp_path, good | {"safetensors": bytes(content)})
    assert "copy both files again, together" in message


Change = Callable[[dict[str, Tensor]], object]
W = "layers.hidden.weight"
TENSORS: dict[str, tuple[Change, str]] = {
    "NaN": (lambda t: t[W].view(-1)[3].fill_(float("nan")), "NaN or infinity; train it again"),
    "infinity": (lambda t: t[W].view(-1)[0].fill_(float("inf")), "NaN or infinity"),
    "shape": (lambda t: t.update({W: t[W][:, :4].contiguous()}), "(6, 4), expected torch.float32 (6, 5)"),
    "axes": (lambda t: t.update({W: t[W].T.contiguous()}), "(5, 6), expected"),
    "scalar": (lambda t: t.update({W: torch.tensor(1.0)}), "(), expected"),
    "double": (lambda t: t.update({W: t[W].double()}), "float64 (6, 5), expected torch.float32"),
    "half": (lambda t: t.update({W: t[W].half()}), "float16"),
    "whole": (lambda t: t.update({W: t[W].long()}), "int64"),
    "eighth": (lambda t: t.update({W: t[W].to(torch.float8_e4m3fn)}), "float8"),
    "missing": (lambda t: t.pop(W), f"tensor '{W}' is missing or too many"),
    "too many": (lambda t: t.update(extra=torch.zeros(3)), "tensor 'extra' is missing or too many"),
}  # fmt: skip


@pytest.mark.parametrize("case", TENSORS)
def test_tensors_that_do_not_fit(tmp_path: Path, good: Parts, case: str) -> None:
    change, said = TENSORS[case]
    message = refused(tmp_path, with_tensors(good, change))
    assert said in message
    assert message.endswith("train it again")


JSON: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "get it again"),
    "no JSON": (b"{", "get it again"),
    "a list": (b"[]", "it holds no JSON object"),
    "a number": (b"7", "it holds no JSON object"),
    "NaN": (b'{"format": NaN}', "NaN is no number"),
    "infinity": (b'{"format": -Infinity}', "-Infinity is no number"),
    "no text": (b"\xff\xfe\xfa", "get it again"),
    "too deep": (b"[" * 100_000, "get it again"),
    "too large": (b" " * 200_001, "200,001 bytes; the limit is 200,000"),
    "a long number": (b'{"format": ' + b"1" * 10_000 + b"}", "get it again"),
    "no format": (b"{}", "format None, expected 1; train it again"),
}


@pytest.mark.parametrize("case", JSON)
def test_what_is_no_json_of_ours(tmp_path: Path, good: Parts, case: str) -> None:
    content, said = JSON[case]
    assert said in refused(tmp_path, good | {"json": content})


FIELDS: list[tuple[str, Any, str]] = [
    ("format", 2, "format 2, expected 1; train it again"),
    ("format", "1", "format '1', expected 1"),
    ("format", ..., "format None"),
    ("format", "x" * 10_000, "format"),
    ("model", ..., "'model' is missing"),
    ("model", "gpt", "unknown model 'gpt'"),
    ("model", "mlp", "unknown setting"),
    ("model", 3, "'model' is of the wrong kind"),
    ("vocabulary", "", "alphabet"),
    ("vocabulary", "aa", "alphabet"),
    (
        "vocabulary",
        "abc",
        "layers.embedding.weight is torch.float32 (27, 2), expected torch.float32 (4, 2)",
    ),
    ("vocabulary", "".join(map(chr, range(256, 600))), "alphabet"),
    ("config", [], "'config' is of the wrong kind"),
    ("config", {"hidden": 10**9}, "hidden is 1000000000; it must be a whole number from 1 to 2048"),
    ("config", {"hidden": 2**63}, "from 1 to 2048"),
    ("config", {"embedding": 10**6}, "from 1 to 256"),
    ("config", {"block_size": 10**6}, "from 1 to 16"),
    ("config", {"hidden": "5"}, "a whole number"),
    ("config", {"hidden": 6, "embedding": 2}, "expected torch.float32"),
    ("config", {"depth": 3}, "unknown setting 'depth'"),
    ("recipe", {}, "recipe: setting 'name' is missing"),
    ("recipe", {"name": 3}, "recipe: name is 3"),
    ("recipe", {"name": "x", "steps": 0}, "recipe: steps is 0"),
    ("losses", {}, "'losses' needs numbers for train, dev and test"),
    ("losses", {"train": 2, "dev": "2", "test": 2}, "'losses' needs numbers"),
    ("losses", {"train": 2, "dev": None, "test": 2}, "'losses' needs numbers"),
    ("seed", "7", "'seed' is of the wrong kind"),
    ("step", 1.5, "'step' is of the wrong kind"),
    ("seconds", "long", "'seconds' is of the wrong kind"),
    ("versions", None, "'versions' is of the wrong kind"),
    ("tensors_sha256", "0" * 64, "copy both files again, together"),
]


@pytest.mark.parametrize(("field", "value", "said"), FIELDS)
def test_a_field_that_is_wrong(
    tmp_path: Path, good: Parts, field: str, value: Any, said: str
) -> None:
    assert said in refused(tmp_path, with_json(good, **{field: value}))


def test_a_loss_beyond_all_numbers(tmp_path: Path, good: Parts) -> None:
    content = json.dumps(json.loads(good["json"]) | {"losses": "HERE"}).encode()
    endless = content.replace(b'"HERE"', b'{"train": 1e999, "dev": 2, "test": 2}')
    assert "'losses' needs numbers" in refused(tmp_path, good | {"json": endless})


@pytest.mark.parametrize("missing", ["json", "safetensors"])
def test_a_missing_file(tmp_path: Path, good: Parts, missing: str) -> None:
    path = put(tmp_path, {ending: good[ending] for ending in ENDINGS if ending != missing})
    with pytest.raises(CheckpointError, match=r"no checkpoint|side by side"):
        store.load(path)


@pytest.mark.parametrize("where", ["", ".", "/", "..", "nothing", "/nowhere/x", "a\0b", "x" * 5000])
def test_a_place_without_a_checkpoint(where: str) -> None:
    with pytest.raises(CheckpointError, match=r"no checkpoint .*; shipped ones: bigram"):
        store.load(where)


def test_a_trajectory_of_another_kind(tmp_path: Path, good: Parts) -> None:
    histogram = {"probed/step": torch.arange(2), "probed/relu": torch.ones(2, 50) / 50}
    for tensors in (
        {**histogram, "intervals/relu": torch.zeros(2)},
        {**histogram, "intervals/relu": torch.tensor(1.0)},
        {**histogram, "intervals/relu": torch.tensor([1.0, 1.0, 0.0])},
        {**histogram, "intervals/other": torch.tensor([0.0, 1.0, 0.0])},
        {"alien": torch.zeros(2)},
        {"alien/step": torch.zeros(2)},
        {"losses/mean": torch.tensor([1.0, float("nan")])},
    ):
        message = refused(tmp_path, good | {"trajectory.safetensors": dump_tensors(tensors)})
        assert message.count("m.trajectory.safetensors") == 1
        assert "get it again" in message
