"""What a checkpoint claims, measured again; and what two say differently."""

from dataclasses import replace

import pytest

from makemore.checkpoints import claims, store
from makemore.checkpoints.shipped import SHIPPED
from makemore.data.examples import Dataset
from tests.checkpoints.forging import Parts, with_json


@pytest.fixture(scope="module")
def mlp() -> store.Checkpoint:
    return store.load("mlp")


def test_a_shipped_checkpoint_keeps_its_word(real: Dataset, mlp: store.Checkpoint) -> None:
    for name in ("mlp", "bigram", "bigram_nn"):
        checkpoint = store.load(name)
        assert claims.is_measured_on(checkpoint, real)
        claim = claims.check_claim(checkpoint, real, "dev")
        assert claim.holds
        assert claim.measured == pytest.approx(claim.claimed, abs=1e-5)
        assert claim.seen is (name == "bigram_nn")


def test_a_false_claim_is_found(real: Dataset, mlp: store.Checkpoint) -> None:
    losses = mlp.metadata.losses | {"dev": mlp.metadata.losses["dev"] - 0.0002}
    false = replace(mlp, metadata=replace(mlp.metadata, losses=losses))
    assert not claims.check_claim(false, real, "dev").holds
    assert claims.check_claim(false, real, "test").holds


def test_a_claim_is_about_its_own_list(few: Dataset, real: Dataset, mlp: store.Checkpoint) -> None:
    assert not claims.is_measured_on(mlp, few)
    assert claims.is_measured_on(mlp, real)


def test_what_two_say_differently(good: Parts) -> None:
    one, two = (store.load(name).metadata for name in ("mlp_naive", "mlp_lecture"))
    found = {each.what: (each.one, each.other) for each in claims.differences(one, two)}
    assert found.pop("config: logits_init") == ("naive", "small")
    assert found.pop("config: hidden_init") == ("naive", "kaiming")
    assert all(what.startswith("versions") for what in found)
    assert claims.differences(one, one) == []
    flat, tree = (store.load(name).metadata for name in ("mlp", "wavenet"))
    found = {each.what: (each.one, each.other) for each in claims.differences(flat, tree)}
    assert found["model"] == ("mlp", "wavenet")
    assert found["config: reduce"][0] is None
    assert found["recipe: generations"] == (1, 4)
    assert SHIPPED["mlp"].seed != SHIPPED["wavenet"].seed == found["seed"][1]
    other = store.loads("m", with_json(good, seed=99)["safetensors"]).metadata
    mine = store.loads("m", good["safetensors"]).metadata
    assert [each.what for each in claims.differences(mine, other)] == ["seed"]
