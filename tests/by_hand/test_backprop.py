"""The hand-written backward pass against autograd, over sizes and seeds."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.functional import cross_entropy

from makemore.by_hand.backprop import (
    ENTRIES,
    PARAMETERS,
    backward,
    forward,
    local_derivatives,
    path_gradients,
)
from makemore.by_hand.checked_gradients import autograd, check, check_all
from makemore.by_hand.entry_arithmetic import terms_of
from tests.by_hand.batches import drawn

SIZES = {"batch": st.integers(2, 40), "hidden": st.integers(1, 24), "seed": st.integers(0, 10**6)}


@settings(max_examples=12, deadline=None)
@given(**SIZES)
def test_in_float64_every_gradient_is_that_of_autograd(batch: int, hidden: int, seed: int) -> None:
    net, X, Y = drawn(batch=batch, hidden=hidden, seed=seed)
    values, theirs = autograd(net, X, Y)
    own = backward(values, X, Y)
    assert list(own) == list(reversed(ENTRIES))
    for name, gradient in own.items():
        scale = max(1.0, float(theirs[name].abs().max()))
        assert gradient.shape == values[name].shape
        torch.testing.assert_close(gradient, theirs[name], rtol=1e-10, atol=1e-10 * scale)


@settings(max_examples=12, deadline=None)
@given(**SIZES)
def test_in_float32_they_agree_to_rounding(batch: int, hidden: int, seed: int) -> None:
    net, X, Y = drawn(batch=batch, hidden=hidden, seed=seed, dtype=torch.float32)
    exact = backward(forward(drawn(batch=batch, hidden=hidden, seed=seed)[0], X, Y), X, Y)
    for name, gradient in backward(forward(net, X, Y), X, Y).items():
        scale = max(1.0, *(float(each.abs().max()) for each in exact.values()))
        torch.testing.assert_close(gradient.double(), exact[name], rtol=1e-3, atol=1e-4 * scale)


def test_the_batch_of_a_lesson_passes_every_check_in_float32() -> None:
    net, X, Y = drawn(dtype=torch.float32)
    values, theirs = autograd(net, X, Y)
    checks = check_all(backward(values, X, Y), theirs)
    assert len(checks) == 27
    assert {each.verdict for each in checks.values()} == {"exact", "approximate"}
    assert checks["logits"].largest < 1e-7


def test_the_forward_pass_is_that_of_torch_with_the_unbiased_variance() -> None:
    net, X, Y = drawn()
    values = forward(net, X, Y)
    before = net["C"][X].flatten(1) @ net["W1"] + net["b1"]
    variance, mean = torch.var_mean(before, dim=0)  # unbiased, unless told otherwise
    raw = (before - mean) / (variance + 1e-5).sqrt()
    h = torch.tanh(raw * net["bngain"] + net["bnbias"])
    loss = cross_entropy(h @ net["W2"] + net["b2"], Y)
    torch.testing.assert_close(values["loss"], loss, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", ENTRIES)
def test_an_entry_says_what_it_reads_and_who_reads_it(name: str) -> None:
    entry = ENTRIES[name]
    assert entry.reason.endswith(".")
    assert bool(entry.code) == (name not in PARAMETERS)
    places = list(ENTRIES)
    assert all(places.index(other) < places.index(name) for other in entry.inputs)
    readers = {other.name for other in ENTRIES.values() if name in other.inputs}
    assert {path.through for path in entry.paths} == readers


@pytest.mark.parametrize("name", [name for name in ENTRIES if name != "loss"])
def test_the_paths_of_an_entry_add_up_and_so_do_the_products_of_one_number(name: str) -> None:
    net, X, Y = drawn(batch=11, hidden=7)
    values, _ = autograd(net, X, Y)
    own = backward(values, X, Y)
    paths = path_gradients(name, values, own, X, Y)
    torch.testing.assert_close(sum(paths.values()), own[name])
    assert local_derivatives(name, values, X, Y).keys() == paths.keys()
    for place in ((-1, -1), (0, 0), (3, 5)):
        index = tuple(
            (spot if spot >= 0 else size - 1) % size
            for spot, size in zip((*place, 1)[-own[name].dim() :], own[name].shape, strict=True)
        )
        products = sum(term.product for term in terms_of(name, index, values, own, X, Y))
        assert products == pytest.approx(float(own[name][index]), abs=1e-12)


def test_the_bias_before_a_batch_norm_gets_no_gradient() -> None:
    net, X, Y = drawn()
    assert float(backward(forward(net, X, Y), X, Y)["b1"].abs().max()) < 1e-15


def test_a_gradient_of_another_shape_is_not_compared() -> None:
    ones = torch.ones(3)
    assert check("x", ones.view(1, 3), ones).verdict == "wrong shape"
    assert check("x", ones, ones).verdict == "exact"
    assert check("x", ones + 1e-7, ones).verdict == "approximate"
    assert check("x", ones + 1e-2, ones).verdict == "wrong"
    assert check("x", None, ones).verdict == "refused"
