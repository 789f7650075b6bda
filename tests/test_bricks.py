"""Nets of bricks: the same as the models they copy, the code they show, and what does not fit."""

import contextlib

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Generator, nn

from makemore import layers, plans
from makemore.config import ConfigError
from makemore.data import Dataset, Examples
from makemore.models import build, config_for
from makemore.models.bricks import Bricks
from makemore.models.stack import KINDS, StackError, code, laid, parse, tree, write

BRICKS = {
    "tree": tree(27),
    "flat": "Embedding 10, FlattenConsecutive 8, Linear 200, BatchNorm1d, Tanh, Linear 27",
    "joined twice": "Embedding 6, FlattenConsecutive 2, FlattenConsecutive 4, Linear 27",
    "norm after joining": "Embedding 6, FlattenConsecutive 4, BatchNorm1d, Tanh, FlattenConsecutive 2, "
    "Tanh, Linear 9, Linear 27",
    "letters first": "Embedding 6, Linear 5, Tanh, FlattenConsecutive 8, Linear 27",
}


def make(text: str, *, block: int = 8, vocab: int = 27) -> Bricks:
    settings = {"bricks": text, "block_size": block}
    model = build("bricks", vocab, Generator().manual_seed(3), settings)
    assert isinstance(model, Bricks)
    return model


def test_the_tree_is_the_wavenet_to_the_bit() -> None:
    twin = build("wavenet", 27, Generator().manual_seed(3), {"embedding": 10, "hidden": 68})
    ours, theirs = make(tree(27)).state_dict(), twin.state_dict()
    assert list(ours) == list(theirs)
    assert all(torch.equal(ours[key], theirs[key]) for key in ours)


@pytest.mark.parametrize("text", BRICKS.values(), ids=BRICKS)
def test_the_code_that_is_shown_builds_the_same(text: str) -> None:
    found = laid(parse(text), 8, 27)
    known = {"nn": nn} | {kind: getattr(layers, kind) for kind in KINDS}
    exec(code(found), known)
    net, model = known["net"], make(text)
    assert isinstance(net, nn.Sequential)
    shapes = [tuple(p.shape) for p in net.state_dict().values()]
    assert shapes == [tuple(p.shape) for p in model.state_dict().values()]
    assert sum(each.weights for each in found) == model.size


@pytest.mark.parametrize("text", BRICKS.values(), ids=BRICKS)
def test_shapes_are_those_of_a_forward(text: str) -> None:
    x = torch.randint(0, 27, (5, 8), generator=Generator().manual_seed(1))
    model = make(text)
    for each, layer in zip(laid(parse(text), 8, 27), model.layers, strict=True):
        assert tuple(x.shape[1:]) == each.before
        x = layer(x)
        assert tuple(x.shape[1:]) == each.after


@pytest.mark.parametrize("text", BRICKS.values(), ids=BRICKS)
def test_a_plan_gives_the_same_logits(text: str, few: Dataset) -> None:
    model = make(text, vocab=27)
    examples = Examples(few.examples("dev", 8).contexts, few.examples("dev", 8).targets)
    plan = plans.Planner(examples, model).everything()
    for mode in (True, False):
        model.train(mode)
        planned = plans.planned_logits(model, plan)[plans.Planner(examples, model).tops]
        torch.testing.assert_close(planned, model(examples.contexts), atol=1e-5, rtol=1e-4)


BAD = [
    ("", 1, "there is no brick"),
    ("Linear 27", 1, "put Embedding first"),
    ("Embedding 4, Embedding 4", 2, "stands first, and once"),
    ("Embedding 4, FlattenConsecutive 3", 2, "8 positions cannot be joined 3 at a time"),
    ("Embedding 4, FlattenConsecutive 8, FlattenConsecutive 2", 3, "no positions are left"),
    ("Embedding 4, Linear 27", 2, "8 positions are left at the end"),
    ("Embedding 4, FlattenConsecutive 8, Linear 30", 3, "a guess needs 27"),
    ("Embedding 4, BatchNorm1d, FlattenConsecutive 8, Linear 27", 2, "move it behind one"),
    ("Embedding 0", 1, "from 1 to 64"),
    ("Embedding", 1, "needs a whole number"),
    ("Embedding 4, Conv2d 3", 2, "unknown kind 'Conv2d'"),
    ("Embedding 4, Tanh 3", 2, "takes no number"),
    ("Embedding 9" + ", Tanh" * 50, 41, "at most 40"),
    ("Embedding 64, FlattenConsecutive 8" + ", Linear 512" * 8 + ", Linear 27", 11, "1,000,000"),
]


@pytest.mark.parametrize(("text", "place", "why"), BAD)
def test_a_stack_that_does_not_fit_says_where_and_why(text: str, place: int, why: str) -> None:
    with pytest.raises(StackError) as caught:
        make(text)
    assert caught.value.place == place
    assert why in str(caught.value)
    assert isinstance(caught.value, ConfigError)


@given(
    st.lists(
        st.sampled_from(["Embedding 3", "FlattenConsecutive 2", "Linear 5", "Linear 27", "Tanh"]),
        max_size=9,
    )
)
def test_any_stack_runs_or_is_refused(bricks: list[str]) -> None:
    text = ", ".join(bricks)
    assert write(parse(text)) == text
    with contextlib.suppress(StackError):
        assert make(text)(torch.zeros(3, 8, dtype=torch.int64)).shape == (3, 27)


def test_the_error_travels_to_another_process() -> None:
    error = StackError(2, "why", laid(parse("Embedding 4, FlattenConsecutive 8, Linear 27"), 8, 27))
    kind, parts = error.__reduce__()
    again = kind(*parts)
    assert (str(again), again.laid) == (str(error), error.laid)


def test_a_config_round_trips() -> None:
    config = config_for("bricks", {"bricks": BRICKS["flat"]})
    assert config_for("bricks", config.to_json()) == config
