"""The steps of pages/wavenet.py as notebooks: each function's body is one. Knows no page."""

from makemore.data.name_lists import NameList


def tree(
    names: NameList, name: str, at: int = -2, node: str = "3.1", checkpoint: str = "wavenet"
) -> None:
    """What the net expects at a letter of the name, and what it loses when one node is held at its mean."""
    from makemore.data.examples import Dataset, windows
    from makemore.experiments.nets_of_lists import net_of
    from makemore.inference import ablation, evaluation
    from makemore.models import LayeredModel

    net = net_of(checkpoint, names)
    assert isinstance(net.model, LayeredModel)
    examples = windows((name,), net.vocabulary, net.model.block_size)
    context, target = examples.contexts[at], int(examples.targets[at])
    probabilities = evaluation.log_probabilities(net.model, context[None])[0].exp()
    print(f"{net.vocabulary.letters[target]} comes next: {probabilities[target]:.1%}")

    train = Dataset(names, net.vocabulary).examples("train", net.model.block_size)
    means = ablation.position_means(net.model, train)
    lost = ablation.worth(net.model, context, target, means)
    level, position = map(int, node.split("."))
    print(f"without node {node}, nats lost: {abs(lost[level, position]):.3f}")


def flat(names: NameList, name: str, at: int = -2) -> None:
    """The flat net and the tree on the same letters."""
    from makemore.data.examples import windows
    from makemore.experiments.nets_of_lists import net_of
    from makemore.inference import evaluation

    for key in ("mlp_bn_8", "wavenet_22k"):
        net = net_of(key, names)
        examples = windows((name,), net.vocabulary, net.model.block_size)
        probabilities = evaluation.log_probabilities(net.model, examples.contexts)[at].exp()
        best = int(probabilities.argmax())
        print(f"{key} has parameters: {net.metadata.parameters:,}")
        print(f"{key} expects: {net.vocabulary.letters[best]}, {probabilities[best]:.1%}")


def shapes(
    names: NameList,
    name: str,
    context: int = 8,
    batch: int = 4,
    joined: int = 1,
    example: int = 3,
    position: int = 3,
) -> None:
    """The shape of what each layer gives, letters joined, and a Linear that works on the last axis alone."""
    import torch
    from torch import Generator

    from makemore.data.examples import windows
    from makemore.data.vocabulary import Vocabulary
    from makemore.experiments.nets_of_lists import net_of
    from makemore.inference.capture import capture
    from makemore.inference.evaluation import eval_mode
    from makemore.models import build

    vocabulary = Vocabulary.of(names.names)
    settings = {"embedding": 10, "hidden": 68, "block_size": context}
    net = build("wavenet", len(vocabulary), Generator(), settings)
    with eval_mode(net), capture(net) as outputs:
        net(torch.zeros(batch, context, dtype=torch.int64))
    for layer, x in outputs.items():
        print(f"{layer} gives {tuple(x.shape)}")

    print(f"parameters: {net.size:,}")

    trained = net_of("wavenet_22k", names).model
    examples = windows((name, *names.names[:4]), vocabulary, trained.block_size).contexts
    with eval_mode(trained), capture(trained) as outputs:
        trained(examples[:4])
    x, y = outputs["flatten1"], outputs["linear1"]  # (examples, positions, features)
    alone = x[example, position] @ trained.state_dict()["layers.linear1.weight"]
    print(
        f"y[{example}, {position}] and x[{example}, {position}] @ W differ by at most "
        f"{(alone - y[example, position]).abs().max():.0e}"
    )

    rows = outputs["embedding"][0]  # (positions, features)
    print(
        f"{rows.numel()} numbers of {tuple(rows.shape)} are viewed as {tuple(rows.view(joined, -1).shape)}"
    )


def axis_bug(level: int = 1) -> None:
    """What the repair of batch norm brought, over the seeds of the shipped study, and the running means."""
    from makemore.diagnostics.losses.seed_effects import effect
    from makemore.experiments import studies
    from makemore.experiments.nets_of_lists import find_net
    from makemore.inference.capture import layers_of
    from makemore.layers import BatchNorm1d

    runs = studies.read_whole("axis_bug")
    before, after = ([r.dev for r in runs if r.variant == name] for name in ("before", "after"))
    found = effect(before, after)
    print(f"mean dev loss before: {found.before:.4f}")
    print(f"mean dev loss after: {found.after:.4f}")
    print(f"difference: {found.difference:+.4f}")

    for when, key in (("before", "wavenet_22k_bug"), ("after", "wavenet_22k")):
        norms = list(layers_of(find_net(key).model, BatchNorm1d).values())  # one a level
        shape = tuple(norms[level - 1].running_mean.shape)
        print(f"{when} the repair the running means of level {level} have the shape {shape}")


def convolution(names: NameList, name: str, at: int = -2) -> None:
    """The tree at every place of the name, and the dilated causal convolution: the same logits."""
    import torch

    from makemore.data.examples import windows
    from makemore.diagnostics.trees import sliding_lattice
    from makemore.experiments.nets_of_lists import net_of
    from makemore.inference.evaluation import eval_mode
    from makemore.models.convolution import CausalConvolution
    from makemore.models.wavenet import WaveNet

    net = net_of("wavenet", names)
    assert isinstance(net.model, WaveNet)
    nodes, *_ = sliding_lattice.lattice(name, net.model.block_size, at % (len(name) + 1))
    new = int((nodes["state"] == sliding_lattice.NEW).sum())
    print(f"new nodes at this letter: {new} of {net.model.block_size - 1}")

    contexts = windows((name,), net.vocabulary, net.model.block_size).contexts
    with eval_mode(net.model), torch.inference_mode():
        slid = net.model(contexts)
        at_once = CausalConvolution(net.model)(torch.tensor([net.vocabulary.encode(name)]))[0]
    print(f"largest difference of {slid.numel()} logits is {(slid - at_once).abs().max():.0e}")
