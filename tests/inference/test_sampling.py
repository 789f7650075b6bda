"""Drawn names: the same for a seed, drawn from the model's own distribution, and never NaN."""

import math
from collections.abc import Callable

import pytest
import torch
from torch import Generator, Tensor

from makemore.data.examples import Dataset, windows
from makemore.data.vocabulary import Vocabulary
from makemore.inference.sampling import MAX_LENGTH, MOST_EACH, sample, sample_each
from makemore.models import MODELS, Bigram, LanguageModel, build
from tests.conftest import Start


def slow_sample(model: LanguageModel, vocabulary: Vocabulary, seed: int, temperature: float) -> str:
    """The lecture's loop for one name."""
    generator = Generator().manual_seed(seed)
    context, name = [0] * model.block_size, ""
    while True:
        logits = model(torch.tensor([context])) / temperature
        drawn = int(torch.multinomial(logits.softmax(dim=1), 1, generator=generator))
        if drawn == 0 or len(name) == MAX_LENGTH:
            return name
        context, name = [*context[1:], drawn], name + vocabulary.letters[drawn]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_one_name_is_that_of_the_lecture_loop(
    few: Dataset, start: Start, model: str, temperature: float
) -> None:
    trainer = start(model)
    list(trainer.events())
    for seed in range(5):
        [name] = sample(trainer.model, few.vocabulary, 1, seed=seed, temperature=temperature)
        slow = slow_sample(trainer.model.eval(), few.vocabulary, seed, temperature)
        assert name == slow


def own_seeds(seed: int, n: int) -> list[int]:
    """The seeds of n names, drawn one number at a time."""
    root = Generator().manual_seed(seed)
    return [int(torch.randint(2**32, (), generator=root)) for _ in range(n)]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_names_with_generators_of_their_own_are_those_of_the_lecture_loop(
    few: Dataset, start: Start, model: str, temperature: float
) -> None:
    trainer = start(model)
    list(trainer.events())
    names = sample_each(trainer.model, few.vocabulary, 12, seed=4, temperature=temperature)
    net = trainer.model.eval()
    assert names == [slow_sample(net, few.vocabulary, own, temperature) for own in own_seeds(4, 12)]
    assert len(set(names)) > 6
    assert names[:5] == sample_each(
        trainer.model, few.vocabulary, 5, seed=4, temperature=temperature
    )


def test_a_generator_draws_by_exponential_noise(real: Dataset, bigram: Bigram) -> None:
    """The letter of a draw is where probability by noise is largest, and not where an interval lies."""
    names = sample_each(bigram, real.vocabulary, 200, seed=9)
    for name, own in zip(names, own_seeds(9, 200), strict=True):
        generator, ids = Generator().manual_seed(own), [0]
        while len(ids) == 1 or ids[-1] != 0:
            noise = torch.empty(27).exponential_(generator=generator)
            ids.append(int((bigram.probabilities[ids[-1]] / noise).argmax()))
        assert name == real.vocabulary.decode(ids[1:-1])


def test_another_end_of_one_name_leaves_the_others(real: Dataset, bigram: Bigram) -> None:
    """Dot and a changed places in the row of z: names without a z stay, which `sample` does not do."""
    other = build("bigram", 27, Generator(), {"smoothing": 0})
    assert isinstance(other, Bigram)
    other.counts += bigram.counts
    other.counts[26, [0, 1]] = bigram.counts[26, [1, 0]]

    def both(draw: Callable[..., list[str]]) -> list[tuple[str, str]]:
        names = [draw(model, real.vocabulary, 200, seed=6) for model in (bigram, other)]
        return list(zip(*names, strict=True))

    assert any(a != b for a, b in both(sample_each))
    assert all(a == b for a, b in both(sample_each) if "z" not in a)
    assert any(a != b for a, b in both(sample) if "z" not in a)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("training", [True, False])
def test_an_untrained_model_draws_names_of_known_letters(
    few: Dataset, start: Start, model: str, training: bool
) -> None:
    fresh = start(model).model.train(training)
    names = sample(fresh, few.vocabulary, 25, seed=3)
    assert len(names) == 25
    assert all(len(name) <= MAX_LENGTH for name in names)
    assert set("".join(names)) <= set(few.vocabulary.characters)
    assert fresh.training is training
    assert names == sample(fresh, few.vocabulary, 25, seed=3)
    assert names != sample(fresh, few.vocabulary, 25, seed=4)


def test_sampling_leaves_the_global_generator_alone(few: Dataset, start: Start) -> None:
    before = torch.get_rng_state()
    sample(start("mlp").model, few.vocabulary, 5, seed=3)
    sample_each(start("mlp").model, few.vocabulary, 5, seed=3)
    assert torch.equal(before, torch.get_rng_state())


@pytest.fixture(scope="module")
def bigram(real: Dataset) -> Bigram:
    model = build("bigram", 27, Generator(), {"smoothing": 0})
    assert isinstance(model, Bigram)
    examples = real.examples("all", 1)
    model.count(examples.contexts, examples.targets)
    return model


