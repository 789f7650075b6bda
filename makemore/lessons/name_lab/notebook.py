"""The steps of pages/name_lab.py as notebooks: each function's body is one. Knows no page."""

from makemore.data.name_lists import NameList


def strips(names: NameList, name: str, models: str = "five") -> None:
    """The name as the five models read it, or all that are shipped."""
    from math import exp

    from makemore.checkpoints.shipped import FIVE, SHIPPED
    from makemore.experiments.nets_of_lists import net_of
    from makemore.inference import evaluation

    for key in FIVE if models == "five" else SHIPPED:
        net = net_of(key, names)
        (score,) = evaluation.score(net.model, net.vocabulary, [name])
        worst = max(score.letters, key=lambda each: each.nll)
        print(f"{key} is surprised most by {worst.letter} after {worst.context}")
        print(f"{key}, mean in nats a letter: {score.nll:.4f}")
        print(f"{key}, perplexity: {exp(score.nll):.2f}")


def ranks(names: NameList, name: str, model: str = "wavenet") -> None:
    """How many names of the list surprise a model less."""
    from makemore.diagnostics.letters.standings import Standings
    from makemore.experiments.nets_of_lists import net_of
    from makemore.inference import evaluation

    net = net_of(model, names)
    places = {each: i for i, each in enumerate(dict.fromkeys(names.names))}
    totals = evaluation.name_totals(net.model, net.vocabulary, tuple(places))
    (score,) = evaluation.score(net.model, net.vocabulary, [name])
    print(f"rank: {Standings(places, totals.numpy()).rank(name, score.nll):,}")
    print(f"different names: {len(places):,}")


def endings(names: NameList, prefix: str, model: str = "wavenet") -> None:
    """The most probable names that begin with these letters."""
    from makemore.experiments.nets_of_lists import net_of
    from makemore.inference import completions

    net = net_of(model, names)
    prefix = prefix.strip(".")  # the dot stands for no letter
    found = completions.complete(net.model, net.vocabulary, prefix, most=10)
    for each in found.completions:
        print(f"{each.name} has p = {each.probability:.2%}")

    print(f"all ten together: {sum(each.probability for each in found.completions):.1%}")


def reshaped(
    names: NameList,
    prefix: str,
    temperature: float = 1.0,
    top: int = 0,
    model: str = "wavenet",
) -> None:
    """What temperature and top-k make of the distribution of the next letter; top = 0 lets all come."""
    from makemore.data.examples import windows
    from makemore.diagnostics.letters.reshaped import perplexity, reshape
    from makemore.experiments.nets_of_lists import net_of
    from makemore.inference import evaluation

    net = net_of(model, names)
    prefix = prefix.strip(".")  # the dot stands for no letter
    context = windows((prefix,), net.vocabulary, net.model.block_size).contexts[-1:]
    logits = evaluation.log_probabilities(net.model, context)[0]
    print(f"choice among, before: {perplexity(logits.exp()):.2f}")
    drawn = reshape(logits, temperature=temperature, most=top or len(logits))
    print(f"after: {perplexity(drawn):.2f}")


def board(names: NameList, seed: int = 14) -> None:
    """Twenty names of each model from the same random numbers."""
    from makemore.checkpoints.shipped import FIVE
    from makemore.experiments.nets_of_lists import net_of
    from makemore.inference import sampling

    known = set(names.names)
    for key in FIVE:
        net = net_of(key, names)
        drawn = sampling.sample_each(net.model, net.vocabulary, 20, seed=seed, max_length=30)
        print(f"{key} drew {', '.join(drawn)}")
        print(f"{key}, in the list: {sum(each in known for each in drawn)}")


def few_and_many(names: NameList) -> None:
    """In how many of 60 seeds the MLP's twenty names look no better than the bigram's."""
    from makemore.experiments.nets_of_lists import net_of
    from makemore.inference import sampling

    known = set(names.names)
    listed = {}
    for key in ("bigram", "mlp"):
        net = net_of(key, names)
        listed[key] = [
            sum(
                each in known
                for each in sampling.sample_each(
                    net.model, net.vocabulary, 20, seed=seed, max_length=30
                )
            )
            for seed in range(60)
        ]

    no_better = sum(b <= a for a, b in zip(listed["bigram"], listed["mlp"], strict=True))
    print(f"no better in {no_better} of 60")
