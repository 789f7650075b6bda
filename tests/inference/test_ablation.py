"""What a node is worth, and its nearest substrings, against brute force."""

import copy
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from torch import Generator, Tensor, nn

from makemore.checkpoints import store
from makemore.data.examples import Dataset, Examples, windows
from makemore.inference import ablation, substrings, tree_nodes
from makemore.inference.capture import capture
from makemore.models import LayeredModel, build
from makemore.models.wavenet import WaveNet

NORM = ("running_mean", "running_var", "gamma", "beta")
KINDS: list[dict[str, object]] = [
    {},
    {"gate": True},
    {"residual": True},
    {"skip": True},
    {"gate": True, "residual": True, "skip": True},
]


def tree(dataset: Dataset, **settings: object) -> WaveNet:
    sizes = {"embedding": 6, "hidden": 10}
    model = build("wavenet", len(dataset.vocabulary), Generator().manual_seed(1), sizes | settings)
    assert isinstance(model, WaveNet)
    contexts = dataset.examples("train", model.block_size).contexts
    model(contexts)  # moves the running statistics away from their start
    return model.eval()


FLAT = "mlp_bn"


def flat(dataset: Dataset) -> LayeredModel:
    model = build(FLAT, len(dataset.vocabulary), Generator().manual_seed(2), {"block_size": 8})
    assert isinstance(model, LayeredModel)
    model(dataset.examples("train", 8).contexts)
    return model.eval()


def level_names(model: LayeredModel) -> list[str]:
    """What the layers are called that letters and nodes come out of, as `capture` names them."""
    if not isinstance(model, WaveNet):
        return ["embedding", "tanh"]
    named = [name for name, _ in model.layers.named_modules()]
    ends = [
        next(
            name
            for word in ("node", "gate", "tanh")
            for name in named
            if name.split(".")[-1] == f"{word}{level}"
        )
        for level in range(1, model.levels + 1)
    ]
    return ["embedding", *ends]


@pytest.mark.parametrize("kind", [*KINDS, {"reduce": "batch"}, FLAT], ids=str)
def test_the_mean_of_a_position_is_that_over_all_examples(
    few: Dataset, kind: dict[str, object] | str
) -> None:
    model = flat(few) if isinstance(kind, str) else tree(few, **kind)
    examples = few.examples("train", 8)
    means = ablation.position_means(model, examples)
    with torch.no_grad(), capture(model) as outputs:
        model(examples.contexts)
    names = level_names(model)
    assert len(means) == len(names)
    for mean, name in zip(means, names, strict=True):
        every = outputs[name].view(len(examples), len(mean), -1)
        torch.testing.assert_close(mean, every.mean(dim=0))


@pytest.mark.parametrize("kind", [*KINDS, {"reduce": "batch"}, FLAT], ids=str)
def test_worth_is_that_of_a_forward_with_one_replaced(
    few: Dataset, kind: dict[str, object] | str
) -> None:
    model = flat(few) if isinstance(kind, str) else tree(few, **kind)
    examples = few.examples("dev", 8)
    means = ablation.position_means(model, few.examples("train", 8))
    context, target = examples.contexts[3], int(examples.targets[3])
    lost = ablation.worth(model, context, target, means)
    widths = [8, 1] if isinstance(kind, str) else [8, 4, 2, 1]
    assert list(lost) == [(n, i + 1) for n, width in enumerate(widths) for i in range(width)]
    with torch.no_grad():
        whole = model(context[None]).log_softmax(1)[0, target]
        for (level, position), value in lost.items():
            layer = model.layers.get_submodule(level_names(model)[level])
            handle = layer.register_forward_hook(_put(means[level][position - 1], position - 1))
            changed = model(context[None]).log_softmax(1)[0, target]
            handle.remove()
            assert value == pytest.approx(float(whole - changed), abs=1e-5)


