"""What substrings share, in words that are computed and never guessed."""

import pytest

from makemore.diagnostics.trees import alike_substrings

ALL = [
    "anna",
    "bell",
    "cell",
    "dora",
    "emma",
    "fell",
    "tell",
    "well",
    "yell",
    "mira",
    "nico",
    "otto",
    "paul",
    "kurt",
    "lars",
    "nora",
    "olga",
    "rosa",
]


@pytest.mark.parametrize(
    ("letters", "others", "words", "count"),
    [
        ("bell", ["cell", "fell", "tell", "well"], "end in ell", 4),
        ("bell", ["cell", "fell", "tell", "dora"], "end in ell", 3),
        ("mira", ["dora", "nico"], "have the same pattern of vowels and consonants, CVCV", 2),
        ("anna", ["bell", "dora", "nico", "otto"], "", 0),
    ],
)
def test_only_what_three_quarters_share_is_said(
    letters: str, others: list[str], words: str, count: int
) -> None:
    assert alike_substrings.shared(letters, others, ALL)[:2] == (words, count)


def test_what_is_common_everywhere_is_not_said() -> None:
    everything = ["xa", "ya", "za", "wa"]
    assert alike_substrings.shared("xa", ["ya", "za"], everything)[0] == ""


def test_the_share_of_everything_is_counted() -> None:
    assert alike_substrings.shared("bell", ["cell", "fell"], ALL)[2] == pytest.approx(6 / 18)


@pytest.mark.parametrize(
    ("letters", "others", "mask"),
    [
        ("abcd", ["abxx", "abyy"], "ab__"),
        ("abcd", ["xbcx", "ybcy"], "_bc_"),
        ("abcd", ["wxyz"], "____"),
        ("..ab", ["..cb", "..db"], ".._b"),
    ],
)
def test_masks(letters: str, others: list[str], mask: str) -> None:
    assert alike_substrings.mask(letters, others) == mask


def test_pattern_keeps_the_dots() -> None:
    assert alike_substrings.pattern("..béla") == "..CVCV"
