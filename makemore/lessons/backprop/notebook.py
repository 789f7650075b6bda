"""The steps of pages/backprop.py as notebooks: each function's body is one. Knows no page."""


def one_neuron(
    form: str = "plain",
    edges: int = 9,
    way: str = "added",
    x1: float = 1.0,
    w1: float = -0.5,
    x2: float = 0.5,
    w2: float = 1.5,
    b: float = 0.3,
    nudge: str = "x1",
    h: float = 0.1,
) -> None:
    """The graph of one neuron, walked back edge by edge, and one input nudged."""
    from makemore.by_hand.scalar_autograd import neuron
    from makemore.by_hand.scalar_walk import difference_quotient, walk_back

    inputs = {"x1": x1, "w1": w1, "x2": x2, "w2": w2, "b": b}
    o = neuron(inputs, shared=form == "shared")
    done = walk_back(o, edges, added=way == "added")[:edges]
    for edge in done:
        print(f"{edge.made.name} back to {edge.part.name}, local derivative: {edge.slope:+.4f}")
        print(f"{edge.made.name} back to {edge.part.name}, passed on: {edge.passed:+.4f}")
    for number in o.ordered():
        print(f"value of {number.name}: {number.value:.4f}")
        if number.gradient == number.gradient:  # else the walk has not come there
            print(f"gradient of {number.name}: {number.gradient:.4f}")

    quotient = difference_quotient(inputs, nudge, h, shared=form == "shared")
    print(f"{nudge} moved by {h}, difference quotient: {quotient:+.4f}")
