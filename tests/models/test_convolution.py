"""The convolution against the tree slid along a name: the same numbers."""

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Generator, nn

from makemore.data.examples import windows
from makemore.data.vocabulary import Vocabulary
from makemore.layers import Linear
from makemore.models import build
from makemore.models.convolution import CausalConvolution, kernel
from makemore.models.wavenet import WaveNet

ALPHABET = Vocabulary("abcdefghijklmnopqrstuvwxyz")


def tree(seed: int = 1, **settings: Any) -> WaveNet:
    generator = Generator().manual_seed(seed)
    model = build("wavenet", 27, generator, {"embedding": 5, "hidden": 7, **settings})
    assert isinstance(model, WaveNet)
    model(torch.randint(0, 27, (64, model.block_size), generator=generator))
    return model.double().eval()


@given(
    name=st.text(ALPHABET.characters, min_size=1, max_size=40),
    levels=st.integers(1, 4),
    seed=st.integers(0, 1000),
)
def test_the_convolution_is_the_tree_at_every_position(name: str, levels: int, seed: int) -> None:
    model = tree(seed, block_size=2**levels)
    examples = windows((name,), ALPHABET, model.block_size)
    with torch.no_grad():
        slid = model(examples.contexts)
        at_once = CausalConvolution(model)(torch.tensor([ALPHABET.encode(name)]))[0]
    torch.testing.assert_close(at_once, slid)


def test_one_fusion_is_a_convolution_of_kernel_and_stride_two() -> None:
    linear = Linear(8, 3, bias=False)
    torch.nn.init.normal_(linear.weight, generator=Generator().manual_seed(1))
    twin = nn.Conv1d(4, 3, kernel_size=2, stride=2, bias=False)
    with torch.no_grad():
        twin.weight.copy_(kernel(linear))
        x = torch.randn(5, 6, 4, generator=Generator().manual_seed(2))
        fused = linear(x.view(5, 3, 8))
        torch.testing.assert_close(twin(x.transpose(1, 2)).transpose(1, 2), fused)


@pytest.mark.parametrize(
    "settings", [{"gate": True}, {"residual": True}, {"skip": True}, {"reduce": "batch"}], ids=str
)
def test_other_trees_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="only a plain tree"):
        CausalConvolution(tree(**settings))
