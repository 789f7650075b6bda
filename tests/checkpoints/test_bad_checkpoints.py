"""Files that hold something else than they should get a message that says what to do."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load as load_tensors
from torch import Tensor

from makemore.checkpoints import store
from makemore.checkpoints.metadata import CheckpointError
from tests.checkpoints.forging import (
    Parts,
    as_pair,
    put,
    refused,
    resealed,
    said,
    with_json,
    with_tensors,
    with_trajectory,
)


def test_the_good_one_loads(tmp_path: Path, good: Parts) -> None:
    assert store.load(put(tmp_path, good)).model.block_size == 3
    assert store.load(put(tmp_path, with_tensors(good, lambda _: None))).name == "m"
    assert resealed(good["safetensors"]) == good["safetensors"]


FILES = ("safetensors", "trajectory.safetensors")  # that are read


@pytest.mark.parametrize("ending", FILES)
@pytest.mark.parametrize("length", [0, 1, 7, 8, 9, 100, -2])
def test_truncated(tmp_path: Path, good: Parts, ending: str, length: int) -> None:
    assert "again" in refused(tmp_path, good | {ending: good[ending][:length]})
    if ending == "safetensors":
        pair = as_pair(good)
        assert "get it again" in refused(tmp_path, as_pair(good, pair[ending][:length]))


def test_a_pair_of_an_earlier_version_still_loads(tmp_path: Path, good: Parts) -> None:
    """Its trajectory does not say what it belongs to, so it is left out."""
    new = store.load(put(tmp_path, good))
    old = store.load(put(tmp_path, as_pair(good)))
    assert old.metadata.losses == new.metadata.losses == said(good["safetensors"])["losses"]
    assert (old.metadata.format, new.metadata.format) == (1, 2)
    want = new.model.state_dict()
    assert all(torch.equal(value, want[key]) for key, value in old.model.state_dict().items())
    tampered = bytearray(as_pair(good)["safetensors"])
    tampered[-5] ^= 1
    message = refused(tmp_path, as_pair(good) | {"safetensors": bytes(tampered)})
    assert "copy both files again, together" in message


def test_the_copy_for_people_decides_nothing(tmp_path: Path, good: Parts) -> None:
    """Whatever stands in it, or if it is gone: what counts is in the file of the tensors."""
    lie = json.dumps(json.loads(good["json"]) | {"step": 7, "vocabulary": "zyx"}).encode()
    for copy in (lie, b"", b"{", b"\xff"):
        assert store.load(put(tmp_path, good | {"json": copy})).metadata.step == 3
        assert store.read_metadata(tmp_path / "m").step == 3
    parts = {ending: good[ending] for ending in FILES}
    assert store.load(put(tmp_path, parts)).metadata.step == 3


@pytest.mark.parametrize("ending", FILES)
def test_no_bit_can_change_unnoticed(tmp_path: Path, good: Parts, ending: str) -> None:
    """Every 13th bit, so that all of the header and of the tensors is touched."""
    want = store.load(put(tmp_path, good))
    for bit in range(0, 8 * len(good[ending]), 13):
        content = bytearray(good[ending])
        content[bit // 8] ^= 1 << bit % 8
        path = put(tmp_path, good | {ending: bytes(content)})
        try:
            found = store.load(path)
        except CheckpointError:
            continue
        assert ending == "trajectory.safetensors", bit
        assert found.trajectory is None, bit
        assert found.metadata == want.metadata


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
    change, words = TENSORS[case]
    message = refused(tmp_path, with_tensors(good, change))
    assert words in message
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
    "no format": (b"{}", "get it again"),
    "another format": (b'{"format": 2}', "the header is damaged; get it again"),
}


@pytest.mark.parametrize("case", JSON)
def test_what_is_no_json_of_ours(tmp_path: Path, good: Parts, case: str) -> None:
    content, words = JSON[case]
    assert words in refused(tmp_path, as_pair(good) | {"json": content})


HUGE = 10**400
FIELDS: list[tuple[str, Any, str]] = [
    ("format", 3, "format 3, expected 2; train it again"),
    ("format", 1, "format 1, expected 2"),
    ("format", True, "format True, expected 2"),
    ("format", 2.0, "format 2.0, expected 2"),
    ("format", "1", "format '1', expected 2"),
    ("format", ..., "format None"),
    ("format", "x" * 10_000, "format"),
    ("model", ..., "'model' is missing"),
    ("model", "gpt", "unknown model 'gpt'"),
    ("model", "mlp", "unknown setting"),
    ("model", 3, "'model' needs a text"),
    ("vocabulary", "", "alphabet"),
    ("vocabulary", "aa", "alphabet"),
    ("vocabulary", "zyxwvutsrqponmlkjihgfedcba", "sorted, each once"),
    ("vocabulary", "abc.", "without the dot"),
    (
        "vocabulary",
        "abc",
        "layers.embedding.weight is torch.float32 (27, 2), expected torch.float32 (4, 2)",
    ),
    ("vocabulary", "".join(map(chr, range(256, 600))), "alphabet"),
    ("config", [], "'config' needs settings"),
    ("config", {"hidden": 10**9}, "hidden is 1000000000; it must be a whole number from 1 to 2048"),
    ("config", {"hidden": 2**63}, "from 1 to 2048"),
    ("config", {"hidden": HUGE}, "from 1 to 2048"),
    ("config", {"embedding": 10**6}, "from 1 to 256"),
    ("config", {"block_size": 10**6}, "from 1 to 16"),
    ("config", {"hidden": "5"}, "a whole number"),
    ("config", {"hidden": 6, "embedding": 2}, "expected torch.float32"),
    ("config", {"hidden": 5, "embedding": 2, "eps": 0.9}, "eps is 0.9; it must be a number from 0"),
    ("config", {"depth": 3}, "unknown setting 'depth'"),
    ("recipe", {}, "recipe: setting 'name' is missing"),
    ("recipe", {"name": 3}, "recipe: name is 3"),
    ("recipe", {"name": "x", "steps": 0}, "recipe: steps is 0"),
    ("recipe", {"name": "x", "learning_rate": HUGE}, "recipe: learning_rate is 1"),
    ("losses", {}, "'losses' needs numbers from 0 up for train, dev and test"),
    ("losses", HUGE, "'losses' needs numbers"),
    ("losses", {"train": 2, "dev": "2", "test": 2}, "'losses' needs numbers"),
    ("losses", {"train": 2, "dev": None, "test": 2}, "'losses' needs numbers"),
    ("losses", {"train": 2, "dev": -5, "test": 2}, "'losses' needs numbers from 0 up"),
    ("losses", {"train": 2, "dev": HUGE, "test": 2}, "'losses' needs numbers"),
    ("losses", {"train": 2, "dev": float("nan"), "test": 2}, "'losses' needs numbers"),
    ("losses", {"train": 2, "dev": float("inf"), "test": 2}, "'losses' needs numbers"),
    ("losses", {"train": 2, "dev": True, "test": 2}, "'losses' needs numbers"),
    ("seed", "7", "'seed' needs a whole number"),
    ("seed", HUGE, "'seed' needs a whole number"),
    ("step", 1.5, "'step' needs a whole number"),
    ("step", -1, "'step' needs a whole number from 0"),
    ("step", True, "'step' needs a whole number from 0"),
    ("step", HUGE, "'step' needs a whole number from 0"),
    ("seconds", "long", "'seconds' needs a number from 0 up"),
    ("seconds", -0.1, "'seconds' needs a number from 0 up"),
    ("versions", None, "'versions' needs texts"),
    ("versions", {"torch": 2}, "'versions' needs texts"),
    ("data_sha256", "0" * 63, "'data_sha256' needs a SHA-256"),
    ("parameters", 1, "it says 1 parameters, but it has"),
    ("parameters", HUGE, "'parameters' needs a whole number"),
]


@pytest.mark.parametrize(("field", "value", "words"), FIELDS)
def test_a_field_that_is_wrong(
    tmp_path: Path, good: Parts, field: str, value: Any, words: str
) -> None:
    """The file vouches for it, so it is the value alone that is refused."""
    assert words in refused(tmp_path, with_json(good, **{field: value}))


def test_a_loss_beyond_all_numbers(tmp_path: Path, good: Parts) -> None:
    pair = as_pair(good)
    content = json.dumps(json.loads(pair["json"]) | {"losses": "HERE"}).encode()
    endless = content.replace(b'"HERE"', b'{"train": 1e999, "dev": 2, "test": 2}')
    assert "'losses' needs numbers" in refused(tmp_path, pair | {"json": endless})


def test_a_missing_file(tmp_path: Path, good: Parts) -> None:
    path = put(tmp_path, {"json": good["json"]})
    with pytest.raises(CheckpointError, match="no checkpoint"):
        store.load(path)
    path = put(tmp_path, {"safetensors": as_pair(good)["safetensors"]})
    with pytest.raises(CheckpointError, match="says nothing about its tensors; get it again"):
        store.load(path)


@pytest.mark.parametrize("where", ["", ".", "/", "..", "nothing", "/nowhere/x", "a\0b", "x" * 5000])
def test_a_place_without_a_checkpoint(where: str) -> None:
    with pytest.raises(CheckpointError, match=r"no checkpoint .*; shipped ones: bigram"):
        store.load(where)


Tensors = dict[str, Tensor]
NAN = float("nan")


def turn(name: str, change: Callable[[Tensor], Tensor]) -> Callable[[Tensors], object]:
    return lambda t: t.update({name: change(t[name])})


def give(name: str, values: float | list[float]) -> Callable[[Tensors], object]:
    return lambda t: t.update({name: torch.tensor(values)})


TRAJECTORIES: dict[str, tuple[Callable[[Tensors], object], str]] = {
    "shorter": (turn("evaluated/dev", lambda x: x[:-1].clone()), "different lengths"),
    "shorter steps": (turn("probed/step", lambda x: x[1:].clone()), "different lengths"),
    "longer table": (turn("probed/embedding", lambda x: x.repeat(2, 1, 1)), "different lengths"),
    "backwards": (turn("evaluated/step", lambda x: x.flip(0)), "not in order"),
    "twice": (lambda t: t["losses/step"].fill_(1), "not in order"),
    "before the start": (lambda t: t["probed/step"].sub_(5), "not in order"),
    "after the end": (lambda t: t["probed/step"].add_(1000), "another net"),
    "steps of another kind": (turn("probed/step", lambda x: x.float()), "not a list"),
    "losses of another kind": (turn("losses/mean", lambda x: x.double()), "float64"),
    "NaN": (lambda t: t["losses/mean"].view(-1)[0].fill_(NAN), "NaN or infinity"),
    "infinity": (lambda t: t["evaluated/dev"].view(-1)[0].fill_(float("inf")), "NaN or infinity"),
    "below 0": (lambda t: t["evaluated/dev"].neg_(), "below 0"),
    "no dev": (lambda t: t.pop("evaluated/dev"), "evaluated/dev is missing"),
    "no steps": (lambda t: t.pop("probed/step"), "probed has no step"),
    "no table": (lambda t: t.pop("probed/embedding"), "another net"),
    "no layer": (lambda t: t.pop("probed/tanh"), "another net"),
    "alien layer": (lambda t: t.update({"probed/tanh9": t["probed/tanh"].clone()}), "another net"),
    "a table of another net": (turn("probed/embedding", lambda x: x[..., :1].clone()), "another net"),
    "flat table": (turn("probed/embedding", lambda x: x[..., 0].clone()), "probed/embedding is"),
    "few bins": (turn("probed/tanh", lambda x: x[:, :9].clone()), "no histogram"),
    "shares": (lambda t: t["probed/tanh"].mul_(2), "add up to 1"),
    "a number": (give("evaluated/dev", 1.0), "a single number"),
    "alien": (lambda t: t.update({"alien": torch.zeros(2)}), "no part of a trajectory"),
    "alien part": (lambda t: t.update({"alien/step": torch.zeros(2)}), "no part of a trajectory"),
    "one interval": (lambda t: t.update({"intervals/tanh": torch.zeros(2)}), "intervals are not"),
    "empty interval": (give("intervals/tanh", [1.0, 1.0, 0.0]), "an interval is empty"),
    "interval of nothing": (give("intervals/tanh", [NAN, 1.0, 0.0]), "intervals are not"),
    "interval elsewhere": (give("intervals/other", [0.0, 1.0, 0.0]), "intervals are not"),
    "no looks": (lambda t: t.pop("looks/loss"), "looks are not"),
    "a loss below 0": (lambda t: t["looks/loss"].neg_(), "below 0"),
    "a look without a number": (lambda t: t["looks/loss"].view(-1)[0].fill_(NAN), "NaN or infinity"),
    "looks at other moments": (turn("looks/loss", lambda x: x[1:].clone()), "not as many"),
    "layers of another form": (turn("layers/tanh", lambda x: x[:, :5].clone()), "not 7 numbers"),
    "parameters of another form": (turn(f"parameters/{W}", lambda x: x[:, :3].clone()), "not 5 numbers"),
    "a huge number": (lambda t: t["layers/tanh"][:, 0].fill_(1e35), "not 7 numbers"),
    "a negative spread": (lambda t: t["layers/tanh"][:, 1].neg_(), "std is below 0"),
    "no share": (lambda t: t["layers/tanh"][:, 3].fill_(1.5), "dead is no share"),
    "three ends": (lambda t: t["layers/tanh"][:, 4].fill_(3), "is not 0, 1 or 2"),
    "places": (lambda t: t["layers/tanh"][:, -1].fill_(4), "which place"),
    "looks at another layer": (
        lambda t: t.update({"layers/tanh9": t["layers/tanh"] + torch.eye(8)[-1]}), "another net"),
    "looks at no parameter": (
        lambda t: [t.pop(k) for k in list(t) if "parameters/" in k or "weight_g" in k], "another net"),
    "gradients of nothing": (
        lambda t: t.update({"gradients/else": t["gradients/tanh"].clone()}), "what layers do not"),
    "gradient bins": (turn("gradients/tanh", lambda x: x[:, :9].clone()), "no histogram"),
    "gradient shares": (lambda t: t[f"weight_gradients/{W}"].mul_(2), "add up to 1"),
    "second of one": (give("intervals/tanh", [0.0, 1.0, 1.0]), "which layer comes first"),
}  # fmt: skip


@pytest.mark.parametrize("case", TRAJECTORIES)
def test_a_trajectory_of_another_kind(tmp_path: Path, good: Parts, case: str) -> None:
    """The file vouches for it and names its checkpoint, so it is its form alone that is refused."""
    change, words = TRAJECTORIES[case]
    message = refused(tmp_path, with_trajectory(good, change))
    assert words in message
    assert message.count("m.trajectory.safetensors") == 1
    assert "get it again" in message


def test_a_trajectory_of_other_tensors_counts_as_missing(tmp_path: Path, good: Parts) -> None:
    assert store.load(put(tmp_path, good)).trajectory is not None
    other = with_tensors(good, lambda t: t[W].mul_(2))
    parts = other | {"trajectory.safetensors": good["trajectory.safetensors"]}
    assert store.load(put(tmp_path, parts)).trajectory is None


def test_what_the_hashes_are_of(good: Parts) -> None:
    """Of the header with zeros in the place of its own hash, and of all that follows it."""
    content = good["safetensors"]
    about = json.loads(good["json"])
    length = 8 + int.from_bytes(content[:8], "little")
    assert about["tensors_sha256"] == hashlib.sha256(content[length:]).hexdigest()
    blank = content[:length].replace(about["sha256"].encode(), b"0" * 64)
    assert about["sha256"] == hashlib.sha256(blank).hexdigest()
    assert set(load_tensors(content)) == set(load_tensors(as_pair(good)["safetensors"]))
