"""Cross-entropy by hand against the library's, below and above the logit at which exp overflows."""

import math

import pytest
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from makemore.by_hand import cross_entropy as by_hand


@pytest.fixture(scope="module")
def logits() -> Tensor:
    return 3 * torch.randn(64, 27, generator=torch.Generator().manual_seed(1))


@pytest.fixture(scope="module")
def targets() -> Tensor:
    return torch.randint(0, 27, (64,), generator=torch.Generator().manual_seed(2))


def test_both_forms_equal_the_library(logits: Tensor, targets: Tensor) -> None:
    expected = cross_entropy(logits, targets, reduction="none")
    assert torch.allclose(by_hand.cross_entropy(logits, targets), expected, atol=1e-6)
    assert torch.allclose(by_hand.repaired(logits, targets), expected, atol=1e-6)


@pytest.mark.parametrize("letter", [3, 4])
def test_the_repaired_form_equals_the_library_for_any_constant(logits: Tensor, letter: int) -> None:
    many = by_hand.with_constant(logits[0], letter, torch.arange(0.0, 1000.0, 7.0))
    targets = torch.full((len(many),), 3)
    expected = cross_entropy(many, targets, reduction="none")
    assert torch.allclose(by_hand.repaired(many, targets), expected, atol=1e-4, rtol=1e-6)
    assert by_hand.repaired(many, targets).isfinite().all()


def test_where_exp_overflows() -> None:
    assert math.log(float(torch.finfo(torch.float32).max)) == pytest.approx(by_hand.OVERFLOW)
    assert f"{by_hand.OVERFLOW:.1f}" == "88.7"
    around = torch.tensor([by_hand.OVERFLOW - 0.01, by_hand.OVERFLOW + 0.01]).exp()
    assert around.isfinite().tolist() == [True, False]


def test_above_it_the_target_gives_nan_and_any_other_letter_inf() -> None:
    zeros, target = torch.zeros(27), torch.tensor([3])
    (own,) = by_hand.cross_entropy(by_hand.with_constant(zeros, 3, torch.tensor([100.0])), target)
    (other,) = by_hand.cross_entropy(by_hand.with_constant(zeros, 4, torch.tensor([100.0])), target)
    assert own.isnan()
    assert other == math.inf


def test_subtracting_the_maximum_changes_no_probability(logits: Tensor) -> None:
    shifted = by_hand.without_maximum(logits)
    assert float(shifted.max()) == 0
    assert torch.allclose(by_hand.probabilities(shifted), logits.softmax(dim=1), atol=1e-6)
