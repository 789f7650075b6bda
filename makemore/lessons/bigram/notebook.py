"""The steps of pages/bigram.py as notebooks: each function's body is one. Knows no page."""

from makemore.data.name_lists import NameList


def pairs(
    names: NameList, name: str, show: str = "count", k: int = 1, letter: str = ".", next: str = ""
) -> None:
    """Count every pair, and say how probable those of the name are, and one by itself."""
    from makemore.by_hand.counted_pairs import smoothed
    from makemore.data.examples import count_pairs, windows
    from makemore.data.vocabulary import Vocabulary

    vocabulary = Vocabulary.of(names.names)
    counts = count_pairs(windows(names.names, vocabulary, 1), len(vocabulary))  # (vocab, vocab)
    probabilities = smoothed(counts, k if show == "smoothed" else 0)

    for first, second in zip("." + name, name + ".", strict=True):
        row, column = vocabulary.letters.index(first), vocabulary.letters.index(second)
        p = float(probabilities[row, column])
        print(f"{first}{second} occurs {int(counts[row, column]):,} times, p = {p:.4%}")

    next = next or name[0]
    row, column = vocabulary.letters.index(letter), vocabulary.letters.index(next)
    print(f"p of {letter}{next}: {probabilities[row, column]:.4%}")


def path(names: NameList, name: str) -> None:
    """The loss of a name under the counts, with one added to each."""
    from math import exp

    from makemore.data.examples import count_pairs, windows
    from makemore.data.vocabulary import Vocabulary
    from makemore.diagnostics.letters.probabilities import name_path

    vocabulary = Vocabulary.of(names.names)
    counts = count_pairs(windows(names.names, vocabulary, 1), len(vocabulary))
    steps = name_path(name, counts, 1, vocabulary)  # a row a pair
    print(steps.to_string())

    loss = float(steps["mean"].iloc[-1])
    print(f"loss of {name}: {loss:.4f}")
    print(f"perplexity: {exp(loss):.1f}")


def unseen(names: NameList, name: str, k: int = 0) -> None:
    """A pair that never occurs, and what k does to it."""
    from makemore.by_hand.bigram_descent import nll
    from makemore.by_hand.counted_pairs import smoothed
    from makemore.data.examples import count_pairs, windows
    from makemore.data.vocabulary import Vocabulary
    from makemore.diagnostics.letters.probabilities import name_path

    vocabulary = Vocabulary.of(names.names)
    counts = count_pairs(windows(names.names, vocabulary, 1), len(vocabulary))
    tried = [name] + ["andrejq"] * (set("andrejq") <= set(vocabulary.letters))
    for each in tried:
        loss = float(name_path(each, counts, k, vocabulary)["mean"].iloc[-1])
        print(f"{each} loses {loss:.4f} nats a pair with k = {k}")

    print(f"loss of the whole list: {nll(smoothed(counts, k).log(), counts):.4f}")


def rows(names: NameList) -> None:
    """Divide each row by its sum, and by mistake each column."""
    from makemore.by_hand.counted_pairs import divided_wrongly, rarest, smoothed
    from makemore.data.examples import count_pairs, windows
    from makemore.data.vocabulary import Vocabulary

    vocabulary = Vocabulary.of(names.names)
    counts = count_pairs(windows(names.names, vocabulary, 1), len(vocabulary))
    right, wrong = smoothed(counts, 0), divided_wrongly(counts)
    print(f"right, the rows add up to {right.sum(dim=1).min():.3f} … {right.sum(dim=1).max():.3f}")
    print(f"wrong, the rows add up to {wrong.sum(dim=1).min():.3f} … {wrong.sum(dim=1).max():.3f}")

    row = vocabulary.letters.index(rarest(counts, vocabulary))
    best = int(right[row].argmax())
    print(
        f"{vocabulary.letters[row]} is followed by {vocabulary.letters[best]}: {right[row, best]:.1%}"
    )


def walk(names: NameList, seed: int = 14) -> None:
    """Draw one name, letter by letter."""
    from makemore.by_hand.counted_pairs import smoothed
    from makemore.by_hand.counted_pairs import walk as draw
    from makemore.data.examples import count_pairs, windows
    from makemore.data.vocabulary import Vocabulary

    vocabulary = Vocabulary.of(names.names)
    counts = count_pairs(windows(names.names, vocabulary, 1), len(vocabulary))
    probabilities = smoothed(counts, 0)
    for step in draw(probabilities, seed, vocabulary):
        print(step)

    letters = probabilities[1:]
    row, column = divmod(int(letters.argmax()), len(vocabulary))
    first, second = vocabulary.letters[row + 1], vocabulary.letters[column]
    print(f"{first} is followed by {second}: {letters.max():.1%}")


def three(names: NameList, seed: int = 14) -> None:
    """Names of the counts, from the random numbers of the page."""
    from torch import Generator

    from makemore.data.examples import count_pairs, windows
    from makemore.data.vocabulary import Vocabulary
    from makemore.inference import sampling
    from makemore.models import Bigram, build

    vocabulary = Vocabulary.of(names.names)
    counts = count_pairs(windows(names.names, vocabulary, 1), len(vocabulary))
    model = build("bigram", len(vocabulary), Generator(), {"smoothing": 0.0})
    assert isinstance(model, Bigram)
    model.counts += counts

    drawn = sampling.sample_each(model, vocabulary, 20, seed=seed, max_length=30)
    known = set(names.names)
    print(f"{sum(each in known for each in drawn)} of 20 stand in the list")
    print(f"counted: {', '.join(each[:10] for each in drawn)}")
