"""Training by hand against training by autograd, and with wrong gradients."""

import torch

from makemore.by_hand.backprop import draw_net
from makemore.by_hand.checked_gradients import autograd_step
from makemore.by_hand.hand_training import (
    changed_step,
    fused_step,
    hand_step,
    printed_alike,
    train,
)
from makemore.data.examples import Examples
from tests.by_hand.batches import drawn


def some_examples() -> Examples:
    _, X, Y = drawn(batch=2_000, seed=3)
    return Examples(X, Y)


def test_in_float64_a_thousand_steps_by_hand_are_those_of_autograd() -> None:
    net, examples = draw_net(dtype=torch.float64), some_examples()
    runs = [
        train(net, examples, steps=1_000, seed=5, slope=slope)
        for slope in (hand_step, fused_step, autograd_step)
    ]
    theirs = runs[-1]
    for own in runs[:-1]:
        furthest = max(abs(a - b) for a, b in zip(own.losses, theirs.losses, strict=True))
        assert furthest < 1e-8
        for name, tensor in own.net.items():
            torch.testing.assert_close(tensor, theirs.net[name], rtol=0, atol=1e-8)
    assert theirs.losses[-1] < theirs.losses[0]


def test_a_seed_draws_the_same_batches_and_the_net_itself_stays() -> None:
    net, examples = draw_net(), some_examples()
    kept = {name: tensor.clone() for name, tensor in net.items()}
    one, same, other = (train(net, examples, steps=5, seed=seed) for seed in (1, 1, 2))
    assert one.losses == same.losses != other.losses
    assert all(torch.equal(net[name], kept[name]) for name in net)


def test_a_gradient_that_does_not_fit_ends_the_training() -> None:
    run = train(draw_net(), some_examples(), steps=5, seed=1, slope=changed_step({"b2": "dlogits"}))
    assert len(run.losses) == 1
    assert "shape" in run.refused


def test_losses_are_compared_as_they_are_printed() -> None:
    assert printed_alike((1.00001, 2.0), (1.00002, 2.0)) == 2
    assert printed_alike((1.0, 2.0, 3.0), (1.0, 2.1, 3.0)) == 1
    assert printed_alike((1.0,), (1.2,), digits=0) == 1
