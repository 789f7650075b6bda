"""What a node is worth, and its nearest fragments, against brute force."""

import copy
from collections.abc import Callable

import pytest
import torch
from torch import Generator, Tensor, nn

from makemore.data.examples import Dataset
from makemore.inference import ablation, fragments, tree_nodes
from makemore.inference.capture import capture
from makemore.models import LayeredModel, build
from makemore.models.wavenet import WaveNet

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


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("block_size", [2, 8])
def test_replacing_a_node_by_itself_changes_nothing(
    few: Dataset, kind: dict[str, object], block_size: int
) -> None:
    model = tree(few, block_size=block_size, **kind)
    examples = few.examples("dev", block_size)
    found = fragments.fragments(model, few.examples("train", block_size), few.vocabulary)
    top = found[-1]
    itself = tree_nodes.node(model, examples.contexts[:1], top.level)[0]
    same = [
        fragments.Fragments(
            f.level, f.letters, f.counts, f.activations, itself if f is top else f.mean
        )
        for f in found
    ]
    lost = ablation.worth(model, examples.contexts[0], int(examples.targets[0]), same)
    assert lost[top.level, 1] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_worth_is_that_of_a_forward_with_the_node_replaced(
    few: Dataset, kind: dict[str, object]
) -> None:
    model = tree(few, **kind)
    examples = few.examples("dev", 8)
    found = fragments.fragments(model, few.examples("train", 8), few.vocabulary)
    context, target = examples.contexts[3], int(examples.targets[3])
    lost = ablation.worth(model, context, target, found)
    assert list(lost) == [(1, 1), (1, 2), (1, 3), (1, 4), (2, 1), (2, 2), (3, 1)]
    with torch.no_grad():
        whole = model(context[None]).log_softmax(1)[0, target]
        for (level, position), value in lost.items():
            layer = tree_nodes.level_layer(model, level)
            mean = found[level - 1].mean
            handle = layer.register_forward_hook(_put(mean, position - 1))
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


def test_fragments_are_those_of_the_data_with_their_counts(few: Dataset) -> None:
    model = tree(few)
    contexts = few.examples("train", 8).contexts
    for found in fragments.fragments(model, few.examples("train", 8), few.vocabulary):
        pieces = [few.vocabulary.decode(p) for p in contexts.view(-1, 2**found.level).tolist()]
        assert sorted(found.letters) == sorted(set(pieces))
        assert dict(zip(found.letters, found.counts.tolist(), strict=True)) == {
            letters: pieces.count(letters) for letters in found.letters
        }
        weights = found.counts / found.counts.sum()
        torch.testing.assert_close(found.mean, weights @ found.activations)


def test_a_fragment_has_the_activation_of_its_node_at_any_position(few: Dataset) -> None:
    model = tree(few)
    found = fragments.fragments(model, few.examples("train", 8), few.vocabulary)[0]
    context = few.examples("train", 8).contexts[5:6]
    with torch.no_grad(), capture(model) as outputs:
        model(context)
    for position, activation in enumerate(outputs["tanh1"][0]):
        letters = few.vocabulary.decode(context[0, 2 * position : 2 * position + 2].tolist())
        twin = found.activations[found.letters.index(letters)]
        torch.testing.assert_close(activation, twin)


def test_nearest_agrees_with_a_loop_over_all(few: Dataset) -> None:
    model = tree(few)
    found = fragments.fragments(model, few.examples("train", 8), few.vocabulary)[1]
    wanted = found.activations[7] + 0.01
    distances = [float(((row - wanted) ** 2).sum() ** 0.5) for row in found.activations]
    order = sorted(range(len(distances)), key=distances.__getitem__)[:5]
    nearest = fragments.nearest(found, wanted, n=5)
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
def test_fragments_have_the_activation_of_their_newest_node(
    few: Dataset, kind: dict[str, object]
) -> None:
    model = tree(few, **kind)
    for found in fragments.fragments(model, few.examples("train", 8), few.vocabulary):
        ids = [[few.vocabulary.letters.index(c) for c in piece] for piece in found.letters[:20]]
        windows = torch.zeros(len(ids), 8, dtype=torch.int64)
        windows[:, -(2**found.level) :] = torch.tensor(ids)
        torch.testing.assert_close(
            found.activations[: len(ids)], tree_nodes.node(model, windows, found.level)
        )


@pytest.mark.parametrize("name", ["wavenet", "mlp_bn"])
def test_a_letter_is_worth_what_a_forward_with_the_mean_letter_loses(
    few: Dataset, name: str
) -> None:
    model = build(name, len(few.vocabulary), Generator().manual_seed(2), {"block_size": 8}).eval()
    assert isinstance(model, LayeredModel)
    examples = few.examples("train", 8)
    mean = ablation.mean_letter(model, examples)
    embedding, *others = model.layers
    with torch.no_grad():
        torch.testing.assert_close(mean, embedding(examples.contexts).mean(dim=(0, 1)))
        context, target = examples.contexts[5], int(examples.targets[5])
        lost = ablation.letters_worth(model, context, target, mean)
        whole = model(context[None]).log_softmax(1)[0, target]
        for i, value in enumerate(lost):
            x = embedding(context[None]).clone()
            x[0, i] = mean
            changed = nn.Sequential(*others)(x).log_softmax(1)[0, target]
            assert value == pytest.approx(float(whole - changed), abs=1e-5)
