"""Which nets a plan understands: those it computes as they compute themselves, all others it leaves alone."""

import copy
from collections import OrderedDict
from collections.abc import Callable
from itertools import product

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import Generator, Tensor, nn
from torch.testing import assert_close

from makemore.checkpoints.shipped import SHIPPED
from makemore.data.examples import Dataset, Examples, windows
from makemore.inference import planned_forward, substrings
from makemore.inference.distinct_nodes import Planner
from makemore.inference.evaluation import log_probabilities, loss, score
from makemore.inference.planned_forward import planned_logits
from makemore.inference.sampling import sample
from makemore.inference.understood import NotUnderstoodError, understands
from makemore.layers import (
    ELU,
    BatchNorm1d,
    Embedding,
    FlattenConsecutive,
    Gate,
    LeakyReLU,
    Linear,
    ReLU,
    Residual,
    Sigmoid,
    Skip,
    Tanh,
)
from makemore.models import MODELS, Bigram, LanguageModel, build
from makemore.models.wavenet import WaveNet
from makemore.training.planned_update import PlainForward, PlannedForward
from tests.nets import Across, Flip, Loose, Mean, Mixed, OwnTanh, Squeeze, Stack

VOCAB = 7
EXAMPLES = 2 * planned_forward.FEW
NO_ELDERS = torch.zeros(0)
FLATTEN = {n: FlattenConsecutive(n) for n in range(1, 9)}  # one object may stand at several places
BENDING: list[type[nn.Module]] = [Tanh, Sigmoid, ReLU, LeakyReLU, ELU]
UNKNOWN: dict[str, Callable[[int], nn.Module]] = {
    "flip": lambda positions: Flip(),
    "mean": lambda positions: Mean(),
    "across": Across,
    "subclass": lambda positions: OwnTanh(),
}


@st.composite
def pointwise(draw: st.DrawFn, positions: int, features: int) -> tuple[nn.Module, int]:
    """A layer that keeps the positions (0 once their axis is gone), and the features after it."""
    kind = draw(st.sampled_from(["linear", "norm", "tanh", "gate"]))
    if kind == "linear":
        width = draw(st.integers(1, 6))
        return Linear(features, width, bias=draw(st.booleans())), width
    if kind == "norm":
        apart = positions > 1 and draw(st.booleans())
        norm = BatchNorm1d(features, reduce="batch" if apart else "all", positions=positions)
        return norm, features
    if kind == "gate" and features % 2 == 0:
        return Gate(), features // 2
    return draw(st.sampled_from(BENDING))(), features


@st.composite
def known(
    draw: st.DrawFn, positions: int, features: int, left: int, depth: int = 0
) -> tuple[list[nn.Module], int]:
    """Random layers of all known kinds that leave so many positions, and the features after them."""
    layers: list[nn.Module] = []
    while True:
        for _ in range(draw(st.integers(0, 3))):
            layer, features = draw(pointwise(positions, features))
            layers.append(layer)
        if positions == left:
            return layers, features
        layer, positions, features = draw(joint(positions, features, left, depth))
        layers.append(layer)


