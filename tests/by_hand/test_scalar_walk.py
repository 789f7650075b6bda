"""The walk through a graph of numbers, edge by edge, ends at what torch finds; so does the difference quotient."""

from math import isnan

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from makemore.by_hand.scalar_autograd import Number, neuron
from makemore.by_hand.scalar_walk import difference_quotient, edges_back, walk_back

NAMES = ("x1", "w1", "x2", "w2", "b")
numbers = st.floats(-3, 3, allow_nan=False)
some_inputs = st.fixed_dictionaries(dict.fromkeys(NAMES, numbers))


def torch_gradients(inputs: dict[str, float], *, shared: bool) -> dict[str, float]:
    leaves = {n: torch.tensor(v, dtype=torch.float64).requires_grad_() for n, v in inputs.items()}
    x1, w1, x2, w2, b = (leaves[name] for name in NAMES)
    torch.tanh(w1 * x1 + w2 * (x1 if shared else x2) + b).backward()
    return {name: float(leaf.grad) for name, leaf in leaves.items() if leaf.grad is not None}


def by_name(root: Number) -> dict[str, float]:
    return {number.name: number.gradient for number in root.ordered()}


@given(numbers, numbers)
def test_a_number_that_is_used_several_times_adds_its_gradients_up(a: float, b: float) -> None:
    x, y = Number(a), Number(b)
    (x * x * y + x + (x * y).tanh() * x).backward()
    s, t = (torch.tensor(v, dtype=torch.float64).requires_grad_() for v in (a, b))
    (s * s * t + s + (s * t).tanh() * s).backward()
    assert s.grad is not None
    assert t.grad is not None
    assert (x.gradient, y.gradient) == pytest.approx((float(s.grad), float(t.grad)), abs=1e-12)


@given(some_inputs, st.booleans())
def test_the_whole_walk_is_the_backward_pass(inputs: dict[str, float], shared: bool) -> None:
    one, other = neuron(inputs, shared=shared), neuron(inputs, shared=shared)
    one.backward()
    edges = walk_back(other, 9)
    assert len(edges) == 9
    assert by_name(other) == by_name(one)


@pytest.mark.parametrize("done", range(10))
def test_a_part_of_the_walk_has_reached_where_its_edges_lead(done: int) -> None:
    root = neuron(dict.fromkeys(NAMES, 0.5))
    edges = walk_back(root, done)
    reached = {"o", *(edge.part.name for edge in edges[:done])}
    assert {name for name, gradient in by_name(root).items() if not isnan(gradient)} == reached


def test_an_edge_is_walked_only_when_the_gradient_that_it_passes_on_is_whole() -> None:
    x = Number(2.0, "x")
    y = (x * x).named("y")
    z = (y + y * x).named("z")
    edges = edges_back(z)
    for place, edge in enumerate(edges):
        assert all(later.part is not edge.made for later in edges[place:])


@given(some_inputs)
def test_overwriting_leaves_what_came_last_on_the_edges(inputs: dict[str, float]) -> None:
    root = neuron(inputs, shared=True)
    edges = walk_back(root, 9, added=False)
    ways = [edge.passed for edge in edges if edge.part.name == "x1"]
    assert len(ways) == 2
    assert by_name(root)["x1"] == ways[-1]
    right = torch_gradients(inputs, shared=True)
    assert sum(ways) == pytest.approx(right["x1"], rel=1e-12, abs=1e-15)
    for name in ("w1", "w2", "b"):  # used once: the bug does not show
        assert by_name(root)[name] == pytest.approx(right[name], rel=1e-12, abs=1e-15)


@given(some_inputs, st.sampled_from(NAMES))
def test_the_difference_quotient_comes_to_the_gradient(inputs: dict[str, float], name: str) -> None:
    quotient = difference_quotient(inputs, name, 1e-6)
    assert quotient == pytest.approx(torch_gradients(inputs, shared=False)[name], abs=1e-4)
