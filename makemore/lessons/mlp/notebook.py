"""The steps of pages/mlp.py as notebooks: each function's body is one. Knows no page."""

from makemore.data.name_lists import NameList


def points(names: NameList, letter: str, moment: int = -1, checkpoint: str = "mlp_2d") -> None:
    """The letters nearest to one, at a moment of the training, or else at its end."""
    from makemore.diagnostics.letters.embeddings import neighbours
    from makemore.experiments.nets_of_lists import net_of
    from makemore.inference.capture import layers_of
    from makemore.layers import Embedding

    net = net_of(checkpoint, names)
    first, *_ = layers_of(net.model, Embedding).values()
    table = first.weight.detach()  # (vocab, embedding)
    if moment >= 0 and net.trajectory:
        probed = net.trajectory.probed
        table = probed["embedding"][probed["step"].tolist().index(moment)]

    for row in neighbours(table, net.vocabulary, letter, 4).itertuples():
        print(f"{row.letter} is near to {letter}: {row.distance:.2f}")


def window(names: NameList, name: str, at: int = -1, checkpoint: str = "mlp") -> None:
    """What the net expects after one context of the name, or else after the middle one."""
    from makemore.data.examples import windows
    from makemore.experiments.nets_of_lists import net_of
    from makemore.inference import evaluation

    net = net_of(checkpoint, names)
    examples = windows((name,), net.vocabulary, net.model.block_size)
    probabilities = evaluation.log_probabilities(net.model, examples.contexts).exp()
    at = len(name) // 2 if at < 0 else at
    context, target = examples.contexts[at].tolist(), int(examples.targets[at])
    print(
        f"{net.vocabulary.letters[target]} after {net.vocabulary.decode(context)}: "
        f"{probabilities[at, target]:.1%}"
    )


def ten(names: NameList, letter: str, checkpoint: str = "mlp") -> None:
    """The letters nearest to one, and how much of the embedding two principal components keep."""
    from makemore.diagnostics.letters.embeddings import components, neighbours
    from makemore.experiments.nets_of_lists import net_of
    from makemore.inference.capture import layers_of
    from makemore.layers import Embedding

    net = net_of(checkpoint, names)
    first, *_ = layers_of(net.model, Embedding).values()
    for row in neighbours(first.weight.detach(), net.vocabulary, letter, 4).itertuples():
        print(f"{row.letter} is near to {letter}: {row.distance:.2f}")

    shares = components(first.weight.detach())
    print(shares.to_string())
    print(f"the first two keep: {shares['share'].iloc[:2].sum():.1%}")
