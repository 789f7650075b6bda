"""The large steps against the chain of small ones, and against torch's own layers."""

import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.functional import batch_norm, cross_entropy

from makemore.by_hand.backprop import ENTRIES, PARAMETERS, backward, forward
from makemore.by_hand.fused_backprop import (
    LOSS_CHAIN,
    NORM_CHAIN,
    fused_backward,
    fused_forward,
    linear_gradients,
    logit_gradient,
    norm_derivation,
    norm_gradient,
)
from tests.by_hand.batches import drawn


@settings(max_examples=10, deadline=None)
@given(batch=st.integers(2, 40), hidden=st.integers(1, 24), seed=st.integers(0, 10**6))
def test_the_fused_pass_is_the_chain(batch: int, hidden: int, seed: int) -> None:
    net, X, Y = drawn(batch=batch, hidden=hidden, seed=seed)
    values = forward(net, X, Y)
    chain = backward(values, X, Y)
    short = fused_forward(net, X, Y)
    torch.testing.assert_close(short["loss"], values["loss"])
    fused = fused_backward(short, X, Y)
    assert set(fused) == set(PARAMETERS)
    for name, gradient in fused.items():
        scale = max(1.0, float(chain["bnvar"].abs().max()))
        torch.testing.assert_close(gradient, chain[name], rtol=1e-8, atol=1e-10 * scale)


def test_cross_entropy_in_one_step_and_its_rows_sum_to_zero() -> None:
    net, X, Y = drawn()
    logits = forward(net, X, Y)["logits"].requires_grad_()
    (theirs,) = torch.autograd.grad(cross_entropy(logits, Y), logits)
    own = logit_gradient(logits.detach(), Y)
    torch.testing.assert_close(own, theirs, rtol=1e-12, atol=1e-15)
    assert float(own.sum(1).abs().max()) < 1e-16
    right = own[torch.arange(len(Y)), Y]
    torch.testing.assert_close(-right, own.clamp(min=0).sum(1))  # up on one as down on all others


def test_the_one_line_of_batch_norm_unbiased_as_in_the_net_and_biased_as_in_torch() -> None:
    net, X, Y = drawn()
    values = forward(net, X, Y)
    chain = backward(values, X, Y)
    parts = values["bnraw"], values["bnvar_inv"], values["bngain"], chain["hpreact"]
    torch.testing.assert_close(norm_gradient(*parts), chain["hprebn"], rtol=1e-6, atol=1e-9)

    x = values["hprebn"].clone().requires_grad_()
    y = batch_norm(x, None, None, net["bngain"][0], net["bnbias"][0], training=True, eps=1e-5)
    (theirs,) = torch.autograd.grad(y, x, chain["hpreact"])
    inverse = (x.detach().var(0, unbiased=False, keepdim=True) + 1e-5) ** -0.5
    raw = (x.detach() - x.detach().mean(0)) * inverse
    own = norm_gradient(raw, inverse, net["bngain"], chain["hpreact"], unbiased=False)
    torch.testing.assert_close(own, theirs, rtol=1e-9, atol=1e-12)


def test_a_linear_layer() -> None:
    x, weight, bias = torch.randn(5, 3), torch.randn(3, 4), torch.randn(4)
    leaves = [tensor.double().requires_grad_() for tensor in (x, weight, bias)]
    dy = torch.randn(5, 4).double()
    theirs = torch.autograd.grad(leaves[0] @ leaves[1] + leaves[2], leaves, dy)
    own = linear_gradients(leaves[0].detach(), leaves[1].detach(), dy)
    for one, other in zip(own, theirs, strict=True):
        torch.testing.assert_close(one, other)


def test_the_chains_walk_back_without_a_gap_and_the_derivation_has_four_steps() -> None:
    order = list(reversed(ENTRIES))
    assert len(LOSS_CHAIN) == 8
    assert [name for name in order if name in LOSS_CHAIN] == list(LOSS_CHAIN)
    assert [name for name in order if name in NORM_CHAIN] == list(NORM_CHAIN)
    unbiased, biased = norm_derivation(), norm_derivation(unbiased=False)
    assert len(unbiased) == len(biased) == 4
    assert "n-1" in unbiased[-1].formula
    assert "n-1" not in biased[-1].formula
