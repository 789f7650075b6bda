"""A net as a list of bricks, on paper: shapes, weights, code; where a stack does not fit, and why. Builds none."""

from collections.abc import Sequence

from makemore.models.brick_kinds import Brick, Laid, StackError, kind_of

MOST_BRICKS, MOST_WEIGHTS = 40, 1_000_000


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
    digits = size[0] if len(size) == 1 and size[0].isascii() and size[0].isdigit() else ""
    number = int(digits) if 0 < len(digits) < 10 else 0
    return checked(Brick(kind, number or -1 if size else 0), place)


def checked(brick: Brick, place: int) -> Brick:
    """The same, if its kind is known and its number one that the kind takes. Raises StackError."""
    sizes = kind_of(brick, place).sizes
    if sizes is None and brick.size:
        raise StackError(place, f"{brick.kind} takes no number; leave it out")
    if sizes is not None and not sizes[0] <= brick.size <= sizes[1]:
        low, high = sizes
        raise StackError(place, f"{brick.kind} needs a whole number from {low} to {high}")
    return brick


def write(bricks: Sequence[Brick]) -> str:
    """The text that `parse` reads. Raises StackError."""
    return ", ".join(str(checked(brick, place)) for place, brick in enumerate(bricks, 1))


def laid(bricks: Sequence[Brick], block_size: int, vocab_size: int) -> list[Laid]:
    """Walk through the shapes of one example without computing anything. Raises StackError."""
    kinds = [kind_of(checked(brick, place), place) for place, brick in enumerate(bricks, 1)]
    found: list[Laid] = []
    for place, brick in enumerate(bricks, 1):
        before = found[-1].after if found else (block_size,)
        bias = not any(kind.centres for kind in kinds[place : place + 1])
        here = Laid(brick, place, before, vocab_size, bias)
        if why := _misfit(here):
            raise StackError(place, why, found)
        found.append(here)
    _check_end(found, vocab_size)
    return found


def _misfit(here: Laid) -> str:
    """Why a brick cannot stand in its place; empty if it can."""
    name, first = here.brick.kind, here.place == 1
    if here.kind.ids is first:
        return here.kind.misfit(here)
    if first:
        return f"{name} gets the ids of letters, which only Embedding takes; put Embedding first"
    return f"{name} takes ids of letters, but here come numbers; it stands first, and once"


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
    level = f"FlattenConsecutive 2, Linear {hidden}, BatchNorm1d, Tanh, "
    return f"Embedding {embedding}, {level * levels}Linear {letters}"


def deep(
    letters: int,
    *,
    depth: int = 5,
    block: int = 3,
    embedding: int = 10,
    hidden: int = 100,
    activation: str = "Tanh",
    norm: bool = False,
) -> str:
    """The bricks of a deep flat net: so many hidden layers, each with its activation, perhaps batch norm.

    Source: "Building makemore" part 3, the net that its four diagnostic charts are drawn of.
    """
    layer = f"Linear {hidden}, {'BatchNorm1d, ' if norm else ''}{activation}, "
    return f"Embedding {embedding}, FlattenConsecutive {block}, {layer * depth}Linear {letters}"
