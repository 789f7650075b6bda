"""Which setting repairs a sick training, as data, and what that makes of a model's settings. Trains nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import sqrt
from typing import Any, Literal

from makemore.layers import ELU, Activation, LeakyReLU, ReLU, Sigmoid, Tanh
from makemore.models import config_for
from makemore.models.brick_kinds import Brick
from makemore.models.brick_stack import parse, write

Setting = Literal["learning_rate", "gain", "logits_scale", "batch_norm"]

# He et al. 2015 for the ReLU; 5/3 is torch's for tanh, which squeezes a little at every layer. For the
# ELU nobody has derived one; torch gives none either, and 1 keeps its activations alive.
GAINS: Mapping[type[Activation], float] = {
    Tanh: 5 / 3,
    ReLU: sqrt(2),
    LeakyReLU: sqrt(2 / (1 + 0.01**2)),
    Sigmoid: 1.0,
    ELU: 1.0,
}
BENDS = {kind.__name__: gain for kind, gain in GAINS.items()}


@dataclass(frozen=True)
class Repair:
    """A change of one setting.

    learning_rate: times `factor`. gain: hidden matrices drawn by Kaiming's rule, std = gain/√fan_in.
    logits_scale: the last matrix drawn near zero. batch_norm: one before each activation.
    """

    setting: Setting
    factor: float = 1.0

    def __str__(self) -> str:
        return {
            "learning_rate": f"learning rate × {self.factor:g}",
            "gain": "draw the hidden matrices by Kaiming's rule, std = gain / √fan_in",
            "logits_scale": "draw the last matrix near zero",
            "batch_norm": "put batch norm before each activation",
        }[self.setting]


@dataclass(frozen=True)
class Repaired:
    """What to train instead: the model by name, its settings, and its learning rate."""

    model: str
    settings: dict[str, Any]
    learning_rate: float


def repaired(
    repair: Repair, model: str, settings: Mapping[str, Any], learning_rate: float
) -> Repaired | None:
    """The training with this repair; None for a model that has no such setting, or has it so already."""
    before = Repaired(model, config_for(model, settings).to_json(), learning_rate)
    if repair.setting == "learning_rate":
        return replace(before, learning_rate=learning_rate * repair.factor)
    after = _CHANGES.get((model, repair.setting), lambda training: training)(before)
    return None if after == before else after


def _set(**changes: Any) -> Any:
    return lambda training: replace(training, settings={**training.settings, **changes})


def _normalised_mlp(training: Repaired) -> Repaired:
    kept = {name: training.settings[name] for name in ("block_size", "embedding", "hidden")}
    return replace(training, model="mlp_bn", settings=config_for("mlp_bn", kept).to_json())


def _bricks_with_gain(training: Repaired) -> Repaired:
    """The gain of the first activation that the stack has."""
    kinds = [brick.kind for brick in parse(training.settings["bricks"])]
    gain = next((BENDS[kind] for kind in kinds if kind in BENDS), 1.0)
    return replace(training, settings={**training.settings, "gain": gain})


def _bricks_with_norm(training: Repaired) -> Repaired:
    bricks: list[Brick] = []
    for brick in parse(training.settings["bricks"]):
        if brick.kind in BENDS and bricks and bricks[-1].kind == "Linear":
            bricks.append(Brick("BatchNorm1d"))
        bricks.append(brick)
    return replace(training, settings={**training.settings, "bricks": write(bricks)})


_CHANGES: Mapping[tuple[str, Setting], Any] = {
    ("mlp", "gain"): _set(hidden_init="kaiming"),
    ("mlp", "logits_scale"): _set(logits_init="small"),
    ("mlp", "batch_norm"): _normalised_mlp,
    ("bricks", "gain"): _bricks_with_gain,
    ("bricks", "logits_scale"): _set(logits_scale=0.1),
    ("bricks", "batch_norm"): _bricks_with_norm,
}
