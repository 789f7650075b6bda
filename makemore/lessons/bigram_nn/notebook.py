"""The steps of pages/bigram_nn.py as notebooks: each function's body is one. Knows no page."""

from makemore.data.name_lists import NameList


def one_hot(names: NameList, letter: str) -> None:
    """A one-hot letter times W is a row of W."""
    import torch

    from makemore.data.vocabulary import Vocabulary
    from makemore.experiments.nets_of_lists import pair_net

    vocabulary = Vocabulary.of(names.names)
    W = pair_net(names).state_dict()["layers.W.weight"]  # (vocab, vocab)
    row = vocabulary.letters.index(letter)
    x = torch.nn.functional.one_hot(torch.tensor(row), len(vocabulary)).float()
    logits = x @ W
    assert torch.equal(logits, W[row])

    best = int(logits.argmax())
    print(
        f"the largest logit of {letter} is that of {vocabulary.letters[best]}: {logits.max():.2f}"
    )


def softmax(names: NameList, name: str, letter: str) -> None:
    """From a row of logits to probabilities, step by step."""
    from makemore.data.vocabulary import Vocabulary
    from makemore.experiments.nets_of_lists import pair_net

    letters = Vocabulary.of(names.names).letters
    logits = pair_net(names).state_dict()["layers.W.weight"][letters.index(letter)]
    exponentials = logits.exp()
    probabilities = exponentials / exponentials.sum()
    assert probabilities.allclose(logits.softmax(dim=0))

    whole = f".{name}."
    after = whole[whole.index(letter) + 1] if letter in name else name[0]
    place = letters.index(after)
    print(f"all exponentials add up to: {exponentials.sum():.3f}")
    print(f"{after} after {letter}: {probabilities[place]:.2%}")


def descent(names: NameList, rate: float = 50.0, steps: int = 100) -> None:
    """Gradient descent from random logits towards the counts."""
    from makemore.by_hand import bigram_descent
    from makemore.by_hand.counted_pairs import smoothed
    from makemore.data.examples import count_pairs, windows
    from makemore.data.vocabulary import Vocabulary

    vocabulary = Vocabulary.of(names.names)
    counts = count_pairs(windows(names.names, vocabulary, 1), len(vocabulary))
    W = bigram_descent.start(len(vocabulary), bigram_descent.LECTURE_SEED)
    print(f"loss at step 0: {bigram_descent.loss(W, counts):.4f}")
    print(f"loss of counting: {bigram_descent.nll(smoothed(counts, 0).log(), counts):.4f}")

    for step in range(20, steps + 1, 20):
        W = bigram_descent.descend(W, counts, rate=rate, steps=20)
        print(f"after step {step} a loss of {bigram_descent.loss(W, counts):.4f}")


def log_counts(names: NameList, moment: int = 20_000) -> None:
    """The logits after so many steps beside the logarithms of the counts."""
    import torch

    from makemore.by_hand import bigram_descent
    from makemore.data.examples import count_pairs, windows
    from makemore.data.vocabulary import Vocabulary
    from makemore.diagnostics.letters.pairs import agreement

    vocabulary = Vocabulary.of(names.names)
    counts = count_pairs(windows(names.names, vocabulary, 1), len(vocabulary))
    W = bigram_descent.start(len(vocabulary), bigram_descent.LECTURE_SEED)
    torch.set_num_threads(1)  # so small a matrix is quicker on one
    W = bigram_descent.descend(W, counts, rate=bigram_descent.LECTURE_RATE, steps=moment)
    print(f"loss at step {moment:,}: {bigram_descent.loss(W, counts):.4f}")

    frame = agreement(counts, W, vocabulary)
    print(f"mean distance, nats: {(frame['learned'] - frame['counted']).abs().mean():.3f}")


def cost(names: NameList, letter: str) -> None:
    """How many examples one row of W answers for."""
    from makemore.data.examples import count_pairs, windows
    from makemore.data.vocabulary import Vocabulary

    vocabulary = Vocabulary.of(names.names)
    counts = count_pairs(windows(names.names, vocabulary, 1), len(vocabulary))
    print(f"examples: {int(counts.sum()):,}")
    print(f"of them {letter} comes in: {int(counts[vocabulary.letters.index(letter)].sum()):,}")


def two_ways(names: NameList, k: int, l2: float) -> None:
    """Add k to the counts, or pull the logits towards zero."""
    from makemore.by_hand import bigram_descent
    from makemore.by_hand.counted_pairs import smoothed
    from makemore.data.examples import count_pairs, windows
    from makemore.data.vocabulary import Vocabulary

    vocabulary = Vocabulary.of(names.names)
    counts = count_pairs(windows(names.names, vocabulary, 1), len(vocabulary))
    counted = smoothed(counts, k)
    learned = bigram_descent.optimum(counts, l2).softmax(dim=1) if l2 else smoothed(counts, 0)
    print(f"largest difference: {(counted - learned).abs().max():.2%}")

    print(f"loss of the counts: {bigram_descent.nll(counted.log(), counts):.4f}")
    print(f"loss of the net: {bigram_descent.nll(learned.log(), counts):.4f}")


def same_names(names: NameList, seed: int = 14, after: str = "all") -> None:
    """The names that counts and net draw from the same random numbers."""
    from torch import Generator

    from makemore.by_hand import bigram_descent
    from makemore.data.examples import count_pairs, windows
    from makemore.data.vocabulary import Vocabulary
    from makemore.experiments.nets_of_lists import net_with_logits, pair_net
    from makemore.inference import sampling
    from makemore.models import Bigram, build

    vocabulary = Vocabulary.of(names.names)
    counts = count_pairs(windows(names.names, vocabulary, 1), len(vocabulary))
    counting = build("bigram", len(vocabulary), Generator(), {"smoothing": 0.0})
    assert isinstance(counting, Bigram)
    counting.counts += counts

    if after == "all":
        net = pair_net(names)
    else:
        W = bigram_descent.start(len(vocabulary), bigram_descent.LECTURE_SEED)
        W = bigram_descent.descend(W, counts, rate=bigram_descent.LECTURE_RATE, steps=int(after))
        net = net_with_logits(W)

    drawn = [
        sampling.sample_each(model, vocabulary, 20, seed=seed, max_length=30)
        for model in (counting, net)
    ]
    for one, other in zip(*drawn, strict=True):
        print(f"the counts draw {one}, the net {other}")
    print(f"the same: {sum(a == b for a, b in zip(*drawn, strict=True))} of 20")
