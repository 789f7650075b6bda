"""The forward pass of the MLP written out, each tensor under its own name, each number taken apart again.

Knows no nn.Module. Source: "Building makemore" part 2 (A. Karpathy); Bengio et al. 2003.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter

import torch
from torch import Tensor

TENSORS = ("ids", "emb", "view", "hpreact", "h", "logits", "probs")
FORMULAS = {
    "ids": "letters as numbers",
    "emb": "C[ids]",
    "view": "emb.view(1, -1)",
    "hpreact": "view @ W1 + b1",
    "h": "tanh(hpreact)",
    "logits": "h @ W2 + b2",
    "probs": "exp(logits) / sum",
}


@dataclass(frozen=True, eq=False)
class Weights:
    """C (vocab, embedding), W1 (block·embedding, hidden), b1 (hidden,), W2 (hidden, vocab), b2 (vocab,)."""

    C: Tensor
    W1: Tensor
    b1: Tensor
    W2: Tensor
    b2: Tensor


def forward(ids: Tensor, weights: Weights) -> dict[str, Tensor]:
    """Every tensor on the way from (n, block) ids to (n, vocab) probabilities, by its name."""
    emb = weights.C[ids]  # (n, block) -> (n, block, embedding)
    view = emb.view(len(ids), -1)  # -> (n, block·embedding), in the same storage
    hpreact = view @ weights.W1 + weights.b1  # -> (n, hidden)
    h = hpreact.tanh()
    logits = h @ weights.W2 + weights.b2  # -> (n, vocab)
    counts = (logits - logits.max(dim=1, keepdim=True).values).exp()
    probs = counts / counts.sum(dim=1, keepdim=True)
    return dict(zip(TENSORS, (ids, emb, view, hpreact, h, logits, probs), strict=True))


@dataclass(frozen=True)
class Term:
    """One product of a sum: the number `x`, named `of`, times the number `by`, named `times`."""

    of: str
    x: float
    times: str
    by: float

    @property
    def product(self) -> float:
        return self.x * self.by


@dataclass(frozen=True)
class Arithmetic:
    """How one number comes about. `value` is worked out here from the numbers that it is said to come from.

    formula: with names. written: the same with its numbers, "" for a sum, which has `terms` and a
    `bias` instead. fed: the tensor whose numbers go in, and their places, None for all of them.
    """

    formula: str
    value: float
    written: str = ""
    terms: tuple[Term, ...] = ()
    bias: float = 0.0
    fed: tuple[str, int | None] | None = None


def arithmetic(tensors: dict[str, Tensor], weights: Weights, name: str, place: int) -> Arithmetic:
    """How number `place` of this tensor comes about, for the first context of those passed.

    `tensors` as `forward` gives them; places count along the storage, from 0. Raises KeyError for a
    name that is none of them.
    """
    numbers = {each: tensor[0].flatten().tolist() for each, tensor in tensors.items()}
    width = weights.C.shape[1]
    position, column = divmod(place, width)
    if name == "ids":
        return Arithmetic("the place of the letter in the alphabet", numbers["ids"][place])
    if name == "emb":
        row = numbers["ids"][position]
        found = float(weights.C[row, column])
        formula = f"C[ids[0, {position}], {column}]"
        return Arithmetic(formula, found, f"C[{row}, {column}]", fed=("ids", position))
    if name == "view":
        formula = f"emb[0, {position}, {column}]"
        said = f"number {place} of the same storage"
        return Arithmetic(formula, numbers["emb"][place], said, fed=("emb", place))
    if name == "hpreact":
        return _weighted("view", numbers["view"], "W1", weights.W1, "b1", weights.b1, place)
    if name == "logits":
        return _weighted("h", numbers["h"], "W2", weights.W2, "b2", weights.b2, place)
    if name == "h":
        x = numbers["hpreact"][place]
        formula = f"tanh(hpreact[0, {place}])"
        return Arithmetic(formula, math.tanh(x), f"tanh({x:+.4f})", fed=("hpreact", place))
    return _share(numbers["logits"], place) if name == "probs" else _unknown(name)


def _unknown(name: str) -> Arithmetic:
    raise KeyError(f"no tensor {name!r}; there are {', '.join(TENSORS)}")


def _weighted(
    name: str, x: list[float], W: str, weight: Tensor, b: str, bias: Tensor, column: int
) -> Arithmetic:
    terms = tuple(
        Term(f"{name}[0, {i}]", value, f"{W}[{i}, {column}]", by)
        for i, (value, by) in enumerate(zip(x, weight[:, column].tolist(), strict=True))
    )
    added = float(bias[column])
    value = math.fsum([*(term.product for term in terms), added])
    formula = f"sum over i of {name}[0, i] · {W}[i, {column}], plus {b}[{column}]"
    return Arithmetic(formula, value, terms=terms, bias=added, fed=(name, None))


def _share(logits: list[float], place: int) -> Arithmetic:
    counts = [math.exp(logit) for logit in logits]
    total = math.fsum(counts)
    return Arithmetic(
        f"exp(logits[0, {place}]) / sum over j of exp(logits[0, j])",
        counts[place] / total,
        f"exp({logits[place]:+.4f}) / {total:.4f} = {counts[place]:.4f} / {total:.4f}",
        fed=("logits", None),
    )


@dataclass(frozen=True)
class Joined:
    """What a way of joining the rows of a context gives: whether in the storage of emb, and the seconds."""

    way: str
    shared: bool
    seconds: float


def joined_timed(emb: Tensor, *, repeats: int = 7) -> Iterator[Joined]:
    """`view` and `cat` of (n, block, embedding), each timed now: the quickest of so many tries."""
    ways: dict[str, Callable[[], Tensor]] = {
        "emb.view(n, -1)": lambda: emb.view(len(emb), -1),
        "torch.cat(emb.unbind(1), dim=1)": lambda: torch.cat(emb.unbind(1), dim=1),
    }
    for way, join in ways.items():
        spent = []
        for _ in range(repeats):
            began = perf_counter()
            made = join()
            spent.append(perf_counter() - began)
        yield Joined(way, made.data_ptr() == emb.data_ptr(), min(spent))
