"""The kinds of bricks that a net can be put together from, and all that is known of each. Builds no net."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from torch import nn

from makemore.config import ConfigError
from makemore.layers import (
    ELU,
    BatchNorm1d,
    Embedding,
    FlattenConsecutive,
    LeakyReLU,
    Linear,
    ReLU,
    Sigmoid,
    Tanh,
)

Shape = tuple[int, ...]  # of one example: (positions, features), or (features,) once all are joined


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
    """One module: its kind and, where that takes one, its number."""

    kind: str
    size: int = 0

    def __str__(self) -> str:
        return f"{self.kind} {self.size}" if self.size else self.kind


@dataclass(frozen=True)
class Laid:
    """A brick in its place (from 1), and the shape of one example before it; the kind tells the rest.

    All of it raises StackError for a kind that is unknown. `bias`: whether one has any effect here.
    """

    brick: Brick
    place: int
    before: Shape
    vocab_size: int
    bias: bool

    @property
    def kind(self) -> "Kind":
        """What is known about its kind."""
        return kind_of(self.brick, self.place)

    @property
    def after(self) -> Shape:
        """The shape of one example behind it."""
        return self.kind.after(self)

    @property
    def weights(self) -> int:
        """How many parameters it has."""
        return self.kind.weights(self)

    @property
    def code(self) -> str:
        """The Python that builds it."""
        options = [f"{name}={value}" for name, value in self.kind.options(self).items()]
        given = [*map(str, self.kind.arguments(self)), *options]
        return f"{self.kind.module.__name__}({', '.join(given)})"


@dataclass(frozen=True)
class Kind:
    """All that sets one kind of brick apart; a new kind is an entry in KINDS and nothing else.

    module is its class, which takes `arguments` and `options`; does says in words what it does; stem
    begins the names of its layers, and last is the name of one that ends the net, if it has its own.
    sizes are the lowest and the highest number that it takes, if any, size_is what that number says,
    and fresh the number of a new one. after, weights and misfit: the shape behind it, how many
    numbers it learns, and why it cannot stand there (empty if it can). Its matrix is drawn from
    N(0, 1) and divided by `divisor`; without one nothing is drawn. ids: it takes letters, not numbers.
    centres: it takes away the mean, and so any bias before it.
    """

    module: type[nn.Module]
    does: str
    stem: str
    last: str = ""
    sizes: tuple[int, int] | None = None
    size_is: str = ""
    fresh: int = 0
    arguments: Callable[[Laid], tuple[int, ...]] = lambda at: ()
    options: Callable[[Laid], Mapping[str, bool]] = lambda at: {}
    after: Callable[[Laid], Shape] = lambda at: at.before
    weights: Callable[[Laid], int] = lambda at: 0
    misfit: Callable[[Laid], str] = lambda at: ""
    divisor: Callable[[Laid], float] | None = None
    ids: bool = False
    centres: bool = False


def _joined(at: Laid) -> Shape:
    positions, features = at.before
    left = (positions // at.brick.size,) if positions > at.brick.size else ()
    return (*left, features * at.brick.size)


def _not_joined(at: Laid) -> str:
    if len(at.before) == 1:
        return "no positions are left to join; take this FlattenConsecutive out"
    if at.before[0] % at.brick.size:
        return (
            f"{at.before[0]} positions cannot be joined {at.brick.size} at a time; use a number that "
            f"divides {at.before[0]}"
        )
    return ""


KINDS: dict[str, Kind] = {
    "Embedding": Kind(
        Embedding,
        "looks up a row a letter",
        "embedding",
        sizes=(1, 64),
        size_is="Embedding dimension",
        fresh=10,
        arguments=lambda at: (at.vocab_size, at.brick.size),
        after=lambda at: (*at.before, at.brick.size),
        weights=lambda at: at.vocab_size * at.brick.size,
        divisor=lambda at: 1.0,
        ids=True,
    ),
    "FlattenConsecutive": Kind(
        FlattenConsecutive,
        "joins neighbours",
        "flatten",
        sizes=(1, 16),
        size_is="Positions joined",
        fresh=2,
        arguments=lambda at: (at.brick.size,),
        after=_joined,
        misfit=_not_joined,
    ),
    "Linear": Kind(
        Linear,
        "sums over the last axis",
        "linear",
        last="logits",
        sizes=(1, 512),
        size_is="Output features",
        fresh=68,
        arguments=lambda at: (at.before[-1], at.brick.size),
        options=lambda at: {} if at.bias else {"bias": False},
        after=lambda at: (*at.before[:-1], at.brick.size),
        weights=lambda at: (at.before[-1] + at.bias) * at.brick.size,
        divisor=lambda at: float(at.before[-1] ** 0.5),
    ),
    "BatchNorm1d": Kind(
        BatchNorm1d,
        "mean 0, spread 1 a feature",
        "norm",
        arguments=lambda at: (at.before[-1],),
        weights=lambda at: 2 * at.before[-1],
        centres=True,
    ),
    "Tanh": Kind(Tanh, "squeezes into −1 to 1", "tanh"),
    "Sigmoid": Kind(Sigmoid, "squeezes into 0 to 1", "sigmoid"),
    "ReLU": Kind(ReLU, "cuts off what is below 0", "relu"),
    "LeakyReLU": Kind(LeakyReLU, "shrinks what is below 0", "leaky_relu"),
    "ELU": Kind(ELU, "bends what is below 0", "elu"),
}


def kind_of(brick: Brick, place: int) -> Kind:
    """What is known about a brick's kind. Raises StackError."""
    if brick.kind not in KINDS:
        known = ", ".join(KINDS)
        raise StackError(place, f"unknown kind {brick.kind!r:.40}; known ones: {known}")
    return KINDS[brick.kind]
