"""Backward in a few large steps: cross-entropy in one, batch norm in one line, a linear layer. No autograd."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from makemore.by_hand.entries_of_batch_norm import EPSILON
from makemore.by_hand.gradient_entries import Values

# What the chain has in between, in the order in which one walks back.
LOSS_CHAIN = (
    "logprobs", "probs", "counts_sum_inv", "counts_sum", "counts", "norm_logits", "logit_maxes", "logits",
)  # fmt: skip
NORM_CHAIN = ("bnraw", "bnvar_inv", "bnvar", "bndiff2", "bndiff", "bnmeani", "hprebn")


@dataclass(frozen=True)
class Derivation:
    """One step on the way to a formula: what it says in LaTeX, and in words (markdown)."""

    title: str
    formula: str
    words: str


def logit_gradient(logits: Tensor, Y: Tensor) -> Tensor:
    """Cross-entropy backward in one step, (batch, letters): (softmax − one-hot) / n."""
    gradient = logits.softmax(dim=1)
    gradient[torch.arange(len(Y)), Y] -= 1
    return gradient / len(Y)


def norm_gradient(
    bnraw: Tensor, bnvar_inv: Tensor, bngain: Tensor, dhpreact: Tensor, *, unbiased: bool = True
) -> Tensor:
    """Batch norm backward in one line, (batch, hidden): the gradient of its input.

    `unbiased`: whether the forward pass divided the squares by n − 1, as this net does, or by n.
    """
    n = len(bnraw)
    degrees = n - 1 if unbiased else n
    total = dhpreact.sum(0)
    along = (dhpreact * bnraw).sum(0)
    return bngain * bnvar_inv / n * (n * dhpreact - total - n / degrees * bnraw * along)


def linear_gradients(x: Tensor, weight: Tensor, dy: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Of y = x @ weight + bias: the gradients of x, weight and bias."""
    return dy @ weight.T, x.T @ dy, dy.sum(0)


def fused_forward(net: Mapping[str, Tensor], X: Tensor, Y: Tensor) -> Values:
    """What the fused backward pass needs of the forward pass, and the loss."""
    embcat = net["C"][X].flatten(1)
    hprebn = embcat @ net["W1"] + net["b1"]
    bnvar_inv = (hprebn.var(0, keepdim=True) + EPSILON) ** -0.5
    bnraw = (hprebn - hprebn.mean(0, keepdim=True)) * bnvar_inv
    h = torch.tanh(net["bngain"] * bnraw + net["bnbias"])
    logits = h @ net["W2"] + net["b2"]
    loss = -logits.log_softmax(dim=1)[torch.arange(len(Y)), Y].mean()
    made = {"embcat": embcat, "bnvar_inv": bnvar_inv, "bnraw": bnraw, "h": h, "logits": logits}
    return {**net, **made, "loss": loss}


def fused_backward(values: Mapping[str, Tensor], X: Tensor, Y: Tensor) -> Values:
    """The gradients by the parameters, in eleven lines."""
    dlogits = logit_gradient(values["logits"], Y)
    dh, dW2, db2 = linear_gradients(values["h"], values["W2"], dlogits)
    dhpreact = (1 - values["h"] ** 2) * dh
    dbngain = (values["bnraw"] * dhpreact).sum(0, keepdim=True)
    dbnbias = dhpreact.sum(0, keepdim=True)
    dhprebn = norm_gradient(values["bnraw"], values["bnvar_inv"], values["bngain"], dhpreact)
    dembcat, dW1, db1 = linear_gradients(values["embcat"], values["W1"], dhprebn)
    rows = dembcat.view(*X.shape, -1).flatten(0, 1)
    dC = torch.zeros_like(values["C"]).index_add(0, X.flatten(), rows)
    return {
        "C": dC, "W1": dW1, "b1": db1, "bngain": dbngain, "bnbias": dbnbias, "W2": dW2, "b2": db2
    }  # fmt: skip


def norm_derivation(*, unbiased: bool = True) -> tuple[Derivation, ...]:
    """The one line of batch norm in four steps, for one neuron.

    x is its input, x̂ = s·(x − μ) with s = (σ² + ε)^−½ the normalised value, y = γ·x̂ + β its output.
    """
    d = "n-1" if unbiased else "n"
    ratio = r"\tfrac{n}{n-1}\," if unbiased else ""
    return (
        Derivation(
            "To the normalised value",
            r"\frac{\partial L}{\partial \hat x_i} = \gamma\, \frac{\partial L}{\partial y_i}",
            "y = γ·x̂ + β: the other factor of the product.",
        ),
        Derivation(
            "To the variance",
            r"\frac{\partial L}{\partial \sigma^2} = -\tfrac{1}{2}\,\gamma\,s^3 \sum_i "
            r"\frac{\partial L}{\partial y_i}\,(x_i - \mu)",
            "One variance scales every example, so all of them add up.",
        ),
        Derivation(
            "To the mean",
            r"\frac{\partial L}{\partial \mu} = -\gamma\,s \sum_i \frac{\partial L}{\partial y_i}",
            "The variance depends on the mean too, but there the sum of x − μ comes in, which is 0.",
        ),
        Derivation(
            "To the input, on its three paths",
            r"\begin{aligned}\frac{\partial L}{\partial x_i} = \frac{\gamma\,s}{n}\Big(&n \frac{\partial L}"
            r"{\partial y_i} - \sum_j \frac{\partial L}{\partial y_j}\\ &- "
            + ratio
            + r"\hat x_i \sum_j \frac{\partial L}{\partial y_j}\,\hat x_j\Big)\end{aligned}",
            "Directly; through the mean, which passes on 1/n; through the variance, which passes on "
            f"2(x − μ)/({d.replace('-', ' − ')}).",
        ),
    )
