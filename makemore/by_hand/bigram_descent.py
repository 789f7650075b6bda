"""Gradient descent for one table of logits on counted pairs. Knows no layer, no optimizer, no event.

A bigram's loss depends on the examples only through how often each pair occurs: 228,146 examples of
27 letters are 27 rows with weights. The gradient is written by hand and checked against autograd.
"""

from time import perf_counter

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, one_hot

LECTURE_RATE = 50.0
LECTURE_SEED = 2147483647
NEWTON_STEPS = 60


def start(size: int, seed: int) -> Tensor:
    """(size, size) logits drawn from N(0, 1), the same that the net draws from this seed."""
    return torch.empty(size, size).normal_(generator=torch.Generator().manual_seed(seed))


def loss(W: Tensor, counts: Tensor) -> float:
    """Mean NLL a character in nats of (vocab, vocab) logits on (vocab, vocab) counts of pairs."""
    return nll(W.double().log_softmax(dim=1), counts)


def nll(log_probabilities: Tensor, counts: Tensor) -> float:
    """Mean NLL a character in nats; inf when a pair that occurs is held impossible."""
    seen = counts > 0  # 0 · ∞ is no number, and a pair that never occurs costs nothing
    return float(-(log_probabilities[seen].double() * counts[seen]).sum() / counts.sum())


def gradient(W: Tensor, counts: Tensor, l2: float = 0.0) -> Tensor:
    """How the loss changes with each logit: expected less counted pairs, as a share of all.

    `l2` adds the slope of l2 · mean(W²), which pulls every logit towards zero.
    """
    rows = counts.sum(dim=1, keepdim=True)  # (vocab, 1): what each row weighs
    return (rows * W.softmax(dim=1) - counts) / counts.sum() + 2 * l2 * W / W.numel()


def descend(W: Tensor, counts: Tensor, *, rate: float, steps: int, l2: float = 0.0) -> Tensor:
    """The logits after so many steps down the gradient; `W` itself stays."""
    counts = counts.float()
    for _ in range(steps):
        W = W - rate * gradient(W, counts, l2)
    return W


def one_hot_step(W: Tensor, contexts: Tensor, targets: Tensor, rate: float) -> Tensor:
    """One step as the lecture takes it: each example a one-hot row, the gradient by autograd."""
    W = W.detach().requires_grad_()
    logits = one_hot(contexts, len(W)).float() @ W  # (examples, vocab)
    (slope,) = torch.autograd.grad(cross_entropy(logits, targets), W)
    return (W - rate * slope).detach()


def examples(counts: Tensor) -> tuple[Tensor, Tensor]:
    """Every counted pair written out again: contexts and targets, one example each."""
    pairs = torch.arange(counts.numel()).repeat_interleave(counts.flatten())
    return pairs // len(counts), pairs % len(counts)


def timed(counts: Tensor, *, seed: int, steps: int) -> dict[str, tuple[float, float]]:
    """The same steps on all examples and on the weighted rows: (seconds a step, loss afterwards)."""
    contexts, targets = examples(counts)
    measured = {}
    W, began = start(len(counts), seed), perf_counter()
    for _ in range(steps):
        W = one_hot_step(W, contexts, targets, LECTURE_RATE)
    measured["examples"] = ((perf_counter() - began) / steps, loss(W, counts))
    descend(W, counts, rate=LECTURE_RATE, steps=1)  # what torch sets up at first is no step's cost
    W, began = start(len(counts), seed), perf_counter()
    W = descend(W, counts, rate=LECTURE_RATE, steps=steps)
    measured["rows"] = ((perf_counter() - began) / steps, loss(W, counts))
    return measured


def fitted(counts: Tensor, *, seed: int, steps: int = 300) -> Tensor:
    """Logits from this seed, trained by Adam until nothing much moves; a tenth of a second."""
    W = start(len(counts), seed)
    weights = counts.float()
    optimizer = torch.optim.Adam([W], lr=0.5, betas=(0.8, 0.9))
    for step in range(steps):
        optimizer.param_groups[0]["lr"] = 0.5 * (1 - step / steps)
        W.grad = gradient(W, weights)
        optimizer.step()
    return W.detach()


def optimum(counts: Tensor, l2: float) -> Tensor:
    """Where descent with this `l2` ends: the loss plus l2 · mean(W²) is lowest there, l2 > 0.

    Found by Newton's method. The curvature of a row is a diagonal less one outer product, so that
    a step costs no more than a step of descent (Sherman and Morrison 1950).
    """
    share = counts.double().sum(dim=1, keepdim=True) / counts.sum()  # (vocab, 1)
    pull = 2 * l2 / counts.numel()
    W = torch.zeros_like(counts, dtype=torch.float64)
    for _ in range(NEWTON_STEPS):
        p, slope = W.softmax(dim=1), gradient(W, counts.double(), l2)
        diagonal = share * p + pull
        first, second = slope / diagonal, share * p / diagonal
        outer = (p * first).sum(1, keepdim=True) / (1 - (p * second).sum(1, keepdim=True))
        # No logit moves by more than 1 a step: far from the end the curvature misleads.
        W = W - (first + second * outer).clamp(-1, 1)
    return W
