"""A sixth model is there for every command as soon as it is named in the table and has a recipe."""

import json
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Generator, Tensor, nn

from makemore import models
from makemore.__main__ import main
from makemore.checkpoints import store
from makemore.checkpoints.shipped import USUAL_SEED, seed_for
from makemore.config import between
from makemore.data.examples import Dataset
from makemore.layers import Embedding, FlattenConsecutive, Linear
from makemore.models import LayeredModel, ModelConfig
from makemore.training.recipes import LECTURE, Recipe


@dataclass(frozen=True)
class TinyConfig(ModelConfig):
    block_size: int = between(2, 1, 4)


class Tiny(LayeredModel):
    """Two letters in view, and one linear layer."""

    Config = TinyConfig
    name = "tiny"

    def __init__(self, config: TinyConfig, vocab_size: int, generator: Generator) -> None:
        super().__init__(config, vocab_size, generator)
        self.layers = nn.Sequential(
            OrderedDict(
                embedding=Embedding(vocab_size, 3),
                flatten=FlattenConsecutive(config.block_size),
                logits=Linear(3 * config.block_size, vocab_size),
            )
        )
        with torch.no_grad():
            for parameter in self.parameters():
                parameter.normal_(generator=generator)


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(models.MODELS, Tiny.name, Tiny)
    monkeypatch.setitem(models._KNOWN, Tiny.name, Tiny)
    monkeypatch.setitem(LECTURE, Tiny.name, Recipe("lecture", steps=40))
    return Tiny.name


def lines(capfd: pytest.CaptureFixture[str], *arguments: object) -> list[dict[str, Any]]:
    """What a command that succeeds says with --json."""
    assert main([*map(str, arguments), "--json"]) == 0
    out, err = capfd.readouterr()
    assert err == ""
    return [json.loads(line) for line in out.splitlines()]


def nll_by_hand(weights: dict[str, Tensor], contexts: Tensor, targets: Tensor) -> float:
    """The loss of this model written out."""
    rows = weights["layers.embedding.weight"][contexts].flatten(1)
    logits = rows @ weights["layers.logits.weight"] + weights["layers.logits.bias"]
    return float(-logits.double().log_softmax(dim=1)[range(len(targets)), targets].mean())


def test_it_trains_and_is_measured_scored_and_drawn_from(
    tiny: str, few: Dataset, few_file: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "mine"
    trained = lines(capfd, "train", tiny, "--out", mine)
    assert trained[-1] == {"event": "saved", "step": 40, "path": str(mine)}
    loaded = store.load(mine)
    assert isinstance(loaded.model, Tiny)
    assert loaded.metadata.seed == USUAL_SEED
    [dev] = lines(capfd, "evaluate", mine)
    examples = few.examples("dev", 2)
    by_hand = nll_by_hand(loaded.model.state_dict(), examples.contexts, examples.targets)
    assert dev["nll"] == pytest.approx(by_hand, abs=1e-6)
    assert dev["seen_in_training"] is False
    [train] = lines(capfd, "evaluate", mine, "--split", "train")
    assert train["seen_in_training"] is True
    [scored] = lines(capfd, "score", "emma", "--model", mine)
    assert [each["letter"] for each in scored["letters"]] == list("emma.")
    drawn = lines(capfd, "sample", mine, "-n", 4)
    assert len(drawn) == 4


def test_a_seed_of_ones_own_goes_before(
    tiny: str, few_file: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    lines(capfd, "train", tiny, "--steps", 1, "--seed", 5, "--out", tmp_path / "mine")
    assert store.read_metadata(tmp_path / "mine").seed == 5


def test_it_is_named_among_the_choices(tiny: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    assert "tiny" in capsys.readouterr().out


def test_without_a_recipe_of_that_name_one_line_says_so(
    tiny: str, few_file: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", tiny, "--recipe", "fast"]) == 2
    assert "no recipe 'fast' for 'tiny'" in capfd.readouterr().err


def test_shipped_models_keep_their_seeds() -> None:
    lecture = 2147483647
    assert {name: seed_for(name) for name in ("bigram", "bigram_nn", "mlp", "mlp_bn")} == (
        dict.fromkeys(("bigram", "bigram_nn", "mlp", "mlp_bn"), lecture)
    )
    assert seed_for("wavenet") == 42
    assert seed_for("gpt") == lecture
