"""Temperature and top-k on stored logits: what asking anew with divided logits would give."""

import math

import pytest
import torch

from makemore.data.vocabulary import Vocabulary
from makemore.diagnostics.letters import reshaped

LOGITS = torch.tensor([1.0, 3.0, 2.0, -1.0])


@pytest.mark.parametrize("temperature", [0.1, 0.5, 1.0, 3.0])
def test_temperature_divides_the_logits_before_softmax(temperature: float) -> None:
    weights = [math.exp(logit / temperature) for logit in LOGITS.tolist()]
    found = reshaped.reshape(LOGITS, temperature=temperature, most=4).tolist()
    assert found == pytest.approx([weight / sum(weights) for weight in weights])


def test_a_constant_added_to_all_logits_changes_nothing() -> None:
    one = reshaped.reshape(LOGITS, temperature=0.7, most=3)
    other = reshaped.reshape(LOGITS - 5, temperature=0.7, most=3)
    assert torch.allclose(one, other)


def test_only_the_likeliest_stay_and_share_everything() -> None:
    found = reshaped.reshape(LOGITS, temperature=1.0, most=2).tolist()
    assert found[0] == found[3] == 0
    assert found[1] == pytest.approx(math.e / (1 + math.e))
    assert sum(found) == pytest.approx(1)


def test_one_letter_is_certain_and_equals_all_stay() -> None:
    assert reshaped.reshape(LOGITS, temperature=1.0, most=1).tolist() == [0, 1, 0, 0]
    equal = reshaped.reshape(torch.tensor([2.0, 2.0, 1.0]), temperature=1.0, most=1)
    assert equal.tolist() == [0.5, 0.5, 0]


def test_perplexity_is_the_number_of_equal_letters() -> None:
    assert reshaped.perplexity(torch.full((8,), 1 / 8)) == pytest.approx(8)
    assert reshaped.perplexity(torch.tensor([1.0, 0.0])) == pytest.approx(1)


def test_the_frame_has_both_distributions() -> None:
    frame = reshaped.reshaped(LOGITS, Vocabulary("abc"), temperature=2.0, most=4)
    assert frame["letter"].tolist() == [".", "a", "b", "c"]
    assert frame["model"].tolist() == pytest.approx(LOGITS.double().softmax(0).tolist())
    assert frame["drawn"].tolist() == pytest.approx((LOGITS.double() / 2).softmax(0).tolist())
