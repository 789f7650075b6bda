"""The backward pass of a graph of numbers one edge at a time, right and with its classic bug. Knows no tensor."""

from dataclasses import dataclass

from makemore.by_hand.scalar_autograd import Number, neuron

NOT_REACHED = float("nan")


@dataclass(frozen=True)
class Edge:
    """One application of the chain rule: `made` passes slope · its gradient on to `part`."""

    made: Number
    part: Number
    slope: float

    @property
    def passed(self) -> float:
        """What comes back on this edge."""
        return self.slope * self.made.gradient


def edges_back(root: Number) -> list[Edge]:
    """All edges from the root back, each after all that lead to its `made`: its gradient is whole by then."""
    return [
        Edge(number, part, slope)
        for number in reversed(root.ordered())
        for part, slope in number.edges
    ]


def walk_back(root: Number, done: int, *, added: bool = True) -> list[Edge]:
    """Set the gradients after so many edges, NaN where none has come yet; return all edges.

    `added` False is the bug `=` in the place of `+=`: what came on an earlier edge is lost.
    """
    for number in root.ordered():
        number.gradient = NOT_REACHED
    root.gradient = 1.0
    edges = edges_back(root)
    for edge in edges[:done]:
        fresh = edge.part.gradient != edge.part.gradient  # NaN
        edge.part.gradient = edge.passed + (0.0 if fresh or not added else edge.part.gradient)
    return edges


def difference_quotient(
    inputs: dict[str, float], name: str, h: float, *, shared: bool = False
) -> float:
    """(o(input + h) − o(input)) / h of the neuron, for one input by name: its slope for h towards 0."""
    there = neuron({**inputs, name: inputs[name] + h}, shared=shared)
    return (there.value - neuron(inputs, shared=shared).value) / h
