"""Names to examples: the course's exact figures, and a slow twin for any alphabet and block size."""

from collections import Counter
from itertools import pairwise
from time import perf_counter

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from makemore.data.examples import SPLITS, Dataset, Examples, Split, count, count_pairs, windows
from makemore.data.name_lists import parse_names
from makemore.data.vocabulary import UnknownLetterError, Vocabulary

names_of_any_alphabet = st.lists(
    st.text(st.characters(exclude_characters=".", exclude_categories=["Cs"]), max_size=12),
    min_size=1,
    max_size=12,
).filter(lambda names: 1 <= len(set("".join(names))) <= 200)


def slow_windows(
    names: tuple[str, ...], vocabulary: Vocabulary, block_size: int
) -> list[tuple[list[int], int]]:
    """The lecture's loop: a context that a letter is pushed into, one after the other."""
    examples = []
    for name in names:
        context = [0] * block_size
        for target in [*vocabulary.encode(name), 0]:
            examples.append((context, target))
            context = [*context[1:], target]
    return examples


def listed(examples: Examples) -> list[tuple[list[int], int]]:
    return list(zip(examples.contexts.tolist(), examples.targets.tolist(), strict=True))


def test_the_worked_example() -> None:
    examples = windows(("emma",), Vocabulary("aem"), 3)
    assert listed(examples) == [
        ([0, 0, 0], 2), ([0, 0, 2], 3), ([0, 2, 3], 3), ([2, 3, 3], 1), ([3, 3, 1], 0),
    ]  # fmt: skip
    assert examples.contexts.dtype == examples.targets.dtype == torch.int64


@given(names_of_any_alphabet, st.integers(1, 17))
def test_windows_equal_the_lecture_loop(names: list[str], block_size: int) -> None:
    vocabulary = Vocabulary.of(names)
    examples = windows(tuple(names), vocabulary, block_size)
    assert examples.contexts.shape == (len(examples), block_size)
    assert listed(examples) == slow_windows(tuple(names), vocabulary, block_size)


@given(names_of_any_alphabet, st.integers(1, 17))
def test_a_tally_is_a_counter(names: list[str], block_size: int) -> None:
    examples = windows(tuple(names), Vocabulary.of(names), block_size)
    tally = count(examples)
    twin = Counter((tuple(context), target) for context, target in listed(examples))
    contexts = [tuple(context) for context in tally.contexts.tolist()]
    assert len(set(contexts)) == len(contexts)
    pairs = zip(tally.rows.tolist(), tally.targets.tolist(), tally.counts.tolist(), strict=True)
    found = [((contexts[row], target), times) for row, target, times in pairs]
    assert dict(found) == twin
    assert len(found) == len(twin)
    often = Counter(tuple(context) for context, _ in listed(examples))
    assert dict(zip(contexts, tally.weights.tolist(), strict=True)) == often


@given(names_of_any_alphabet, st.integers(1, 5))
def test_pairs_are_counted_as_a_counter_counts_them(names: list[str], block_size: int) -> None:
    """Whatever the block size: the letter before is the last one in view."""
    vocabulary = Vocabulary.of(names)
    counts = count_pairs(windows(tuple(names), vocabulary, block_size), len(vocabulary))
    twin = Counter(pair for name in names for pair in pairwise(["", *name, ""]))
    assert counts.shape == (len(vocabulary), len(vocabulary))
    assert counts.dtype == torch.int64
    letters = ["", *vocabulary.characters]
    found = {
        (letters[row], letters[column]): int(counts[row, column])
        for row, column in counts.nonzero().tolist()
    }
    assert found == twin


def test_no_examples_are_no_pairs() -> None:
    nothing = torch.zeros(0, dtype=torch.int64)
    assert count_pairs(Examples(nothing[:, None], nothing), 3).equal(torch.zeros(3, 3).long())


@pytest.mark.parametrize("wrong", ["emil", "e.m", "éma", "\udcff", "ann\n"])
def test_a_letter_that_the_vocabulary_lacks(wrong: str) -> None:
    with pytest.raises(UnknownLetterError, match="the known ones are aem"):
        windows(("emma", wrong), Vocabulary("aem"), 3)


SIZES: dict[Split, tuple[int, int]] = {
    "train": (25_626, 182_625), "dev": (3_203, 22_655), "test": (3_204, 22_866),
    "all": (32_033, 228_146),
}  # fmt: skip


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("block_size", [1, 3, 8])
def test_split_sizes(real: Dataset, split: Split, block_size: int) -> None:
    names, examples = SIZES[split]
    assert len(real.names(split)) == names
    assert len(real.examples(split, block_size)) == examples
    assert real.sizes[split] == examples


def test_the_splits_are_the_whole_list_once(real: Dataset) -> None:
    parts = [name for split in SPLITS[:3] for name in real.names(split)]
    assert tuple(parts) == real.names("all")
    assert sorted(parts) == sorted(real.name_list.names)


def test_the_lecture_shuffle(real: Dataset) -> None:
    """The published split begins with these names."""
    assert real.names("train")[:8] == (
        "yuheng", "diondre", "xavien", "jori", "juanluis", "erandi", "phia", "samatha",
    )  # fmt: skip


def test_names_that_stand_in_train_and_dev(real: Dataset) -> None:
    train = set(real.names("train"))
    assert sum(name in train for name in real.names("dev")) == 424


def test_pair_counts(real: Dataset) -> None:
    examples = real.examples("all", 1)
    letters = real.vocabulary.letters
    counts = Counter(letters[c] + letters[t] for [c], t in listed(examples))
    table = count_pairs(examples, len(letters))
    assert {letters[i] + letters[j]: int(table[i, j]) for i, j in table.nonzero()} == counts
    assert sum(counts.values()) == 228_146
    assert len(counts) == 627
    published = {"n.": 6763, "a.": 6640, "an": 5438, ".a": 4410, "e.": 3983, "ar": 3264}
    assert {pair: counts[pair] for pair in published} == published
    assert counts.most_common(6) == list(published.items())


@pytest.mark.parametrize(("block_size", "distinct"), [(1, 27), (2, 595), (3, 5_438), (8, 50_457)])
def test_distinct_contexts_of_train(real: Dataset, block_size: int, distinct: int) -> None:
    assert len(real.examples("train", block_size).tally.contexts) == distinct


def test_all_windows_at_once_and_how_long_that_takes(real: Dataset) -> None:
    started = perf_counter()
    every = windows(real.names("all"), real.vocabulary, 8)
    print(f"windows of all names: {perf_counter() - started:.2f} s, aim 0.3 s")
    assert len(every) == 228_146


def test_examples_are_made_once(real: Dataset) -> None:
    assert real.examples("dev", 5) is real.examples("dev", 5)


def test_a_list_of_another_alphabet_with_a_given_vocabulary() -> None:
    greek = parse_names("άννα\nζωή\n" * 10, "greek.txt")
    assert Dataset(greek).vocabulary.characters == "άήαζνω"
    with pytest.raises(UnknownLetterError):
        Dataset(greek, Vocabulary("abc")).examples("train", 3)


@pytest.mark.parametrize("names", [10, 11, 19])
def test_the_smallest_lists_fill_every_split(names: int) -> None:
    dataset = Dataset(parse_names("anna\n" * names, "x"))
    assert all(dataset.names(split) for split in SPLITS)
