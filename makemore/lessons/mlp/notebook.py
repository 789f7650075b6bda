"""The steps of pages/mlp.py as notebooks: each function's body is one. Knows no page."""

from makemore.data.name_lists import NameList


def points(names: NameList, letter: str, moment: int = -1, checkpoint: str = "mlp_2d") -> None:
    """The letters nearest to one, at a moment of the training, or else at its end."""
    from makemore.diagnostics.letters.embeddings import most_alike, neighbours
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
    for row in most_alike(table, net.vocabulary, letter, 4).itertuples():
        print(f"{row.letter} points as {letter} does, cosine: {row.cosine:.2f}")


def window(
    names: NameList, name: str, letters: int = 0, at: int = -1, checkpoint: str = "mlp"
) -> None:
    """Context by context of the name what comes next, and the rows of C that one of them picks."""
    from makemore.data.examples import windows
    from makemore.experiments.nets_of_lists import net_of
    from makemore.inference import evaluation
    from makemore.inference.capture import layers_of
    from makemore.layers import Embedding

    net = net_of(checkpoint, names)
    letters = letters or net.model.block_size
    examples = windows((name,), net.vocabulary, letters)
    for context, target in zip(examples.contexts, examples.targets, strict=True):
        ids = context.tolist()
        told = " ".join(map(str, ids))
        print(f"{net.vocabulary.decode(ids)} before {net.vocabulary.letters[target]}: {told}")

    at = len(name) // 2 if at < 0 else at
    context, target = examples.contexts[at], int(examples.targets[at])
    C, *_ = (layer.weight.detach() for layer in layers_of(net.model, Embedding).values())
    print(C[context])  # (letters, embedding): an index is a row

    if letters == net.model.block_size:
        probabilities = evaluation.log_probabilities(net.model, examples.contexts).exp()
        print(
            f"{net.vocabulary.letters[target]} after {net.vocabulary.decode(context.tolist())}: "
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


def counted(names: NameList, letters: int = 3) -> None:
    """Contexts of one to eight letters: how many there are, and what counting them is worth."""
    from makemore.by_hand.ngrams import orders
    from makemore.data.examples import Dataset
    from makemore.data.vocabulary import Vocabulary

    found = orders(Dataset(names, Vocabulary.of(names.names)))
    for order in found:
        print(
            f"{order.letters} letters, {order.seen:,} of {order.rows:,} contexts, "
            f"floor {order.floor:.3f}, dev {order.dev:.3f}"
        )

    order = found[letters - 1]
    print(f"distinct contexts of {letters} letters: {order.seen:,}")
    print(f"entropy within train: {order.floor:.3f}")
    print(f"dev loss of the counts: {order.dev:.3f}")
    print(f"lowest dev loss: {min(each.dev for each in found):.3f}")


def forward_pass(
    names: NameList, name: str, at: int = -1, number: str = "hpreact.0", checkpoint: str = "mlp"
) -> None:
    """Every tensor between one context of the name and its probabilities, and one number taken apart."""
    from makemore.by_hand.mlp_forward import Weights, arithmetic, forward
    from makemore.data.examples import windows
    from makemore.experiments.nets_of_lists import net_of

    net = net_of(checkpoint, names)
    tensors = net.model.state_dict()
    layers = ("embedding.weight", "hidden.weight", "hidden.bias", "logits.weight", "logits.bias")
    weights = Weights(*(tensors[f"layers.{each}"].double() for each in layers))

    at = len(name) // 2 if at < 0 else at
    ids = windows((name,), net.vocabulary, net.model.block_size).contexts[at : at + 1]
    passed = forward(ids, weights)
    for each, tensor in passed.items():
        print(f"{each}, shape {tuple(tensor.shape)}, stride {tensor.stride()}")
    print("view in the storage of emb?", passed["view"].data_ptr() == passed["emb"].data_ptr())

    chosen, place = number.split(".")
    found = arithmetic(passed, weights, chosen, int(place))
    print(f"{number}, {found.formula}: {found.value:+.4f}")


def cross_entropy(
    names: NameList,
    name: str,
    at: int = -1,
    letter: str = "",
    add: int = 0,
    maximum: str = "no",
    checkpoint: str = "mlp",
) -> None:
    """The loss of one context by hand and by the library, with a constant added to one logit."""
    import torch
    from torch.nn.functional import cross_entropy

    from makemore.by_hand.cross_entropy import cross_entropy as by_hand
    from makemore.by_hand.cross_entropy import repaired
    from makemore.data.examples import windows
    from makemore.experiments.nets_of_lists import net_of

    net = net_of(checkpoint, names)
    examples = windows((name,), net.vocabulary, net.model.block_size)
    at = len(name) // 2 if at < 0 else at
    targets = examples.targets[at : at + 1]
    with torch.no_grad():
        logits = net.model(examples.contexts[at : at + 1])

    grown = net.vocabulary.letters.index(letter) if letter else int(targets[0])
    logits[0, grown] += add
    own = repaired(logits, targets) if maximum == "yes" else by_hand(logits, targets)
    print(f"by hand: {float(own):.5f}")
    print(f"by the library: {float(cross_entropy(logits, targets)):.5f}")
