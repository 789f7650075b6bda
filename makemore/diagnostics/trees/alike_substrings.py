"""What substrings of names have in common, in words. Knows no model: it looks at letters alone."""

import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache

from makemore.data.vocabulary import DOT, kind

MOST = 0.75  # of the substrings must share it, or it is not said
RARE = 2.0  # times as frequent among them as in all of the data, or it says nothing
BLANK = "_"
SIGNS = {"vowel": "V", "consonant": "C", "dot": DOT}


@lru_cache(maxsize=2**16)
def pattern(letters: str) -> str:
    """bell -> CVCC, with the dots as they are."""
    return "".join(map(_sign, letters))


@cache
def _sign(letter: str) -> str:
    return SIGNS[kind(letter)]


def mask(letters: str, others: Sequence[str]) -> str:
    """The letters that at least three quarters of the others have at the same place; _ elsewhere.

    Taken up one by one, the most frequent first, as long as enough of the others have them all.
    """
    places = range(len(letters))
    often = {i: sum(other[i] == letters[i] for other in others) for i in places}
    kept: list[int] = []
    for i in sorted(places, key=lambda i: (-often[i], -i)):
        if sum(all(o[j] == letters[j] for j in (*kept, i)) for o in others) >= MOST * len(others):
            kept.append(i)
    return "".join(letters[i] if i in kept else BLANK for i in places)


def fits(masked: str, letters: str) -> bool:
    """Whether the letters agree with a mask."""
    return all(m in (BLANK, letter) for m, letter in zip(masked, letters, strict=True))


def _matcher(masked: str) -> Callable[[str], object]:
    """The same for very many: `re` looks at them ten times as fast."""
    text = "".join("." if m == BLANK else re.escape(m) for m in masked)
    return re.compile(text, re.DOTALL).fullmatch


def shared(
    letters: str, others: Sequence[str], everything: Sequence[str]
) -> tuple[str, int, float]:
    """What the others share with these letters: (words, how many of them, share of everything).

    Words are empty where nothing stands out: it must hold for three quarters of the others and be
    at least twice as frequent among them as in everything.
    """
    masked = mask(letters, others)
    if masked.strip(BLANK + DOT):
        found = sum(fits(masked, other) for other in others)
        share = len(list(filter(_matcher(masked), everything))) / len(everything)
        if found / len(others) >= RARE * share:
            return _said(masked), found, share
    signs = pattern(letters)
    found = sum(pattern(other) == signs for other in others)
    share = sum(pattern(each) == signs for each in everything) / len(everything)
    if found >= MOST * len(others) and found / len(others) >= RARE * share:
        return f"have the same pattern of vowels and consonants, {signs}", found, share
    return "", 0, 0.0


def _said(masked: str) -> str:
    inner = masked.strip(BLANK)
    if BLANK not in masked:
        return f"are {masked}"
    if BLANK not in inner and masked.endswith(inner):
        return f"end in {inner}"
    if BLANK not in inner and masked.startswith(inner):
        return f"start with {inner}"
    return f"have the same letters at the places {masked}"
