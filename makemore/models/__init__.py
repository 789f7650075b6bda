"""The five models by name. Whoever builds, loads or tests a model looks it up here."""

from collections.abc import Mapping
from typing import Any

from torch import Generator

from makemore.config import ConfigError
from makemore.models.base import LanguageModel, LayeredModel, ModelConfig
from makemore.models.bigram import Bigram
from makemore.models.bigram_nn import BigramNN
from makemore.models.bricks import Bricks
from makemore.models.mlp import MLP
from makemore.models.mlp_bn import MLPBN
from makemore.models.wavenet import WaveNet

MODELS: dict[str, type[LanguageModel]] = {
    model.name: model for model in (Bigram, BigramNN, MLP, MLPBN, WaveNet)
}

# What else can be built, trained and saved under its name: a net of one's own bricks.
_KNOWN: dict[str, type[LanguageModel]] = {**MODELS, Bricks.name: Bricks}

__all__ = [
    "MODELS",
    "Bigram",
    "LanguageModel",
    "LayeredModel",
    "ModelConfig",
    "build",
    "config_for",
]


def config_for(name: str, settings: Mapping[str, Any] | None = None) -> ModelConfig:
    """The config of a model, defaults where nothing is set. Raises ConfigError."""
    if name not in _KNOWN:
        raise ConfigError(f"unknown model {name!r:.60}; known ones: {', '.join(MODELS)}")
    return _KNOWN[name].Config.from_json(settings or {})


def build(
    name: str, vocab_size: int, generator: Generator, settings: Mapping[str, Any] | None = None
) -> LanguageModel:
    """A fresh model whose weights are drawn from the generator. Raises ConfigError."""
    config = config_for(name, settings)
    return _KNOWN[name](config, vocab_size, generator)
