"""Nets of bricks: the same as the models they copy, the code they show, and what does not fit."""

import contextlib
import itertools
from collections.abc import Callable

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Generator, nn

from makemore.config import ConfigError
from makemore.data.examples import Dataset, Examples
from makemore.diagnostics.layers.shapes import DOES
from makemore.inference import distinct_nodes, planned_forward
from makemore.inference.evaluation import loss, score
from makemore.inference.sampling import sample
from makemore.layers import Linear
from makemore.models import build, config_for
from makemore.models.brick_kinds import KINDS, Brick, Kind, Laid, StackError, kind_of
from makemore.models.brick_stack import checked, code, deep, laid, parse, tree, write
from makemore.models.bricks import Bricks
from makemore.training.events import Stepped
from makemore.training.recipes import recipe_for
from makemore.training.trainer import Trainer
from tests.nets import Flip

BRICKS = {
    "tree": tree(27),
    "flat": "Embedding 10, FlattenConsecutive 8, Linear 200, BatchNorm1d, Tanh, Linear 27",
    "joined twice": "Embedding 6, FlattenConsecutive 2, FlattenConsecutive 4, Linear 27",
    "norm after joining": "Embedding 6, FlattenConsecutive 4, BatchNorm1d, Tanh, FlattenConsecutive 2, "
    "Tanh, Linear 9, Linear 27",
    "letters first": "Embedding 6, Linear 5, Tanh, FlattenConsecutive 8, Linear 27",
    "ten hidden layers": deep(27, depth=10, block=8, hidden=12, norm=True),
    "every activation": "Embedding 6, Linear 5, Sigmoid, FlattenConsecutive 8, LeakyReLU, Linear 6, ReLU, "
    "Linear 9, ELU, Linear 27",
    "norm of letters": "Embedding 6, BatchNorm1d, FlattenConsecutive 8, Linear 27",
}
CLASSES = {kind.module.__name__: kind.module for kind in KINDS.values()}


def with_kind(kind: str) -> tuple[str, int]:
    """A stack in which a kind stands, and its place (from 1)."""
    if KINDS[kind].ids:
        return f"{kind} 6, FlattenConsecutive 8, Linear 27", 1
    brick = Brick(kind, KINDS[kind].fresh)
    rest = 4 if kind == "FlattenConsecutive" else 8
    return f"Embedding 6, {brick}, FlattenConsecutive {rest}, Linear 27", 2


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
    known: dict[str, object] = {"nn": nn, **CLASSES}
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
    plan = distinct_nodes.Planner(examples, model).everything()
    for mode in (True, False):
        model.train(mode)
        planned = planned_forward.planned_logits(model, plan)[
            distinct_nodes.Planner(examples, model).tops
        ]
        torch.testing.assert_close(planned, model(examples.contexts), atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_said_of_a_kind_is_true_of_its_module(kind: str) -> None:
    text, place = with_kind(kind)
    found = laid(parse(text), 8, 27)
    each, layer = found[place - 1], make(text).layers[place - 1]
    assert type(layer) is KINDS[kind].module
    assert layer.__class__.__name__ == kind == each.brick.kind
    shown = eval(each.code, dict(CLASSES))
    assert repr(shown) == repr(layer)
    assert [p.shape for p in shown.state_dict().values()] == [
        p.shape for p in layer.state_dict().values()
    ]
    assert each.weights == sum(p.numel() for p in layer.parameters())
    ids = torch.randint(0, 27, (5, 8), generator=Generator().manual_seed(1))
    before = make(text).layers[: place - 1](ids) if place > 1 else ids
    assert tuple(before.shape[1:]) == each.before
    assert tuple(shown(before).shape[1:]) == each.after
    assert all(p.any() for p in layer.parameters() if p.dim() == 2)  # its matrix has been drawn


@pytest.mark.parametrize("kind", KINDS)
def test_the_numbers_of_a_kind(kind: str) -> None:
    sizes, fresh = KINDS[kind].sizes, KINDS[kind].fresh
    assert write(parse(f"{kind} {fresh}" if sizes else kind)) == (
        f"{kind} {fresh}" if sizes else kind
    )
    assert bool(KINDS[kind].size_is) is bool(sizes)
    low, high = sizes or (0, 0)
    for size in (-1, low - 1, high + 1, 10**12):
        with pytest.raises(StackError, match="whole number" if sizes else "takes no number"):
            checked(Brick(kind, size), 1)
        with pytest.raises(StackError, match="whole number" if sizes else "takes no number"):
            parse(f"{kind} {size}")


def test_layers_say_the_same_wherever_they_are_described() -> None:
    assert {kind.module: kind.does for kind in KINDS.values()}.items() <= DOES.items()
    names = [name for name, _ in make(BRICKS["norm after joining"]).layers.named_children()]
    assert names == [
        "embedding",
        "flatten1",
        "norm1",
        "tanh1",
        "flatten2",
        "tanh2",
        "linear1",
        "logits",
    ]


UNKNOWN = Brick("Conv2d", 3)
KNOWN = parse("Embedding 4, FlattenConsecutive 8, Linear 27")
LAID = Laid(UNKNOWN, 2, (8, 4), 27, True)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: kind_of(UNKNOWN, 2),
        lambda: checked(UNKNOWN, 2),
        lambda: parse("Embedding 4, Conv2d 3"),
        lambda: write([KNOWN[0], UNKNOWN]),
        lambda: laid([KNOWN[0], UNKNOWN, *KNOWN[1:]], 8, 27),
        lambda: code([LAID]),
        lambda: LAID.kind,
        lambda: LAID.after,
        lambda: LAID.weights,
        lambda: LAID.code,
        lambda: make("Embedding 4, Conv2d 3, FlattenConsecutive 8, Linear 27"),
    ],
)
def test_an_unknown_kind_is_refused_everywhere(ask: Callable[[], object]) -> None:
    with pytest.raises(StackError, match="brick 2: unknown kind 'Conv2d'; known ones: Embedding"):
        ask()