@st.composite
def joint(
    draw: st.DrawFn, positions: int, features: int, left: int, depth: int
) -> tuple[nn.Module, int, int]:
    """A layer that joins positions, on the way to so many; what it leaves of them, and the features."""
    divisors = [n for n in range(1, positions + 1) if positions % n == 0]
    after = {n: positions // n if n < positions else 0 for n in divisors}
    on_the_way = {n: p for n, p in after.items() if p == left or not left or (p and not p % left)}
    kinds = ["flatten"]
    kinds += ["residual"] if 2 in on_the_way and depth < 2 else []
    kinds += ["skip"] if not left and depth < 2 else []
    kind = draw(st.sampled_from(kinds))
    if kind == "flatten":
        n = draw(st.sampled_from(sorted(on_the_way)))
        return FLATTEN[n], after[n], n * features
    inner, width = draw(
        known(positions, features, after[2] if kind == "residual" else 0, depth + 1)
    )
    if kind == "skip":
        return Skip(named(inner)), 0, features + width
    return Residual(named([*inner, Linear(width, features)])), after[2], features


def named(layers: list[nn.Module]) -> OrderedDict[str, nn.Module]:
    return OrderedDict((str(i), layer) for i, layer in enumerate(layers))


@st.composite
def stacks(draw: st.DrawFn) -> Stack:
    block, width = draw(st.sampled_from([1, 2, 3, 4, 6, 8])), draw(st.integers(1, 4))
    layers, features = draw(known(block, width, 0))
    layers = [Embedding(VOCAB, width), *layers, Linear(features, VOCAB)]
    generator = Generator().manual_seed(draw(st.integers(0, 2**32)))
    return Stack(layers, block, VOCAB, generator).double()


def examples_for(model: LanguageModel, number: int = EXAMPLES, vocab: int = VOCAB) -> Examples:
    generator = Generator().manual_seed(5)
    contexts = torch.randint(0, vocab, (number, model.block_size), generator=generator)
    return Examples(contexts, torch.randint(0, vocab, (number,), generator=generator))


def assert_trained_alike(model: LanguageModel, chosen: Tensor | None) -> None:
    """Loss, gradients and running statistics are those of the plain forward, whichever way is taken."""
    plain, twin = copy.deepcopy(model), copy.deepcopy(model)
    examples = examples_for(model)
    way = (PlannedForward if understands(twin) else PlainForward)(twin, examples)  # type: ignore[arg-type]
    everything = slice(None) if chosen is None else chosen
    nll = F.cross_entropy(plain(examples.contexts[everything]), examples.targets[everything])
    ours, to_fall = way.losses(chosen, NO_ELDERS, 0.0)
    assert ours is to_fall
    nll.backward()
    ours.backward()
    assert_close(ours, nll)
    ours_, theirs = (dict(m.named_parameters()) for m in (twin, plain))
    for name, parameter in theirs.items():
        assert_close(ours_[name].grad, parameter.grad, atol=1e-8, rtol=1e-5, msg=name)
    assert_close(twin.state_dict(), plain.state_dict())


@given(stacks(), st.booleans(), st.booleans())
def test_a_stack_of_known_layers_is_understood_and_exact(
    model: Stack, training: bool, whole: bool
) -> None:
    assert understands(model)
    model.train(training)
    examples = examples_for(model)
    planner = Planner(examples, model)
    planned = planned_logits(copy.deepcopy(model), planner.everything())[planner.tops]
    assert_close(planned, copy.deepcopy(model)(examples.contexts), atol=1e-8, rtol=1e-6)
    chosen = torch.randint(0, EXAMPLES, (50,), generator=Generator().manual_seed(6))
    assert_trained_alike(model, None if whole else chosen)


@pytest.mark.parametrize("kind", UNKNOWN)
@pytest.mark.parametrize("place", [1, 2, 4, 6, 8])
def test_a_layer_that_mixes_positions_is_left_to_itself_anywhere(kind: str, place: int) -> None:
    layers: list[nn.Module] = [
        Embedding(VOCAB, 4), Tanh(), FlattenConsecutive(2), Linear(8, 4, bias=False), BatchNorm1d(4), Tanh(),
        FlattenConsecutive(1), Linear(4, 4), Gate(), FlattenConsecutive(4), Linear(8, VOCAB),
    ]  # fmt: skip
    assert understands(Stack(layers, 8, VOCAB, Generator().manual_seed(1)))
    layers.insert(place, UNKNOWN[kind](8 if place < 3 else 4))
    model = Stack(layers, 8, VOCAB, Generator().manual_seed(1)).double()
    assert not understands(model)
    with pytest.raises(NotUnderstoodError):
        Planner(examples_for(model), model)
    assert_trained_alike(model, torch.arange(60))
    assert_trained_alike(model, None)
    contexts = examples_for(model).contexts
    model.eval()
    assert_close(planned_forward.logits(model, contexts), model(contexts))


def single() -> Stack:
    layers = [Embedding(VOCAB, VOCAB), Squeeze()]
    return Stack(layers, 1, VOCAB, Generator().manual_seed(1))


def in_a_body(kind: type[Residual] | type[Skip]) -> Stack:
    inner = named([FlattenConsecutive(2), Flip(), Linear(6, 3)])
    layers = [Embedding(VOCAB, 3), FlattenConsecutive(2), Linear(6, 3), kind(inner)]
    width = 3 if kind is Residual else 6
    return Stack([*layers, Linear(width, VOCAB)], 4, VOCAB, Generator().manual_seed(1))


def changed(change: Callable[[Stack], object]) -> Stack:
    """A stack that would be understood but for this change."""
    layers = [Embedding(VOCAB, 3), FlattenConsecutive(2), Linear(6, 3), BatchNorm1d(3), Tanh()]
    layers += [FlattenConsecutive(2), Linear(6, VOCAB)]
    model = Stack(layers, 4, VOCAB, Generator().manual_seed(1))
    assert understands(model)
    change(model)
    return model


class OwnForward(Stack):
    def forward(self, contexts: Tensor) -> Tensor:
        logits: Tensor = self.layers(contexts.flip(1))
        return logits


class OwnSequential(nn.Sequential):
    def forward(self, x: Tensor) -> Tensor:
        for layer in reversed(self):
            x = layer(x)
        return x


def own_forward(model: Stack) -> None:
    model.__class__ = OwnForward


def put_on(model: Stack) -> None:
    layer = model.layers[4]
    layer.forward = torch.sigmoid


def twice(model: Stack) -> None:
    model.layers[2].register_forward_hook(lambda _layer, _inputs, output: 2 * output)


def halved(model: Stack) -> None:
    model.layers[2].register_forward_pre_hook(lambda _layer, inputs: inputs[0] / 2)


def own_list(model: Stack) -> None:
    model.layers = OwnSequential(*reversed(model.layers))


def odd_one_out(model: Stack) -> None:
    model.layers[2] = nn.Linear(6, 3)


OTHERS: dict[str, Callable[[], LanguageModel]] = {
    "no flatten": single,
    "flip in a residual": lambda: in_a_body(Residual),
    "flip in a skip": lambda: in_a_body(Skip),
    "own forward": lambda: changed(own_forward),
    "forward put on a layer": lambda: changed(put_on),
    "hook": lambda: changed(twice),
    "hook before": lambda: changed(halved),
    "own Sequential": lambda: changed(own_list),
    "a layer of torch": lambda: changed(odd_one_out),
    "mixed": lambda: Mixed(Mixed.Config(), VOCAB, Generator().manual_seed(1)),
    "not layered": lambda: Loose(Loose.Config(), VOCAB, Generator().manual_seed(1)),
}


@pytest.mark.parametrize("name", OTHERS)
def test_any_other_net_takes_its_plain_forward_everywhere(name: str, few: Dataset) -> None:
    model = OTHERS[name]()
    assert not understands(model)
    examples = examples_for(model)
    plain = model.eval()(examples.contexts).detach()
    assert_close(planned_forward.logits(model, examples.contexts).detach(), plain)
    assert_close(log_probabilities(model, examples.contexts), plain.log_softmax(dim=1))
    assert loss(model, examples) == pytest.approx(F.cross_entropy(plain, examples.targets).item())
    assert_trained_alike(model.train(), None)
    names = ["".join(letters) for letters in product("abcdef", repeat=3)]
    seen = windows(tuple(names), few.vocabulary, model.block_size)
    costs = F.cross_entropy(model.eval()(seen.contexts), seen.targets, reduction="none")
    scored = [letter.nll for each in score(model, few.vocabulary, names) for letter in each.letters]
    assert scored == pytest.approx(costs.tolist(), abs=1e-5)
    assert sample(model, few.vocabulary, EXAMPLES, seed=3) == drawn_plainly(model, few)


@torch.no_grad()
def drawn_plainly(model: LanguageModel, few: Dataset) -> list[str]:
    """The names that the plain forward draws, all side by side."""
    generator = Generator().manual_seed(3)
    rows, active = (
        torch.zeros(EXAMPLES, model.block_size + 101, dtype=torch.int64),
        torch.arange(EXAMPLES),
    )
    for end in range(model.block_size, model.block_size + 100):
        if len(active):
            logits = model.eval()(rows[active, end - model.block_size : end])
            ids = torch.multinomial(logits.softmax(dim=1), 1, generator=generator)[:, 0]
            rows[active, end] = ids
            active = active[ids != 0]
    texts = [row[model.block_size :].tolist() for row in rows]
    return [few.vocabulary.decode(row[: row.index(0)]) for row in texts]


MISFITS: dict[str, tuple[int, list[nn.Module]]] = {
    "nothing is joined": (4, []),
    "positions are left": (4, [FlattenConsecutive(2)]),
    "joined too often": (4, [FlattenConsecutive(4), FlattenConsecutive(1)]),
    "does not divide": (4, [FlattenConsecutive(3)]),
    "no neighbours": (4, [FlattenConsecutive(0)]),
    "statistics of other positions": (4, [BatchNorm1d(3, reduce="batch", positions=2), FlattenConsecutive(4)]),
    "statistics without positions": (4, [BatchNorm1d(3, reduce="batch"), FlattenConsecutive(4)]),
    "a residual that halves twice": (4, [Residual(named([FlattenConsecutive(4)]))]),
    "a residual on one position": (1, [Residual(named([FlattenConsecutive(1)]))]),
    "a residual on none": (2, [FlattenConsecutive(2), Residual(named([Tanh()]))]),
    "a skip of a part": (4, [Skip(named([FlattenConsecutive(2)])), FlattenConsecutive(2)]),
    "a skip on none": (2, [FlattenConsecutive(2), Skip(named([Tanh()]))]),
    "an empty body": (2, [Skip(OrderedDict())]),
    "letters twice": (4, [FlattenConsecutive(4), Embedding(VOCAB, 3)]),
}  # fmt: skip


@pytest.mark.parametrize("name", MISFITS)
def test_what_does_not_fit_is_not_understood(name: str) -> None:
    block, layers = MISFITS[name]
    model = Stack([Embedding(VOCAB, 3), *layers], block, VOCAB, Generator().manual_seed(1))
    assert not understands(model)
    with pytest.raises(NotUnderstoodError):
        Planner(examples_for(model), model)


def test_contexts_of_another_width_take_the_plain_forward() -> None:
    layers = [Embedding(VOCAB, 3), FlattenConsecutive(2), FlattenConsecutive(2), Linear(12, VOCAB)]
    model = Stack(layers, 4, VOCAB, Generator().manual_seed(1))
    wide = torch.randint(0, VOCAB, (EXAMPLES, 8), generator=Generator().manual_seed(2))
    assert torch.equal(planned_forward.logits(model, wide), model(wide))
    with pytest.raises(NotUnderstoodError, match="2 positions"):
        Planner(Examples(wide, wide[:, 0]), model)


@pytest.mark.parametrize("chunk", [1, 50, EXAMPLES, 1000])
def test_a_plain_forward_over_many_contexts_goes_chunk_by_chunk(
    chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planned_forward, "CHUNK", chunk)
    model = OTHERS["mixed"]().double().eval()
    contexts = examples_for(model).contexts
    assert_close(planned_forward.logits(model, contexts), model(contexts))


@pytest.mark.parametrize("name", MODELS)
def test_the_five_models_that_learn_are_understood(name: str) -> None:
    model = build(name, 27, Generator())
    assert understands(model) is not isinstance(model, Bigram)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_nets_are_understood(name: str) -> None:
    about = SHIPPED[name]
    model = build(about.model, 27, Generator(), about.settings)
    assert understands(model) is not isinstance(model, Bigram)


def test_substrings_of_a_watched_tree_are_those_of_the_tree(few: Dataset) -> None:
    model = build("wavenet", len(few.vocabulary), Generator().manual_seed(1), {"hidden": 5})
    assert isinstance(model, WaveNet)
    examples = few.examples("train", 8)
    plain = substrings.substrings(model, examples, few.vocabulary)
    model.layers[3].register_forward_hook(lambda _layer, _inputs, output: None)
    assert not understands(model)
    for one, two in zip(substrings.substrings(model, examples, few.vocabulary), plain, strict=True):
        assert dict(zip(one.letters, one.counts.tolist(), strict=True)) == dict(
            zip(two.letters, two.counts.tolist(), strict=True)
        )
        order = [two.letters.index(letters) for letters in one.letters]
        assert_close(one.activations, two.activations[order])
