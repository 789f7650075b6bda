"""The one line of batch norm backward as its three terms, and with either variance. Knows no page."""

from collections.abc import Mapping

import torch
from torch import Tensor

from makemore.by_hand.checked_gradients import Check, check
from makemore.by_hand.entries_of_batch_norm import EPSILON
from makemore.by_hand.fused_backprop import norm_gradient

TERMS = ("directly", "via mean", "via variance")


def normalise(hprebn: Tensor, *, unbiased: bool) -> tuple[Tensor, Tensor]:
    """bnraw (batch, hidden) and bnvar_inv (1, hidden), with the squares divided by n − 1 or by n."""
    bnvar_inv = (hprebn.var(0, unbiased=unbiased, keepdim=True) + EPSILON) ** -0.5
    return (hprebn - hprebn.mean(0, keepdim=True)) * bnvar_inv, bnvar_inv


def norm_terms(
    hprebn: Tensor, bngain: Tensor, dhpreact: Tensor, *, unbiased: bool = True
) -> dict[str, Tensor]:
    """What comes back to hprebn on each of its three paths, (batch, hidden) each; they add up."""
    bnraw, bnvar_inv = normalise(hprebn, unbiased=unbiased)
    n = len(hprebn)
    degrees = n - 1 if unbiased else n
    scale = bngain * bnvar_inv
    along = (dhpreact * bnraw).sum(0)
    terms = (
        scale * dhpreact,
        -scale * dhpreact.mean(0) * torch.ones_like(hprebn),
        -scale * bnraw * along / degrees,
    )
    return dict(zip(TERMS, terms, strict=True))


def check_divisors(
    values: Mapping[str, Tensor], dhpreact: Tensor
) -> dict[tuple[bool, bool], Check]:
    """The one line against autograd: by whether the net divides by n − 1, and whether the line says so."""
    found = {}
    for net in (True, False):
        hprebn = values["hprebn"].detach().requires_grad_()
        hpreact = values["bngain"] * normalise(hprebn, unbiased=net)[0] + values["bnbias"]
        (theirs,) = torch.autograd.grad(hpreact, hprebn, dhpreact)
        bnraw, bnvar_inv = normalise(values["hprebn"], unbiased=net)
        for line in (True, False):
            own = norm_gradient(bnraw, bnvar_inv, values["bngain"], dhpreact, unbiased=line)
            found[net, line] = check("hprebn", own, theirs)
    return found