def test_a_new_kind_is_one_entry(monkeypatch: pytest.MonkeyPatch, few: Dataset) -> None:
    """Also one that no plan understands."""
    monkeypatch.setitem(KINDS, "Flip", Kind(Flip, "turns the letters round", "flip"))
    text = "Embedding 4, Flip, FlattenConsecutive 8, Linear 27"
    model = make(text)
    assert [name for name, _ in model.layers.named_children()][1] == "flip1"
    assert "    Flip()," in code(laid(parse(text), 8, 27))
    ids = few.examples("dev", 8).contexts
    embedding, _, *rest = model.layers
    expected = nn.Sequential(*rest)(embedding(ids).flip(1))
    torch.testing.assert_close(planned_forward.logits(model, ids), expected)


def test_batch_norm_of_letters_trains_and_makes_names(few: Dataset) -> None:
    settings: dict[str, object] = {"bricks": BRICKS["norm of letters"], "block_size": 8}
    recipe = recipe_for("fast", "wavenet", steps=30, batch_size=60)
    trainer = Trainer.start("bricks", few, recipe, seed=3, settings=settings)
    losses = [event.loss for event in trainer.events() if isinstance(event, Stepped)]
    assert losses[-1] < losses[0] - 0.5
    model, dev = trainer.model.eval(), few.examples("dev", 8)
    naive = nn.functional.cross_entropy(model(dev.contexts), dev.targets).item()
    assert loss(model, dev) == pytest.approx(naive, abs=1e-5)
    assert len(sample(model, few.vocabulary, 100, seed=1)) == 100
    assert score(model, few.vocabulary, ["anna"])[0].nll < 3.3


@pytest.mark.parametrize("depth", [1, 5, 10])
@pytest.mark.parametrize("norm", [False, True])
@pytest.mark.parametrize("gain", [0.5, 1.0, 5 / 3, 3.0])
def test_a_deep_stack_is_drawn_as_in_the_lecture(depth: int, norm: bool, gain: float) -> None:
    text = deep(27, depth=depth, norm=norm)
    settings = {"bricks": text, "block_size": 3, "gain": gain, "logits_scale": 0.1}
    model = build("bricks", 27, Generator().manual_seed(5), settings)
    g = Generator().manual_seed(5)
    C = torch.randn(27, 10, generator=g)
    widths = [30, *[100] * depth, 27]
    drawn = [torch.randn(a, b, generator=g) / a**0.5 for a, b in itertools.pairwise(widths)]
    wanted = [C, *(gain * W for W in drawn[:-1]), 0.1 * drawn[-1]]
    matrices = [p for p in model.parameters() if p.dim() == 2]
    torch.testing.assert_close(matrices, wanted)
    biases = [layer.bias is None for layer in model.modules() if isinstance(layer, Linear)]
    assert biases == [norm] * depth + [False]


@pytest.mark.parametrize("activation", ["Tanh", "Sigmoid", "ReLU", "LeakyReLU", "ELU"])
def test_a_deep_stack_trains(few: Dataset, activation: str) -> None:
    bricks = deep(len(few.vocabulary), depth=3, hidden=30, activation=activation, norm=True)
    settings: dict[str, object] = {"bricks": bricks, "block_size": 3, "gain": 5 / 3}
    recipe = recipe_for("lecture", "mlp", steps=80)
    trainer = Trainer.start("bricks", few, recipe, seed=3, settings=settings)
    losses = [event.loss for event in trainer.events() if isinstance(event, Stepped)]
    assert sum(losses[-10:]) / 10 < losses[0] - 0.3


BAD = [
    ("", 1, "there is no brick"),
    ("Linear 27", 1, "put Embedding first"),
    ("Embedding 4, Embedding 4", 2, "stands first, and once"),
    ("Embedding 4, FlattenConsecutive 3", 2, "8 positions cannot be joined 3 at a time"),
    ("Embedding 4, FlattenConsecutive 8, FlattenConsecutive 2", 3, "no positions are left"),
    ("Embedding 4, Linear 27", 2, "8 positions are left at the end"),
    ("Embedding 4, FlattenConsecutive 8, Linear 30", 3, "a guess needs 27"),
    ("Embedding 0", 1, "from 1 to 64"),
    ("Embedding", 1, "needs a whole number"),
    ("Embedding 4, Conv2d 3", 2, "unknown kind 'Conv2d'"),
    ("Embedding 4, Tanh 3", 2, "takes no number"),
    ("Embedding 4, Tanh 0", 2, "takes no number"),
    ("Embedding 4, Tanh x", 2, "takes no number"),
    ("Embedding x", 1, "needs a whole number"),
    ("Embedding 4 4", 1, "needs a whole number"),
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
        st.sampled_from(
            ["Embedding 3", "FlattenConsecutive 2", "Linear 5", "Linear 27", "Tanh", "BatchNorm1d"]
        ),
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
