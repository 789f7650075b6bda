"""Which context of the name a step looks at, and with which weights. Knows MLPs, not the page."""

from dataclasses import dataclass

import streamlit as st
from torch import Tensor

from makemore.by_hand import mlp_forward
from makemore.by_hand.mlp_forward import Weights
from makemore.checkpoints.store import Checkpoint
from makemore.data.examples import windows
from makemore.data.vocabulary import Vocabulary
from makemore.layers import Linear, bias_of
from makemore.models.mlp import MLP
from makemore.ui.kit.choose import choose
from makemore.ui.kit.choose_checkpoint import choose_checkpoint
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.safe_text import plain
from makemore.ui.sources.kept import kept_per_checkpoint


@dataclass(frozen=True, eq=False)
class Looked:
    """A context of the name, (1, block) ids, with what comes after it, and the net that reads it."""

    checkpoint: Checkpoint
    ids: Tensor
    target: int

    @property
    def vocabulary(self) -> Vocabulary:
        return self.checkpoint.vocabulary

    @property
    def context(self) -> str:
        return self.vocabulary.decode(self.ids[0].tolist())


def is_mlp(checkpoint: Checkpoint) -> str:
    """Fits the net of the lecture, which has these five tensors and no other."""
    return "" if isinstance(checkpoint.model, MLP) else "it is no MLP without batch norm"


def choose_context(about: ChosenList, name: str, first: str, *, key: str) -> Looked:
    """Let a context of the name and a checkpoint be chosen, the one before the middle letter at first."""
    above = st.container()
    checkpoint = choose_checkpoint(
        is_mlp, key=f"{key}_net", first=first, about=about, in_link="checkpoint"
    )
    examples = windows((name,), checkpoint.vocabulary, checkpoint.model.block_size)
    contexts = [checkpoint.vocabulary.decode(row) for row in examples.contexts.tolist()]
    with above:
        options = {str(i): plain(context) for i, context in enumerate(contexts)}
        middle = str(len(name) // 2)
        at = int(choose("Context", options, key=f"{key}_{name}", first=middle, in_link="at"))
    return Looked(checkpoint, examples.contexts[at : at + 1], int(examples.targets[at]))


@kept_per_checkpoint(most=16)
def weights_of(checkpoint: Checkpoint) -> Weights:
    """Its five tensors by the lecture's names, in double precision."""
    assert isinstance(checkpoint.model, MLP)
    layers = dict(checkpoint.model.layers.named_children())
    hidden, logits = layers["hidden"], layers["logits"]
    assert isinstance(hidden, Linear)
    assert isinstance(logits, Linear)
    C = checkpoint.model.state_dict()["layers.embedding.weight"]
    parts = (C, hidden.weight, bias_of(hidden), logits.weight, bias_of(logits))
    return Weights(*(part.detach().double() for part in parts))


def pass_forward(looked: Looked) -> dict[str, Tensor]:
    """Every tensor on the way to the probabilities."""
    return mlp_forward.forward(looked.ids, weights_of(looked.checkpoint))
