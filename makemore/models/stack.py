"""A net as a list of bricks, on paper: shapes, weights, code; where a stack does not fit, and why. Builds none."""

from collections.abc import Sequence
from dataclasses import dataclass

from makemore.config import ConfigError

SIZED = {"Embedding": (1, 64), "FlattenConsecutive": (1, 16), "Linear": (1, 512)}
PLAIN = ("BatchNorm1d", "Tanh")
KINDS = (*SIZED, *PLAIN)
MOST_BRICKS, MOST_WEIGHTS = 40, 1_000_000


class StackError(ConfigError):
    """A stack does not fit. `place` is the brick (from 1) at which that shows; `laid` are those before."""

    def __init__(self, place: int, why: str, laid: "Sequence[Laid]" = ()) -> None:
        super().__init__(f"brick {place}: {why}")
        self.place, self.why, self.laid = place, why, tuple(laid)

    def __reduce__(self) -> "tuple[type[StackError], tuple[int, str, tuple[Laid, ...]]]":
        """To another process go all three parts, not only the message."""
        return StackError, (self.place, self.why, self.laid)


@dataclass(frozen=True)
class Brick:
    """One module: its kind and, for the first three of KINDS, what it gives (numbers, or joins)."""

    kind: str
    size: int = 0

    def __str__(self) -> str:
        return f"{self.kind} {self.size}" if self.kind in SIZED else self.kind


@dataclass(frozen=True)
class Laid:
    """A brick in its place: the shapes of one example before and after it, its weights, its code."""

    brick: Brick
    before: tuple[int, ...]
    after: tuple[int, ...]
    weights: int
    code: str


def parse(text: str) -> tuple[Brick, ...]:
    """`Embedding 10, FlattenConsecutive 8, Linear 27` as bricks. Raises StackError."""
    parts = [part.split() for part in text.split(",") if part.strip()]
    if len(parts) > MOST_BRICKS:
        raise StackError(
            MOST_BRICKS + 1, f"a stack has at most {MOST_BRICKS} bricks; take some out"
        )
    return tuple(_brick(place, words) for place, words in enumerate(parts, 1))


def _brick(place: int, words: list[str]) -> Brick:
    kind, *size = words
    if kind not in KINDS:
        raise StackError(place, f"unknown kind {kind!r:.40}; known ones: {', '.join(KINDS)}")
    if kind in PLAIN:
        if size:
            raise StackError(place, f"{kind} takes no number; leave it out")
        return Brick(kind)
    low, high = SIZED[kind]
    digits = size[0] if len(size) == 1 and size[0].isascii() and size[0].isdigit() else ""
    if not digits or not low <= int(digits[:9]) <= high:
        raise StackError(place, f"{kind} needs a whole number from {low} to {high}")
    return Brick(kind, int(digits))


def write(bricks: Sequence[Brick]) -> str:
    """The text that `parse` reads."""
    return ", ".join(map(str, bricks))


def laid(bricks: Sequence[Brick], block_size: int, vocab_size: int) -> list[Laid]:
    """Walk through the shapes of one example without computing anything. Raises StackError."""
    found: list[Laid] = []
    for place, brick in enumerate(bricks, 1):
        before = found[-1].after if found else (block_size,)
        joined = any(each.brick.kind == "FlattenConsecutive" for each in found)
        why = _misfit(brick, before, first=place == 1, joined=joined)
        if why:
            raise StackError(place, why, found)
        follows = bricks[place].kind if place < len(bricks) else ""
        found.append(_lay(brick, before, vocab_size, bias=follows != "BatchNorm1d"))
    _check_end(found, vocab_size)
    return found


def _misfit(brick: Brick, before: tuple[int, ...], *, first: bool, joined: bool) -> str:
    """Why a brick cannot stand after numbers of this shape; empty if it can."""
    if first != (brick.kind == "Embedding"):
        return (
            f"{brick.kind} gets the ids of letters, which only Embedding takes; put Embedding first"
            if first
            else "Embedding takes ids of letters, but here come numbers; it stands first, and once"
        )
    if brick.kind == "FlattenConsecutive":
        if len(before) == 1:
            return "no positions are left to join; take this FlattenConsecutive out"
        if before[0] % brick.size:
            return (
                f"{before[0]} positions cannot be joined {brick.size} at a time; use a number that "
                f"divides {before[0]}"
            )
    if (
        brick.kind == "BatchNorm1d" and not joined
    ):  # a plan knows how often nodes occur, not letters
        return "BatchNorm1d is offered after a FlattenConsecutive only; move it behind one"
    return ""


def _lay(brick: Brick, before: tuple[int, ...], vocab_size: int, *, bias: bool) -> Laid:
    kind, size = brick.kind, brick.size
    if kind == "Embedding":
        code = f"Embedding({vocab_size}, {size})"
        return Laid(brick, before, (*before, size), vocab_size * size, code)
    if kind == "FlattenConsecutive":
        rest = before[0] // size
        after = (rest, before[1] * size) if rest > 1 else (before[1] * size,)
        return Laid(brick, before, after, 0, f"FlattenConsecutive({size})")
    if kind == "Linear":
        weights = before[-1] * size + (size if bias else 0)
        code = f"Linear({before[-1]}, {size}{'' if bias else ', bias=False'})"
        return Laid(brick, before, (*before[:-1], size), weights, code)
    features = before[-1]
    if kind == "BatchNorm1d":
        return Laid(brick, before, before, 2 * features, f"BatchNorm1d({features})")
    return Laid(brick, before, before, 0, "Tanh()")


def _check_end(found: list[Laid], vocab_size: int) -> None:
    if not found:
        raise StackError(1, "there is no brick; a net begins with Embedding", found)
    place, after = len(found), found[-1].after
    if len(after) > 1:
        raise StackError(
            place,
            f"{after[0]} positions are left at the end, but there is one letter to guess; join them "
            "with FlattenConsecutive",
            found,
        )
    if after[0] != vocab_size:
        raise StackError(
            place,
            f"the net ends in {after[0]} numbers, but a guess needs {vocab_size}, one a letter; end "
            f"with Linear {vocab_size}",
            found,
        )
    weights = sum(each.weights for each in found)
    if weights > MOST_WEIGHTS:
        raise StackError(
            place, f"{weights:,} weights; the limit is {MOST_WEIGHTS:,}. Make it narrower", found
        )


def code(found: Sequence[Laid]) -> str:
    """The Python that builds the same net."""
    lines = [f"    {each.code}," for each in found]
    return "\n".join(["net = nn.Sequential(", *lines, ")"])


def tree(letters: int, levels: int = 3, embedding: int = 10, hidden: int = 68) -> str:
    """The bricks of a WaveNet."""
    level = [Brick("FlattenConsecutive", 2), Brick("Linear", hidden), *map(Brick, PLAIN)]
    return write([Brick("Embedding", embedding), *level * levels, Brick("Linear", letters)])
