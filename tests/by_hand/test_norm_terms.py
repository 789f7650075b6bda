"""The three terms of batch norm backward add up to what torch finds, for either variance, and for that alone."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from makemore.by_hand.backprop import backward, forward
from makemore.by_hand.entries_of_batch_norm import EPSILON
from makemore.by_hand.norm_terms import check_divisors, norm_terms, normalise
from tests.by_hand.batches import drawn


@settings(max_examples=20, deadline=None)
@given(batch=st.integers(3, 40), hidden=st.integers(1, 12), seed=st.integers(0, 10**6))
def test_the_terms_of_the_biased_form_add_up_to_the_gradient_of_torch(
    batch: int, hidden: int, seed: int
) -> None:
    g = torch.Generator().manual_seed(seed)
    x, dy = (torch.randn(batch, hidden, generator=g, dtype=torch.float64) for _ in range(2))
    gain = torch.randn(1, hidden, generator=g, dtype=torch.float64)
    x.requires_grad_()
    y = torch.nn.functional.batch_norm(x, None, None, gain[0], training=True, eps=EPSILON)
    y.backward(dy)
    assert x.grad is not None
    terms = norm_terms(x.detach(), gain, dy, unbiased=False)
    total = torch.stack(list(terms.values())).sum(0)
    # A neuron of hardly any spread has huge slopes.
    scale = float(x.grad.abs().max()) + float(terms["directly"].abs().max())
    assert torch.allclose(total, x.grad, rtol=1e-8, atol=1e-10 * scale)


def test_the_terms_are_those_of_the_chain_and_leave_nothing_along_two_directions() -> None:
    net, X, Y = drawn()
    values = forward(net, X, Y)
    chain = backward(values, X, Y)
    terms = norm_terms(values["hprebn"], values["bngain"], chain["hpreact"])
    total = torch.stack(list(terms.values())).sum(0)
    direct = terms["directly"]
    torch.testing.assert_close(total, chain["hprebn"], rtol=1e-6, atol=1e-9)
    raw, _ = normalise(values["hprebn"], unbiased=True)
    assert float(total.sum(0).abs().max()) < 1e-9 * float(direct.abs().max())
    assert float((total * raw).sum(0).abs().max()) < 1e-3 * float(direct.abs().max())  # ε alone
    assert float(direct.sum(0).abs().max()) > 1e-3 * float(direct.abs().max())


@pytest.mark.parametrize("net_divides", [True, False])
def test_a_line_is_right_only_for_the_divisor_of_the_net(net_divides: bool) -> None:
    net, X, Y = drawn()
    values = forward(net, X, Y)
    checks = check_divisors(values, backward(values, X, Y)["hpreact"])
    assert checks[net_divides, net_divides].passed
    assert checks[net_divides, not net_divides].verdict == "wrong"