def _put(mean: Tensor, position: int) -> Callable[[nn.Module, object, Tensor], Tensor]:
    def hook(_layer: nn.Module, _inputs: object, output: Tensor) -> Tensor:
        changed = output.clone()
        if output.dim() == 3:
            changed[:, position] = mean
        else:
            changed[:] = mean
        return changed

    return hook


@pytest.mark.parametrize("block_size", [2, 8])
def test_replacing_a_node_by_itself_changes_nothing(few: Dataset, block_size: int) -> None:
    model = tree(few, block_size=block_size)
    examples = few.examples("dev", block_size)
    one = Examples(examples.contexts[:1], examples.targets[:1])  # its mean over itself is itself
    means = ablation.position_means(model, one)
    lost = ablation.worth(model, examples.contexts[0], int(examples.targets[0]), means)
    assert all(value == pytest.approx(0, abs=1e-6) for value in lost.values())


def test_the_figures_of_emma_are_those_of_plain_matrices(real: Dataset) -> None:
    """The shipped tree in a few lines of its own, over every example of the train names."""
    checkpoint = store.load("wavenet")
    model, weights = checkpoint.model, checkpoint.model.state_dict()
    assert isinstance(model, LayeredModel)

    def fused(x: Tensor, level: int) -> Tensor:
        norm = {part: weights[f"layers.norm{level}.{part}"] for part in NORM}
        y = x.reshape(len(x), x.shape[1] // 2, -1) @ weights[f"layers.linear{level}.weight"]
        y = (y - norm["running_mean"]) / (norm["running_var"] + 1e-5).sqrt()
        activations: Tensor = (y * norm["gamma"] + norm["beta"]).tanh()
        return activations

    def log_probability(x: Tensor, held: tuple[int, int], value: Tensor) -> float:
        for level in range(4):
            x = fused(x, level) if level else x
            if held[0] == level:
                x = x.clone()
                x[0, held[1] - 1] = value
        y = x[0, 0] @ weights["layers.logits.weight"] + weights["layers.logits.bias"]
        return float(y.log_softmax(0)[targets[at]])

    table, means = weights["layers.embedding.weight"], [torch.zeros(1)] * 4
    contexts = real.examples("train", 8).contexts
    for part in contexts.split(20_000):
        x = table[part]
        for level in range(4):
            x = fused(x, level) if level else x
            means[level] = means[level] + x.double().sum(dim=0)
    means = [(total / len(contexts)).float() for total in means]
    at, targets = 3, real.vocabulary.encode("emma")
    x = table[torch.tensor([[0, 0, 0, 0, 0, *real.vocabulary.encode("emm")]])]
    whole = log_probability(x, (9, 0), x)
    examples = windows(("emma",), real.vocabulary, 8)
    assert int(examples.targets[at]) == targets[at]
    lost = ablation.worth(
        model,
        examples.contexts[at],
        targets[at],
        ablation.position_means(model, real.examples("train", 8)),
    )
    assert len(lost) == 8 + 4 + 2 + 1
    for (level, position), value in lost.items():
        changed = log_probability(x, (level, position), means[level][position - 1])
        assert value == pytest.approx(whole - changed, abs=2e-4)
    assert lost[1, 1] == pytest.approx(0.033, abs=5e-4)  # the node sees padding alone


def test_another_thread_is_left_alone(few: Dataset) -> None:
    """Visitors share a loaded model: what one holds at its mean is not missing for the others."""
    model, context = tree(few), few.examples("dev", 8).contexts[:1]
    with torch.no_grad():
        before = model(context)
        with (
            tree_nodes.watch_layer(model.level_outputs[0], torch.zeros_like),
            ThreadPoolExecutor(1) as pool,
        ):
            ours, theirs = model(context), pool.submit(quietly, model, context).result()
    torch.testing.assert_close(theirs, before)
    assert not torch.allclose(ours, before)


def quietly(model: LayeredModel, context: Tensor) -> Tensor:
    with torch.no_grad():
        logits: Tensor = model(context)
    return logits


def test_substrings_are_those_of_the_data_with_their_counts(few: Dataset) -> None:
    model = tree(few)
    contexts = few.examples("train", 8).contexts
    for found in substrings.substrings(model, few.examples("train", 8), few.vocabulary):
        pieces = [few.vocabulary.decode(p) for p in contexts.view(-1, 2**found.level).tolist()]
        assert sorted(found.letters) == sorted(set(pieces))
        assert dict(zip(found.letters, found.counts.tolist(), strict=True)) == {
            letters: pieces.count(letters) for letters in found.letters
        }


def test_a_substring_has_the_activation_of_its_node_at_any_position(few: Dataset) -> None:
    model = tree(few)
    found = substrings.substrings(model, few.examples("train", 8), few.vocabulary)[0]
    context = few.examples("train", 8).contexts[5:6]
    with torch.no_grad(), capture(model) as outputs:
        model(context)
    for position, activation in enumerate(outputs["tanh1"][0]):
        letters = few.vocabulary.decode(context[0, 2 * position : 2 * position + 2].tolist())
        twin = found.activations[found.letters.index(letters)]
        torch.testing.assert_close(activation, twin)


def test_nearest_agrees_with_a_loop_over_all(few: Dataset) -> None:
    model = tree(few)
    found = substrings.substrings(model, few.examples("train", 8), few.vocabulary)[1]
    wanted = found.activations[7] + 0.01
    distances = [float(((row - wanted) ** 2).sum() ** 0.5) for row in found.activations]
    order = sorted(range(len(distances)), key=distances.__getitem__)[:5]
    nearest = substrings.nearest(found, wanted, n=5)
    assert [letters for letters, _, _ in nearest] == [found.letters[i] for i in order]
    assert [d for _, _, d in nearest] == pytest.approx([distances[i] for i in order], rel=1e-5)


@pytest.mark.parametrize("level", [-1, 0, 4])
def test_a_level_that_is_not_there(few: Dataset, level: int) -> None:
    with pytest.raises(ValueError, match=f"no level {level}; the tree has 3"):
        tree_nodes.level_layer(tree(few), level)


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("block_size", [2, 8])
def test_a_level_ends_in_its_sum_its_gate_or_its_tanh(
    few: Dataset, kind: dict[str, object], block_size: int
) -> None:
    """Also in a copy, whose levels are its own."""
    for model in (tree(few, block_size=block_size, **kind), copy.deepcopy(tree(few, **kind))):
        named = {path.split(".")[-1]: layer for path, layer in model.layers.named_modules()}
        for level in range(1, model.levels + 1):
            ends = [named.get(f"{word}{level}") for word in ("node", "gate", "tanh")]
            assert tree_nodes.level_layer(model, level) is next(filter(None, ends))


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_nodes_of_all_levels(few: Dataset, kind: dict[str, object]) -> None:
    model = tree(few, **kind)
    contexts = few.examples("dev", 8).contexts[:4]
    levels = tree_nodes.nodes(model, contexts)
    assert [each.shape for each in levels] == [(4, 4, 10), (4, 2, 10), (4, 1, 10)]
    for level, each in enumerate(levels, 1):
        torch.testing.assert_close(each[:, -1], tree_nodes.node(model, contexts, level))


@pytest.mark.parametrize("kind", [*KINDS, {"reduce": "batch"}], ids=str)
def test_substrings_have_the_activation_of_their_newest_node(
    few: Dataset, kind: dict[str, object]
) -> None:
    model = tree(few, **kind)
    for found in substrings.substrings(model, few.examples("train", 8), few.vocabulary):
        ids = [[few.vocabulary.letters.index(c) for c in piece] for piece in found.letters[:20]]
        windows = torch.zeros(len(ids), 8, dtype=torch.int64)
        windows[:, -(2**found.level) :] = torch.tensor(ids)
        torch.testing.assert_close(
            found.activations[: len(ids)], tree_nodes.node(model, windows, found.level)
        )
