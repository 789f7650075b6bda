"""Counted contexts against a twin that is written with dictionaries, and the figures of the course's list."""

import math
from collections import Counter, defaultdict

import pytest
import torch

from makemore.by_hand import ngrams
from makemore.by_hand.ngrams import Order
from makemore.data.examples import Dataset, Split

Pairs = list[tuple[str, str]]


def pairs(dataset: Dataset, split: Split, letters: int) -> Pairs:
    """Context and target of every example, as text."""
    padded = [("." * letters + name + ".", name) for name in dataset.names(split)]
    return [
        (text[i : i + letters], text[i + letters])
        for text, name in padded
        for i in range(len(name) + 1)
    ]


class Twin:
    """The interpolated model as it is written down: one dictionary of followers a context and order."""

    def __init__(self, train: Pairs, longest: int, size: int) -> None:
        self.size = size
        self.after: list[dict[str, Counter[str]]] = [
            defaultdict(Counter) for _ in range(longest + 1)
        ]
        for context, target in train:
            for letters in range(longest + 1):
                self.after[letters][context[longest - letters :]][target] += 1

    def probability(self, context: str, target: str) -> float:
        shorter = self.probability(context[1:], target) if context else 1 / self.size
        followers = self.after[len(context)].get(context)
        if not followers:
            return shorter
        total = followers.total()
        freed = ngrams.DISCOUNT * len(followers) / total
        return max(followers[target] - ngrams.DISCOUNT, 0) / total + freed * shorter

    def entropy(self, letters: int) -> float:
        parts = [
            n * math.log(n / followers.total())
            for followers in self.after[letters].values()
            for n in followers.values()
        ]
        return -math.fsum(parts) / self.after[0][""].total()


def check(found: tuple[Order, ...], dataset: Dataset) -> None:
    longest, size = len(found), len(dataset.vocabulary)
    twin = Twin(pairs(dataset, "train", longest), longest, size)
    dev = pairs(dataset, "dev", longest)
    for order in found:
        n, rows = order.letters, twin.after[order.letters]
        losses = [-math.log(twin.probability(c[longest - n :], t)) for c, t in dev]
        assert order.dev == pytest.approx(math.fsum(losses) / len(losses), abs=1e-9)
        assert order.floor == pytest.approx(twin.entropy(n), abs=1e-9)
        assert (order.rows, order.seen) == (size**n, len(rows))
        assert order.once == sum(followers.total() == 1 for followers in rows.values())
        unseen = sum(c[longest - n :] not in rows for c, _ in dev) / len(dev)
        assert order.unseen == pytest.approx(unseen)


@pytest.fixture(scope="module")
def counted(real: Dataset) -> tuple[Order, ...]:
    return ngrams.orders(real)


def test_the_counts_are_those_of_dictionaries(few: Dataset) -> None:
    check(ngrams.orders(few), few)


def test_the_counts_of_the_course_are_those_of_dictionaries(
    counted: tuple[Order, ...], real: Dataset
) -> None:
    check(counted[:5], real)  # with the context cut, all shorter orders are in it


def test_the_printed_figures(counted: tuple[Order, ...]) -> None:
    seen = {order.letters: order.seen for order in counted}
    assert [seen[n] for n in (1, 2, 3, 8)] == [27, 595, 5_438, 50_457]
    floors = {order.letters: f"{order.floor:.3f}" for order in counted}
    assert [floors[n] for n in (1, 2, 3, 8)] == ["2.454", "2.183", "1.869", "1.412"]
    dev = [f"{order.dev:.3f}" for order in counted[:5]]
    assert dev == ["2.453", "2.224", "2.088", "2.058", "2.105"]


def test_sorted_keys_are_numbered_as_those_of_a_table(
    few: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_table = ngrams.orders(few)
    monkeypatch.setattr(ngrams, "DENSE", -1)
    assert ngrams.orders(few) == by_table


def test_how_often_contexts_are_seen() -> None:
    counted = torch.tensor([[0, 1], [1, 2], [0, 1]])
    assert ngrams.times_seen(counted, torch.tensor([[0, 1], [2, 1]])) == [2, 0]
