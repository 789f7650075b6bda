"""Every wrong formula is wrong, and what it does is measured."""

import pytest
import torch

from makemore.by_hand.backprop import ENTRIES, draw_net
from makemore.by_hand.hand_training import Trained, changed_step, train
from makemore.by_hand.wrong_formula import Wrong
from makemore.by_hand.wrong_gradients import WRONG, end_of, fate, wreck
from makemore.data.examples import Examples
from tests.by_hand.batches import drawn

ALL = [wrong for wrongs in WRONG.values() for wrong in wrongs]
# The maximum is taken off and changes no probability, so that its path brings nothing but rounding.
HIDING = {("logits", "forgotten branch"), ("logits", "wrong factor"), ("logit_maxes", "wrong sign")}


def test_each_gradient_has_three() -> None:
    assert list(WRONG) == [name for name in reversed(ENTRIES) if name != "loss"]
    for name, wrongs in WRONG.items():
        codes = {wrong.code for wrong in wrongs} | {ENTRIES[name].gradient_code}
        assert len(codes) == 4, name


@pytest.mark.parametrize("wrong", ALL, ids=lambda wrong: f"{wrong.name}: {wrong.code}")
def test_its_own_check_is_the_first_to_fail(wrong: Wrong) -> None:
    net, X, Y = drawn(dtype=torch.float32)
    found = wreck(wrong, net, X, Y)
    if (wrong.name, wrong.slip) in HIDING:
        assert not found.red
    else:
        assert found.red[0] == wrong.name
    assert wrong.meaning.endswith(".")


def find(name: str, slip: str) -> Wrong:
    return next(wrong for wrong in WRONG[name] if wrong.slip == slip)


def test_what_is_refused_leaves_everything_behind_it_unchecked() -> None:
    net, X, Y = drawn()
    found = wreck(find("h", "missing transpose"), net, X, Y)
    assert "cannot be multiplied" in found.refusal
    assert {found.checks[name].verdict for name in found.red} == {"refused"}
    assert found.checks["W2"].passed
    assert len(found.red) == 16


def test_a_row_that_is_not_spread_does_no_harm_behind_it() -> None:
    net, X, Y = drawn()
    assert wreck(find("bndiff2", "not spread"), net, X, Y).red == ("bndiff2",)


def test_a_training_with_a_wrong_gradient_meets_its_fate() -> None:
    X = drawn(batch=2_000, seed=3)[1]
    examples = Examples(X, X[:, -1])  # the next letter is the last one again: quickly learnt
    net = draw_net()
    right = train(net, examples, steps=200, seed=1)

    def run(name: str, slip: str) -> Trained:
        step = changed_step({name: find(name, slip).code})
        return train(net, examples, steps=200, seed=1, slope=step)

    assert fate(right, right) == "falls as well"
    assert fate(run("b2", "missing sum"), right) == "refused"
    assert fate(run("logprobs", "wrong sign"), right) in ("diverges", "rises")
    assert fate(run("W2", "mean for sum"), right) == "falls less"
    assert end_of(run("W2", "mean for sum")) > end_of(right)