def surprise(probabilities: Tensor, counts: Tensor) -> float:
    """How many standard deviations chi-square lies above its mean, over cells expected 5 times."""
    expected = probabilities * counts.sum(1, keepdim=True)
    cells = expected >= 5
    statistic = ((counts - expected)[cells] ** 2 / expected[cells]).sum().item()
    freedom = int(cells.sum()) - len(counts)
    return (statistic - freedom) / math.sqrt(2 * freedom)


@pytest.mark.parametrize("temperature", [0.7, 1.0, 1.5])
def test_names_follow_the_exact_probabilities(
    real: Dataset, bigram: Bigram, temperature: float
) -> None:
    names = sample(bigram, real.vocabulary, 20_000, seed=5, temperature=temperature)
    whole = tuple(name for name in names if len(name) < MAX_LENGTH)
    pairs = windows(whole, real.vocabulary, 1)
    drawn = torch.bincount(pairs.contexts[:, 0] * 27 + pairs.targets, minlength=27 * 27)
    counts = drawn.view(27, 27).double()
    assert not counts[bigram.counts == 0].any()  # what was never seen is never drawn

    def exact(at: float) -> Tensor:
        weights = bigram.probabilities.double() ** (1 / at)
        return weights / weights.sum(1, keepdim=True)

    assert abs(surprise(exact(temperature), counts)) < 4
    assert surprise(exact(temperature * 1.1), counts) > 20  # a tenth off would be noticed


def test_low_temperature_takes_the_likeliest(real: Dataset, bigram: Bigram) -> None:
    names = sample(bigram, real.vocabulary, 50, seed=1, temperature=1e-3)
    assert set(names) == {"a"}  # .a and a. are the likeliest of their rows


def never_ends(real: Dataset) -> LanguageModel:
    model = build("bigram_nn", 27, Generator())
    with torch.no_grad():
        for weight in model.parameters():
            weight.zero_()[:, 1] = 1000.0
    return model


@pytest.mark.parametrize(("options", "length"), [({}, MAX_LENGTH), ({"max_length": 7}, 7)])
def test_a_name_without_end_is_cut(real: Dataset, options: dict[str, int], length: int) -> None:
    for draw in (sample, sample_each):
        [name] = draw(never_ends(real), real.vocabulary, 1, seed=1, **options)
        assert name == "a" * length


def test_no_names(real: Dataset, bigram: Bigram) -> None:
    assert sample(bigram, real.vocabulary, 0, seed=1) == []
    assert sample_each(bigram, real.vocabulary, 0, seed=1) == []


@pytest.mark.parametrize("temperature", [0.0, -1.0, float("nan"), float("inf"), float("-inf")])
def test_a_bad_temperature(real: Dataset, bigram: Bigram, temperature: float) -> None:
    for draw in (sample, sample_each):
        with pytest.raises(ValueError, match=r"temperature is .*; it must be a number"):
            draw(bigram, real.vocabulary, 5, seed=1, temperature=temperature)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("temperature", [1e-320, 1e-44, 1e-5, 1e5, 1e300])
def test_any_positive_temperature_draws_or_says_why_not(
    few: Dataset, start: Start, model: str, temperature: float
) -> None:
    fresh = start(model).model
    try:
        names = sample(fresh, few.vocabulary, 3, seed=1, temperature=temperature)
    except ValueError as error:
        names = [str(error)] * 3
        assert "temperature" in names[0]
    assert len(names) == 3


@pytest.mark.parametrize("n", [-1, 10**12])
def test_a_number_of_names_that_cannot_be(real: Dataset, bigram: Bigram, n: int) -> None:
    with pytest.raises(ValueError, match=r"cannot draw|limit"):
        sample(bigram, real.vocabulary, n, seed=1)


@pytest.mark.parametrize("n", [-1, MOST_EACH + 1])
def test_a_number_of_generators_that_cannot_be(real: Dataset, bigram: Bigram, n: int) -> None:
    with pytest.raises(ValueError, match=r"cannot draw|limit"):
        sample_each(bigram, real.vocabulary, n, seed=1)


def test_a_batch_shares_one_generator_as_it_always_did(real: Dataset, bigram: Bigram) -> None:
    """A loop over letters with one generator for all, each draw for the names that go on."""
    generator = Generator().manual_seed(42)
    names, active = [""] * 20, list(range(20))
    rows = [0] * 20
    while active:
        table = bigram.probabilities[torch.tensor([rows[i] for i in active])]
        drawn = torch.multinomial(table, 1, generator=generator)[:, 0].tolist()
        for i, letter in zip(active, drawn, strict=True):
            rows[i] = letter
            names[i] += real.vocabulary.letters[letter] if letter else ""
        active = [i for i in active if rows[i]]
    assert names == sample(bigram, real.vocabulary, 20, seed=42)
