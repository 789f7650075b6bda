"""The graph of single numbers against torch."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from makemore.by_hand.scalar_autograd import Number, neuron

NAMES = ("x1", "w1", "x2", "w2", "b")
NUMBERS = st.floats(-3, 3, allow_subnormal=False)


@settings(max_examples=30, deadline=None)
@given(st.tuples(*[NUMBERS] * 5), st.booleans())
def test_a_neuron_has_the_gradients_of_torch(numbers: tuple[float, ...], shared: bool) -> None:
    inputs = dict(zip(NAMES, numbers, strict=True))
    own = neuron(inputs, shared=shared)
    own.backward()
    leaves = {
        name: torch.tensor(value, dtype=torch.float64, requires_grad=True)
        for name, value in inputs.items()
    }
    second = leaves["x1"] if shared else leaves["x2"]
    theirs = torch.tanh(leaves["w1"] * leaves["x1"] + leaves["w2"] * second + leaves["b"])
    theirs.backward()
    assert own.value == pytest.approx(theirs.item(), abs=1e-12)
    for number in own.ordered():
        if number.name in NAMES:
            slope = leaves[number.name].grad
            assert slope is not None
            assert number.gradient == pytest.approx(slope.item(), abs=1e-12)


def test_the_gradients_of_a_number_that_is_used_twice_add_up() -> None:
    a = Number(3.0)
    (a * a + a).backward()
    assert a.gradient == 7.0  # 2·3 + 1


def test_walking_back_again_begins_anew() -> None:
    a = Number(3.0)
    root = a * a
    root.backward()
    root.backward()
    assert a.gradient == 6.0


def test_every_number_comes_after_what_it_was_made_of() -> None:
    names = [number.name for number in neuron(dict.fromkeys(NAMES, 0.5)).ordered()]
    assert sorted(names) == sorted([*NAMES, "w1·x1", "w2·x2", "sum", "n", "o"])
    assert names[-2:] == ["n", "o"]
