"""A graph of single numbers that knows its own derivatives: the smallest autograd. Knows no tensor.

The idea is that of micrograd (Karpathy 2020): each number remembers what it was made of, and the
gradient of each edge; walking back, a number's gradient is multiplied along each edge and added up.
"""

from dataclasses import dataclass, field
from math import tanh


@dataclass(eq=False)
class Number:
    """A value in a graph; `edges` are what it was made of, each with the local derivative."""

    value: float
    name: str = ""
    edges: "tuple[tuple[Number, float], ...]" = ()
    made_by: str = ""
    gradient: float = field(default=0.0)

    def __add__(self, other: "Number") -> "Number":
        return Number(self.value + other.value, edges=((self, 1.0), (other, 1.0)), made_by="+")

    def __mul__(self, other: "Number") -> "Number":
        edges = ((self, other.value), (other, self.value))
        return Number(self.value * other.value, edges=edges, made_by="×")

    def tanh(self) -> "Number":
        """Its slope is 1 − tanh²."""
        out = tanh(self.value)
        return Number(out, edges=((self, 1 - out**2),), made_by="tanh")

    def named(self, name: str) -> "Number":
        """The same with a name."""
        self.name = name
        return self

    def ordered(self) -> "list[Number]":
        """All that this was made of, each after what it was made of, and itself last."""
        found: dict[Number, None] = {}
        for other, _ in self.edges:
            found |= dict.fromkeys(other.ordered())
        return [*found, self]

    def backward(self) -> None:
        """Set the gradient of this by everything it was made of."""
        numbers = self.ordered()
        for number in numbers:
            number.gradient = 0.0
        self.gradient = 1.0
        for number in reversed(numbers):
            for other, slope in number.edges:
                other.gradient += slope * number.gradient  # added: it may be used twice


def neuron(inputs: dict[str, float], *, shared: bool = False) -> Number:
    """tanh(w1·x1 + w2·x2 + b) of inputs by name: x1, w1, x2, w2, b. The root of the graph, named o.

    `shared`: x1 is used twice, also in the place of x2, so that its gradient comes on two edges.
    """
    x1, w1, x2, w2, b = (Number(inputs[name], name) for name in ("x1", "w1", "x2", "w2", "b"))
    first = (w1 * x1).named("w1·x1")
    second = (w2 * x1).named("w2·x1") if shared else (w2 * x2).named("w2·x2")
    total = (first + second).named("sum")
    return (total + b).named("n").tanh().named("o")
