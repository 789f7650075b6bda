"""Turns characters into ids and back; id 0 is the dot. Knows nothing of files, tensors or models."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

DOT = "."
MAX_LETTERS = 200
VOWELS = frozenset("aeiouy")


class UnknownLetterError(ValueError):
    """A name holds a letter that the vocabulary lacks; the message names both."""


@dataclass(frozen=True)
class Vocabulary:
    """The alphabet of a name list: `characters` without the dot, sorted, each once.

    Raises ValueError when a character repeats, is the dot, or there are more than 200.
    """

    characters: str

    def __post_init__(self) -> None:
        if not 1 <= len(self.characters) <= MAX_LETTERS:
            raise ValueError(
                f"an alphabet has 1 to {MAX_LETTERS} letters, this one {len(self.characters)}"
            )
        if len(set(self.characters)) != len(self.characters) or DOT in self.characters:
            raise ValueError("an alphabet holds each letter once, and never the dot")

    @classmethod
    def of(cls, names: Iterable[str]) -> "Vocabulary":
        """The sorted set of letters that occur in the names."""
        return cls("".join(sorted(set().union(*names))))

    @cached_property
    def letters(self) -> tuple[str, ...]:
        """Every character in the order of its id, the dot first."""
        return (DOT, *self.characters)

    @cached_property
    def _ids(self) -> dict[str, int]:
        return {letter: i for i, letter in enumerate(self.letters)}

    def __len__(self) -> int:
        return len(self.characters) + 1

    def encode(self, name: str) -> list[int]:
        """emma -> [5, 13, 13, 1]. Raises UnknownLetterError for a letter outside the alphabet."""
        unknown = [c for c in name if c not in self._ids or c == DOT]
        if unknown:
            first = unknown[0]
            letter = first if first.isprintable() else first.encode("unicode_escape").decode()
            raise UnknownLetterError(
                f"the letter “{letter}” is unknown here; the known ones are {self.characters}"
            )
        return [self._ids[c] for c in name]

    def decode(self, ids: Iterable[int]) -> str:
        """[5, 13, 13, 1] -> emma. Raises IndexError for an id outside the vocabulary."""
        return "".join(map(self.letters.__getitem__, ids))

    def fold(self, text: str) -> str:
        """What somebody typed, without outer blanks, composed, and in the case that this alphabet knows."""
        text = unicodedata.normalize("NFC", text).strip()
        known = set(self.characters)
        return "".join(c.lower() if c not in known and c.lower() in known else c for c in text)

    def simplify(self, text: str) -> str:
        """What is left of a text in this alphabet: Zoë -> zoe, O'Brien -> obrien; "" if letters would be lost.

        Accents go, signs that join names go, and letters that are two elsewhere are written as two.
        """
        known = set(self.characters)
        kept = "".join(c if c in known else _simple(c) for c in self.fold(text))
        folded = self.fold(kept)
        return folded if set(folded) <= set(self.characters) else ""


# Letters that no accent has to be taken off, and signs within names.
_SPELLED = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ı": "i",
}
_JOINING = frozenset(" -'’‘`´.·")


def _simple(letter: str) -> str:
    """The letter without its accents, spelled out where it has none, or "" for a sign within names."""
    if letter in _JOINING:
        return ""
    spelled = _SPELLED.get(letter.lower(), letter)
    return "".join(
        c for c in unicodedata.normalize("NFKD", spelled) if not unicodedata.combining(c)
    )


def kind(letter: str) -> str:
    """vowel, consonant or dot; accents do not change the kind."""
    if letter == DOT:
        return "dot"
    base = unicodedata.normalize("NFD", letter)[0].lower()
    return "vowel" if base in VOWELS else "consonant"
