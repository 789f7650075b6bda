"""Which matrices Muon moves: those between the tables, in every model, whatever its layers are called."""

from collections import OrderedDict
from typing import Any

import pytest
from torch import Generator, nn

from makemore.models import MODELS, Bigram, LayeredModel, build
from makemore.training.optimizers import optimizers
from makemore.training.recipes import recipe_for
from tests.models.test_bricks import BRICKS

CASES: list[tuple[str, dict[str, Any]]] = [
    *((name, {}) for name, model in MODELS.items() if model is not Bigram),
    ("wavenet", {"block_size": 2}),
    ("wavenet", {"gate": True, "residual": True, "skip": True, "embedding": 8, "hidden": 8}),
    ("wavenet", {"reduce": "batch"}),
    *(("bricks", {"bricks": text}) for text in BRICKS.values()),
    ("bricks", {"bricks": "Embedding 27, FlattenConsecutive 8, Linear 5, Linear 27, Tanh"}),
]


def moved_by_muon(model: LayeredModel) -> list[nn.Parameter]:
    adam, *muon = optimizers(model, recipe_for("best", "wavenet"))
    ours = [p for each in muon for group in each.param_groups for p in group["params"]]
    others = [p for group in adam.param_groups for p in group["params"]]
    everything = [id(p) for p in model.parameters()]
    assert sorted(map(id, ours + others)) == sorted(everything)
    return ours


def by_name(model: LayeredModel) -> list[nn.Parameter]:
    """The rule that holds as long as the tables have these names."""
    named = model.layers.named_parameters()
    ends = ("embedding", "W", "logits")
    return [p for name, p in named if p.dim() == 2 and name.split(".")[0] not in ends]


@pytest.mark.parametrize(("name", "settings"), CASES, ids=str)
def test_muon_moves_the_matrices_between_the_tables(name: str, settings: dict[str, Any]) -> None:
    model = build(name, 27, Generator().manual_seed(1), settings)
    assert isinstance(model, LayeredModel)
    ours, twins = moved_by_muon(model), by_name(model)
    assert [id(p) for p in ours] == [id(p) for p in twins]
    renamed = OrderedDict((f"x{place}", layer) for place, layer in enumerate(model.layers))
    model.layers = nn.Sequential(renamed)
    assert [id(p) for p in moved_by_muon(model)] == [id(p) for p in twins]
