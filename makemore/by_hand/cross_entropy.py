"""Cross-entropy in the lecture's own lines, where they break, and what repairs them. Knows no library's.

Source: "Building makemore" part 2 (A. Karpathy).
"""

import torch
from torch import Tensor

# Above this logit exp is more than a number of 32 bits can say, and becomes inf: 88.72.
OVERFLOW = float(torch.tensor(torch.finfo(torch.float32).max).double().log())


def probabilities(logits: Tensor) -> Tensor:
    """(n, vocab) logits -> probabilities, as softmax is written down; nan where exp overflows."""
    counts = logits.exp()
    return counts / counts.sum(dim=1, keepdim=True)


def cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    """Each example's loss in nats: minus the logarithm of the probability of its target.

    inf where the probability comes out as 0, nan where it is inf / inf.
    """
    return -probabilities(logits)[torch.arange(len(targets)), targets].log()


def without_maximum(logits: Tensor) -> Tensor:
    """Each row less its largest logit: the same probabilities, and no exp above 1."""
    return logits - logits.max(dim=1, keepdim=True).values


def repaired(logits: Tensor, targets: Tensor) -> Tensor:
    """The same losses for logits of any size.

    -log(exp(x) / sum) is log(sum) - x: written so, a probability too small for 32 bits is never formed.
    """
    logits = without_maximum(logits)
    return logits.exp().sum(dim=1).log() - logits[torch.arange(len(targets)), targets]


def with_constant(logits: Tensor, letter: int, constants: Tensor) -> Tensor:
    """(vocab,) logits, once with each constant added to that of one letter: (constants, vocab)."""
    changed = logits.repeat(len(constants), 1)
    changed[:, letter] += constants
    return changed
