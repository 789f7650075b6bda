"""The floor of a loss: entropies counted by hand, and no distribution that gets below."""

import math
from collections import Counter, defaultdict

import pytest
import torch

from makemore.data.examples import Dataset, windows
from makemore.diagnostics.losses.few_answers import (
    ambiguous_contexts,
    conditional_entropy,
    first_examples,
)


def counted(names: tuple[str, ...], number: int) -> dict[str, Counter[str]]:
    """By context of three letters how often each letter follows, without any tensor."""
    pairs = []
    for name in names:
        text = f"...{name}."
        pairs += [(text[i - 3 : i], text[i]) for i in range(3, len(text))]
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for context, letter in pairs[:number]:
        found[context][letter] += 1
    return found


@pytest.mark.parametrize("number", [16, 32, 64, 128])
def test_the_floor_is_the_entropy_of_what_follows(number: int, real: Dataset) -> None:
    names = real.name_list.names[:number]
    some = first_examples(windows(names, real.vocabulary, 3), number)
    floor, table = 0.0, counted(names, number)
    for letters in table.values():
        total = sum(letters.values())
        floor -= sum(n * math.log(n / total) for n in letters.values()) / number
    assert conditional_entropy(some.tally) == pytest.approx(floor, abs=1e-9)
    rows = ambiguous_contexts(some.tally, real.vocabulary)
    wanted = {context: set(letters) for context, letters in table.items() if len(letters) > 1}
    answers = [set(str(told).split()) for told in rows["answers"]]
    found = dict(zip(rows["context"], answers, strict=True))
    assert found == wanted
    assert rows["nats"].sum() == pytest.approx(floor, abs=1e-9)
    assert rows["nats"].is_monotonic_decreasing


def test_the_first_five_names_are_32_examples_with_one_doubt(real: Dataset) -> None:
    names = real.name_list.names[:5]
    whole = windows(names, real.vocabulary, 3)
    assert len(whole) == 32
    assert conditional_entropy(whole.tally) == pytest.approx(5 * math.log(5) / 32)
    assert ambiguous_contexts(whole.tally, real.vocabulary)["context"].tolist() == ["..."]


def test_no_distribution_gets_below_the_floor(few: Dataset) -> None:
    tally = few.examples("train", 2).tally
    floor = conditional_entropy(tally)
    generator = torch.Generator().manual_seed(5)
    shares = torch.zeros(len(tally.contexts), 30, dtype=torch.float64)
    shares[tally.rows, tally.targets] = tally.counts / tally.weights[tally.rows].double()
    for strength in (0.0, 0.01, 0.3):
        noise = torch.rand(shares.shape, generator=generator, dtype=torch.float64)
        guess = (1 - strength) * shares + strength * noise / noise.sum(dim=1, keepdim=True)
        loss = -(tally.counts * guess[tally.rows, tally.targets].log()).sum() / tally.counts.sum()
        assert float(loss) >= floor - 1e-12
